"""Starting a factor reset or an e-mail change for somebody who lost them, and agreeing to one (P-9, H-2, H-4, H-5).

Only tier 3, after a caller check; a second person takes the wait away. What it does is sign-in's own.
"""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.helpdesk.actions._acting import Deskwork, acting, checked_reason
from bailiwick.idm.rules.desk import Act
from bailiwick.idm.rules.restoring import Refusal, ResetKind
from bailiwick.idm.signin.actions import agree_to_reset, ask_reset
from bailiwick.idm.signin.queries import reset_of


def start_factor_reset(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """Every factor but e-mail goes in 24 hours, unless somebody who is told of it stops that. Refuses RESET_WAITS."""
    _start(Act.RESET_FACTORS, work, ResetKind.FACTORS, "", reason, by=by, now=now)


def start_email_change(*, work: Deskwork, email: str, reason: str, by: By, now: datetime) -> None:
    """The mailbox changes in 24 hours, likewise (H-2). Refuses RESET_WAITS and EMAIL_NOT_NEW."""
    _start(Act.CHANGE_EMAIL, work, ResetKind.EMAIL, email, reason, by=by, now=now)


def _start(
    act: Act, work: Deskwork, kind: ResetKind, email: str, reason: str, *, by: By, now: datetime
) -> None:
    reason = checked_reason(act, reason)
    with acting(act, work, by=by, now=now) as row:
        if row is None:
            return
        row.until = now + settings.LIMITS.look_holds
        row.save(force_insert=True)
        ask_reset(account=work.person, kind=kind, email=email, asked_by=work.desk, why=reason, by=by, now=now)


def agree(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """A second person of tier 3: what waits is done at once (H-5). Refuses SAME_PERSON, RESET_UNKNOWN, RESET_OVER."""
    reason = checked_reason(Act.AGREE_RESET, reason)
    with acting(Act.AGREE_RESET, work, by=by, now=now) as row:
        if row is None:
            return
        reset = reset_of(work.person)
        if reset is None:
            raise Refused(Refusal.RESET_OVER)
        row.until = now + settings.LIMITS.look_holds
        row.save(force_insert=True)
        agree_to_reset(reset=reset, second=work.desk, why=reason, by=by, now=now)
