"""Looking at people and revealing their masked values: each with its reason on the ledger (H-3, L-2)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk.actions._acting import HOUR, Deskwork, acting, checked_reason
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.queries.person import has_value
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Act, Masked, Refusal, may_reveal_more
from bailiwick.idm.sessions.models import Session


def note_looks(*, accounts: Iterable[Account], by: By, now: datetime) -> None:
    """One entry per person shown beside something else, so that each can be told who looked."""
    with transaction.atomic():
        for account in accounts:
            append(Deed.DESK_LOOKED, by=by, now=now, subject=str(account.pk), about={"page": "organization"})


def open_looks(*, desk: Account, people: Iterable[Account], reason: str, by: By, now: datetime) -> None:
    """A desk is shown these people, for this reason; their pages then open for five minutes without asking again (H-3).

    Whether the people are this desk's to see was asked by whoever found them. Oneself is not looked at.
    """
    reason = checked_reason(Act.LOOK, reason)
    until = now + settings.LIMITS.look_holds
    others = [person for person in people if person.pk != desk.pk]
    with transaction.atomic():
        Row.objects.bulk_create(
            Row(desk=desk, person=person, once=uuid4(), kind=Act.LOOK, at=now, until=until)
            for person in others
        )
        for person in others:
            append(Deed.DESK_LOOKED, by=by, now=now, subject=person.pk, why=reason)


def reveal(*, work: Deskwork, value: Masked, session: Session, reason: str, by: By, now: datetime) -> None:
    """Show one masked value for five minutes, in this session; the one shown before hides (H-3).

    Refuses NOTHING_TO_REVEAL and REVEALS_TOO_MANY. The value itself goes nowhere but to the page.
    """
    reason = checked_reason(Act.REVEAL, reason)
    with acting(Act.REVEAL, work, by=by, now=now) as row:
        if row is None:
            return
        if not has_value(work.person, value):
            raise Refused(Refusal.NOTHING_TO_REVEAL)
        own = Row.objects.filter(desk=work.desk, kind=Act.REVEAL)
        ruling = may_reveal_more(own.filter(at__gt=now - HOUR).count(), settings.LIMITS)
        if not ruling:
            ruling.raise_it()
        own.filter(until__gt=now).update(until=now)
        row.value, row.session, row.until = value.value, session, now + settings.LIMITS.reveal_lasts
        row.save(force_insert=True)
        append(
            Deed.DESK_REVEALED,
            by=by,
            now=now,
            subject=work.person.pk,
            why=reason,
            about={"value": value.value},
        )


def hide(*, desk: Account, now: datetime) -> None:
    """Hide what this desk member revealed, before its time."""
    Row.objects.filter(desk=desk, kind=Act.REVEAL, until__gt=now).update(until=now)
