"""The only writer of passwords and security answers.

No hash is made inside a transaction, and none before a place in the line is held.
"""

from datetime import datetime
from typing import NoReturn

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.rules import passwords as rules
from bailiwick.idm.rules import signin as signin_rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.passwords import Owner
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import hashing, queries
from bailiwick.idm.signin.actions import attempts
from bailiwick.idm.signin.actions.forgetting import void_ways_back
from bailiwick.idm.signin.actions.restoring import settle_reset
from bailiwick.idm.signin.models import FormerPassword, Password, SecurityAnswer


def sign_in(*, user_id: str, password: str, by: By, now: datetime) -> tuple[Session, str]:
    """The first step: a session in which the factor is still to come, and its cookie's value (S-1).

    Refuses NOT_RECOGNIZED for a wrong password, an unknown user ID and a locked path alike; only to who gave the right
    password, what else stands in the way (`rules.signin.IN_THE_WAY`). Raises Busy where too many hash already.
    """
    with hashing.place_in_line():
        held = queries.password_of_user_id(user_id)
        account = held.account if held else None
        attempt = attempts.reserve(account=account, typed=user_id, by=by, now=now)
        is_right = attempt.allowed and hashing.is_right(password, held.encoded if held else "")
        if held is None or account is None or not is_right:
            attempts.fail(attempt, deed=Deed.SIGN_IN_PASSWORD_FAILED, by=by, now=now)
            raise Refused(signin_rules.Refusal.NOT_RECOGNIZED, **lock_rule())
        renewed = hashing.encode(password) if hashing.is_outdated(held.encoded) else ""
    ruling = queries.may_begin(held, now=now)
    if isinstance(ruling, No):
        _stop(attempt, ruling, by=by, now=now)
    holder = By(actor=str(account.pk), source=by.source)
    settle_reset(account=account, by=holder, now=now)
    with transaction.atomic():
        if queries.still_opens(held):
            attempts.take_back(attempt, by=holder, now=now)
            if renewed:
                Password.objects.filter(pk=held.pk, encoded=held.encoded).update(encoded=renewed)
            return sessions.begin(account=account, by=holder, now=now)
    # Changed, suspended or frozen since the password was looked at: no session begins after all were ended.
    attempts.fail(attempt, deed=Deed.SIGN_IN_PASSWORD_FAILED, by=by, now=now)
    raise Refused(signin_rules.Refusal.NOT_RECOGNIZED, **lock_rule())


def _stop(attempt: attempts.Attempt, ruling: No, *, by: By, now: datetime) -> NoReturn:
    """The password was right, and no failure; but nothing opens (S-5, S-9, P-5)."""
    if ruling.because not in signin_rules.IN_THE_WAY:
        attempts.fail(attempt, deed=Deed.SIGN_IN_PASSWORD_FAILED, by=by, now=now)
        raise Refused(signin_rules.Refusal.NOT_RECOGNIZED, **lock_rule())
    with transaction.atomic():
        attempts.take_back(attempt, by=by, now=now)
        subject, deed = attempt.account.pk if attempt.account else "", Deed.SIGN_IN_STATE_REFUSED
        append(deed, by=by, now=now, subject=subject, why=ruling.because, outcome="refused")
    ruling.raise_it()


