"""The caller check, and what only follows from one: the reset link (H-4, P-6).

A code goes to the mailbox that recovers the account, the caller reads it back, the desk types it. Tries are counted
under the lock on the person's account, so that of any number of simultaneous ones no more are compared than the limit
allows.
"""

import secrets
from datetime import datetime

from django.conf import settings

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.helpdesk.actions._acting import (
    HOUR,
    Deskwork,
    acting,
    checked_reason,
    count_lately,
    tell,
)
from bailiwick.idm.helpdesk.models import CallerCheck
from bailiwick.idm.helpdesk.queries.members import waiting_check, wrong_codes
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Act, Refusal, may_check_caller, may_mail_more
from bailiwick.idm.rules.factors import may_send_code
from bailiwick.idm.signin.actions import send_reset_link

PURPOSE = "caller-check"
LIVE, PASSED, VOID = CallerCheck.State.LIVE, CallerCheck.State.PASSED, CallerCheck.State.VOID


def send_caller_code(*, work: Deskwork, by: By, now: datetime) -> None:
    """Mail the person a code to read back; the one before is void.

    Refuses CODE_TOO_SOON and CODES_TOO_MANY as sign-in does, and CALLER_CHECKS_TOO_MANY.
    """
    limits = settings.LIMITS
    with acting(Act.CHECK_CALLER, work, by=by, now=now) as row:
        if row is None:
            return
        _refuse_after_failures(work, now)
        sent = CallerCheck.objects.filter(person=work.person, sent_at__gt=now - HOUR)
        moments = list(sent.values_list("sent_at", flat=True))
        ruling = may_send_code(moments, max(moments, default=None), now, limits)
        if not ruling:
            ruling.raise_it()
        row.save(force_insert=True)
        CallerCheck.objects.filter(desk=work.desk, person=work.person, state=LIVE).update(state=VOID)
        number = "".join(secrets.choice("0123456789") for _ in range(limits.code_digits))
        check = CallerCheck(desk=work.desk, person=work.person, sent_at=now)
        check.expires_at = now + limits.code_life_email
        check.digest = _digest(check, number)
        check.save(force_insert=True)
        append(Deed.CALLER_CODE_SENT, by=by, now=now, subject=work.person.pk, about={"check": str(check.pk)})
        minutes = int(limits.code_life_email.total_seconds() // 60)
        key, told = f"caller-code:{check.pk}", {"code": number, "minutes": minutes}
        tell(work.person, "caller_code", to=_mailbox(work, now), key=key, now=now, secret=True, **told)


def check_caller(*, work: Deskwork, number: str, by: By, now: datetime) -> None:
    """Compare what the caller read. Passed, it holds for ten minutes, for this person and this desk member.

    Refuses CALLER_CODE_NOT_SENT, CALLER_CODE_WRONG(left) and CALLER_CHECKS_TOO_MANY; a wrong one is counted and on the
    ledger whatever follows.
    """
    with acting(Act.CHECK_CALLER, work, by=by, now=now):
        _refuse_after_failures(work, now)
        check = waiting_check(work.desk, work.person, now=now)
        if check is None:
            raise Refused(Refusal.CALLER_CODE_NOT_SENT)
        if vault.is_digest(check.digest, _told(check, number), purpose=PURPOSE):
            CallerCheck.objects.filter(pk=check.pk).update(state=PASSED, passed_at=now)
            append(
                Deed.CALLER_CHECK_PASSED,
                by=by,
                now=now,
                subject=work.person.pk,
                about={"check": str(check.pk)},
            )
            return
        left = _count_wrong(check, work, by=by, now=now)
    # Raised only now: the count and the entry stay.
    if left > 0:
        raise Refused(Refusal.CALLER_CODE_WRONG, left=left)
    _refuse_after_failures(work, now)
    raise Refused(Refusal.CALLER_CODE_NOT_SENT)


def _count_wrong(check: CallerCheck, work: Deskwork, *, by: By, now: datetime) -> int:
    """Returns the tries left. The last one voids the code and tells the holder."""
    limits, wrong = settings.LIMITS, check.wrong + 1
    is_last = wrong >= limits.code_wrong_tries or not may_check_caller(
        [*wrong_codes(work.person), now], now=now, limits=limits
    )
    state = VOID if is_last else LIVE
    CallerCheck.objects.filter(pk=check.pk).update(wrong=wrong, wrong_at=now, state=state)
    about = {"check": str(check.pk)}
    append(Deed.CALLER_CHECK_FAILED, by=by, now=now, subject=work.person.pk, outcome="failed", about=about)
    if not is_last:
        return limits.code_wrong_tries - wrong
    minutes = int(limits.caller_check_window.total_seconds() // 60)
    facts = {"failures": limits.caller_check_failures, "minutes": minutes}
    key = f"caller-check-failed:{check.pk}"
    tell(work.person, "caller_check_failed", to=_mailbox(work, now), key=key, now=now, **facts)
    return 0


def _mailbox(work: Deskwork, now: datetime) -> str:
    """As for the codes of a recovery: whoever moved the mailbox today reads none from it (R-9)."""
    return recovery_emails(work.person, now=now)[-1]


def _refuse_after_failures(work: Deskwork, now: datetime) -> None:
    ruling = may_check_caller(wrong_codes(work.person), now=now, limits=settings.LIMITS)
    if not ruling:
        ruling.raise_it()


def send_reset(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """Mail the holder a link to set a new password, after a passed caller check (H-4). Refuses MAILS_TOO_MANY.

    The desk never sees the link. The same form again sends no second one.
    """
    reason = checked_reason(Act.SEND_RESET_LINK, reason)
    with acting(Act.SEND_RESET_LINK, work, by=by, now=now) as row:
        if row is None:
            return
        ruling = may_mail_more(count_lately(work, Act.SEND_RESET_LINK, now=now), settings.LIMITS)
        if not ruling:
            ruling.raise_it()
        row.until = now + settings.LIMITS.look_holds
        row.save(force_insert=True)
        send_reset_link(account=work.person, why=reason, by=by, now=now)


def _digest(check: CallerCheck, number: str) -> bytes:
    return vault.digest(_told(check, number), purpose=PURPOSE)


def _told(check: CallerCheck, number: str) -> str:
    return f"{check.pk}:{check.desk_id}:{number}"