def lock_rule() -> dict[str, int]:
    """The numbers that every failure page names (S-5)."""
    limits = settings.LIMITS
    return {
        "failures": limits.failures_before_lock,
        "window": int(limits.failure_window.total_seconds() // 60),
        "minutes": int(limits.lock_time.total_seconds() // 60),
        "further": limits.failures_while_locked,
    }


def encode_first(*, password: str, answer: str) -> tuple[str, str]:
    """Both of a registration's secrets, hashed; the slow part of `set_first_secrets`, to be done before its transaction.

    `answer` is "" where the policy asks for none.
    """
    with hashing.place_in_line():
        return hashing.encode(password), hashing.encode(
            signin_rules.normalized_answer(answer)
        ) if answer else ""


def set_first_secrets(*, account: Account, encoded: tuple[str, str], question: str, now: datetime) -> None:
    """Store what registration asked for (R-1). `encoded`: of `encode_first`. Call it as the account is opened."""
    password, answer = encoded
    Password.objects.create(account=account, encoded=password, set_at=now)
    if answer:
        SecurityAnswer.objects.create(account=account, question=question, encoded=answer, set_at=now)


def change_password(*, session: Session, current: str, new: str, by: By, now: datetime) -> None:
    """The holder changes the password; everywhere but in `session` they are signed out (P-4, S-7).

    Refuses NOT_RECOGNIZED (current password wrong: counts as a failure), what P-1 and P-2 object to, USED_BEFORE and
    CHANGED_TODAY.
    """
    account = session.account
    held = Password.objects.get(pk=account.pk)
    ruling = rules.may_change(held.changed_by_holder_at, now, settings.LIMITS, settings.PROFILE)
    if not ruling:
        ruling.raise_it()
    with hashing.place_in_line():
        _check_current(account, held, current, by=by, now=now)
        refuse_weak(account, new)
        refuse_used(account, held, new)
        encoded = hashing.encode(new)
    with transaction.atomic():
        unchanged = Password.objects.filter(pk=account.pk, encoded=held.encoded)
        if not unchanged.update(encoded=encoded, set_at=now, changed_by_holder_at=now):
            raise Refused(rules.Refusal.CHANGED_TODAY, until=now + settings.LIMITS.password_change_every)
        keep_former(account, held.encoded, now)
        void_ways_back(account)
        append(Deed.PASSWORD_CHANGED, by=by, now=now, subject=account.pk)
        _tell_changed(account, now)
        sessions.end_all(account=account, why=EndReason.PASSWORD_CHANGED, by=by, now=now, but=session)


def _check_current(account: Account, held: Password, current: str, *, by: By, now: datetime) -> None:
    attempt = attempts.reserve(account=account, by=by, now=now)
    if not attempt.allowed or not hashing.is_right(current, held.encoded):
        attempts.fail(attempt, deed=Deed.SIGN_IN_PASSWORD_FAILED, by=by, now=now, about={"door": "change"})
        raise Refused(signin_rules.Refusal.NOT_RECOGNIZED, **lock_rule())
    attempts.take_back(attempt, by=by, now=now)


def refuse_weak(account: Account, new: str) -> None:
    """Raise the first objection of P-1 and P-2 that needs no hash."""
    person = Person.objects.get(pk=account.pk)
    owner = Owner(account.user_id, person.first_name, person.last_name)
    for objection in queries.password_objections(new, owner):
        objection.raise_it()


def refuse_used(account: Account, held: Password, new: str) -> None:
    """Refuse USED_BEFORE. Asked only of who proved to be the holder: it tells whether a guess is the password."""
    former = FormerPassword.objects.filter(account=account).order_by("-replaced_at")
    kept = former.values_list("encoded", flat=True)[: settings.LIMITS.password_history - 1]
    if any(hashing.is_right(new, encoded) for encoded in (held.encoded, *kept)):
        raise Refused(rules.Refusal.USED_BEFORE, count=settings.LIMITS.password_history)


def keep_former(account: Account, encoded: str, now: datetime) -> None:
    """Remember a replaced password, so that it is not chosen again (P-2)."""
    FormerPassword.objects.create(account=account, encoded=encoded, replaced_at=now)
    rows = FormerPassword.objects.filter(account=account).order_by("-replaced_at")
    beyond = list(rows.values_list("pk", flat=True)[settings.LIMITS.password_history - 1 :])
    FormerPassword.objects.filter(pk__in=beyond).delete()


def _tell_changed(account: Account, now: datetime) -> None:
    key = f"password-changed:{account.pk}:{now.isoformat()}"
    told = {"language": account.language, "inbox": str(account.pk)}
    notice("password_changed", to=account.email, key=key, now=now, **told)
