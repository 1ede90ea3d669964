"""Getting back in by oneself: user ID, channel, code, answer, new password or open path (P-7, P-8, P-9, S-5).

How far a browser has come stands in `Recovery`, found by the cookie it was given; a step out of its turn is refused and on
the ledger (AX01). A user ID that nobody has takes the same steps in as many statements, and no code of its is right.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import account_by_user_id, is_over
from bailiwick.idm.rules import recovering as rules
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import (
    HOUR,
    CodeFacts,
    CodeState,
    FactorKind,
    code_life,
    may_send_code,
    may_still_match,
)
from bailiwick.idm.rules.recovering import Goal, RecoveryEvent, RecoveryState, Refusal
from bailiwick.idm.signin import hashing, queries
from bailiwick.idm.signin.actions import attempts, messages
from bailiwick.idm.signin.actions.attempts import Door
from bailiwick.idm.signin.actions.passwords import refuse_used, refuse_weak
from bailiwick.idm.signin.actions.replacing import is_answer, open_by_holder, replace_password
from bailiwick.idm.signin.models import LadderCode, Password, Recovery

STARTED, SENT, PROVED = RecoveryState.STARTED, RecoveryState.SENT, RecoveryState.PROVED


DIGEST_PURPOSE = "recovery-code"


def begin_recovery(
    *, user_id: str = "", account: Account | None = None, goal: Goal, by: By, now: datetime
) -> str:
    """Put this browser on the first step; returns its cookie's value. `account`: of who just gave the right password.

    Refuses TOO_MANY_FROM_HERE. An account that is not active is treated like none (AR11).
    """
    found = account or account_by_user_id(user_id)
    lives = found is not None and found.state == AccountState.ACTIVE and not is_over(found, now=now)
    person = found if lives else None
    source = queries.source_digest(by.source)
    lately = Recovery.objects.filter(source_digest=source, begun_at__gt=now - settings.LIMITS.recovery_window)
    ruling = rules.may_begin(lately.values_list("begun_at", flat=True), now=now, limits=settings.LIMITS)
    if isinstance(ruling, No):
        ruling.raise_it()
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        ladder = Recovery.objects.create(
            cookie_digest=hashlib.sha256(secret.encode()).digest(),
            goal=goal,
            account=person,
            whose=attempts.key_of(person, user_id, Door.RECOVERY),
            path=attempts.key_of(person, user_id),
            source_digest=source,
            begun_at=now,
            expires_at=now + settings.LIMITS.recovery_life,
        )
        _append(Deed.RECOVERY_BEGUN, ladder, by=by, now=now)
    return secret


def send_recovery_code(
    *, cookie: str, window: str, goal: Goal, channel: FactorKind, by: By, now: datetime
) -> None:
    """Send a code over that channel where it is enrolled; where it is not, everything but the sending is the same (P-7).

    Refuses what `rules.recovering.may_take` does, CODE_TOO_SOON and CODES_TOO_MANY.
    """
    ladder, limits = (
        check_recovery_step(
            event=RecoveryEvent.SEND, cookie=cookie, window=window, goal=goal, by=by, now=now
        ),
        settings.LIMITS,
    )
    person = ladder.account or Account(pk=uuid4(), email=messages.NOBODY, language="en")
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
        sent = LadderCode.objects.filter(whose=ladder.whose, channel=channel, sent_at__gt=now - HOUR)
        moments = list(sent.values_list("sent_at", "recovery_id"))
        here = [at for at, asked_by in moments if asked_by == ladder.pk]
        ruling = may_send_code([at for at, _ in moments], max(here, default=None), now, limits)
        if isinstance(ruling, No):
            ruling.raise_it()
        LadderCode.objects.filter(recovery=ladder, state=CodeState.LIVE).update(state=CodeState.VOID)
        _move(ladder, (STARTED, SENT, PROVED), SENT, channel=channel)
        number = "".join(secrets.choice("0123456789") for _ in range(limits.code_digits))
        code = LadderCode(recovery=ladder, whose=ladder.whose, channel=channel, sent_at=now)
        code.expires_at = now + code_life(channel, limits)
        code.digest = _digest(code, number) if ladder.account else secrets.token_bytes(32)
        code.save(force_insert=True)
        _append(Deed.RECOVERY_CODE_SENT, ladder, by=by, now=now, channel=channel.value)
        messages.send_recovery_code(person, code, number, is_real=ladder.account is not None, now=now)


def prove_code(*, cookie: str, window: str, goal: Goal, number: str, by: By, now: datetime) -> None:
    """Compare the code; a wrong one counts here and on the password path (S-5). Refuses CODE_WRONG for all that is wrong."""
    ladder = check_recovery_step(
        event=RecoveryEvent.MATCH, cookie=cookie, window=window, goal=goal, by=by, now=now
    )
    attempt = attempts.reserve_at(
        bytes(ladder.whose), account=ladder.account, by=by, now=now, door=Door.RECOVERY
    )
    with transaction.atomic():
        if attempt.allowed and _matches(ladder, number, now):
            attempts.take_back(attempt, by=by, now=now)
            _move(ladder, (SENT,), PROVED)
            _append(Deed.RECOVERY_CODE_PASSED, ladder, by=by, now=now)
            return
        about = {"recovery": str(ladder.pk)}
        attempts.fail(attempt, deed=Deed.RECOVERY_CODE_FAILED, by=by, now=now, about=about)
        attempts.count_failure(bytes(ladder.path), account=ladder.account, by=by, now=now)
    raise Refused(Refusal.CODE_WRONG)


def set_recovered_password(*, cookie: str, window: str, answer: str, new: str, by: By, now: datetime) -> None:
    """The last step of Forgot Password. Opens no session, ends all there are, touches no factor (P-7, P-9).

    Refuses what P-1 and P-2 object to, ANSWER_WRONG, ACCOUNT_NOT_ACTIVE and CHANGED_MEANWHILE. Raises Busy.
    """
    ladder = check_recovery_step(
        event=RecoveryEvent.FINISH, cookie=cookie, window=window, goal=Goal.NEW_PASSWORD, by=by, now=now
    )
    account = ladder.account
    with hashing.place_in_line():
        refuse_weak(account, new)
        held = Password.objects.get(pk=account.pk)
        _check_answer(ladder, answer, by=by, now=now)
        refuse_used(account, held, new)
        encoded = hashing.encode(new)
    with transaction.atomic():
        _finish(ladder)
        about = {"recovery": str(ladder.pk)}
        holder = By(actor=str(account.pk), source=by.source)
        if not replace_password(held=held, encoded=encoded, about=about, by=holder, now=now):
            raise Refused(Refusal.CHANGED_MEANWHILE)


def unlock_recovered(*, cookie: str, window: str, answer: str, by: By, now: datetime) -> None:
    """The last step of Unlock: the password path is open, and the password is the same (P-8). Lifts no freeze (S-9)."""
    ladder = check_recovery_step(
        event=RecoveryEvent.FINISH, cookie=cookie, window=window, goal=Goal.UNLOCK, by=by, now=now
    )
    with hashing.place_in_line():
        _check_answer(ladder, answer, by=by, now=now)
    with transaction.atomic():
        _finish(ladder)
        holder = By(actor=str(ladder.account_id), source=by.source)
        open_by_holder(account=ladder.account, why=f"recovery:{ladder.pk}", by=holder, now=now)


def check_recovery_step(
    *, event: RecoveryEvent, cookie: str, window: str, goal: Goal, by: By, now: datetime
) -> Recovery:
    """The ladder, if this step may be taken on it from this window; that it was tried in vain is on the ledger (AX01)."""
    ladder = queries.recovery(cookie)
    ruling = queries.step_ruling(ladder, event, goal, now=now)
    if ruling and window != str(ladder.pk):
        ruling = No(Refusal.OTHER_WINDOW)
    if isinstance(ruling, No):
        subject = ladder.account_id if ladder and ladder.account_id else ""
        why, outcome = ruling.because, "refused"
        append(Deed.RECOVERY_REFUSED, by=by, now=now, subject=subject, why=why, outcome=outcome)
        ruling.raise_it()
    return ladder


def _matches(ladder: Recovery, number: str, now: datetime) -> bool:
    """Use the ladder's code up if `number` is it. Each look is counted before the comparison."""
    limits = settings.LIMITS
    code = LadderCode.objects.filter(recovery=ladder, state=CodeState.LIVE).first()
    if code is None or not may_still_match(
        CodeFacts(CodeState(code.state), code.tries, code.expires_at), now, limits
    ):
        return False
    live = LadderCode.objects.filter(pk=code.pk, state=CodeState.LIVE, tries__lt=limits.code_wrong_tries)
    if not live.update(tries=F("tries") + 1):
        return False
    row = LadderCode.objects.filter(pk=code.pk, state=CodeState.LIVE)
    if not vault.is_digest(code.digest, _told(code, number), purpose=DIGEST_PURPOSE):
        row.filter(tries__gte=limits.code_wrong_tries).update(state=CodeState.VOID)
        return False
    return bool(row.update(state=CodeState.USED))


def _digest(code: LadderCode, number: str) -> bytes:
    return vault.digest(_told(code, number), purpose=DIGEST_PURPOSE)


def _told(code: LadderCode, number: str) -> str:
    """Bound to this ladder, its goal and the channel: what was sent for one thing opens nothing else (AX26)."""
    parts = (code.pk, code.recovery_id, code.recovery.goal, code.channel, number)
    return "\x1f".join(str(part) for part in parts)


def _check_answer(ladder: Recovery, answer: str, *, by: By, now: datetime) -> None:
    """Counted on the ladder and on the person before the answer is looked at; given back where it was right (P-10)."""
    account, most = ladder.account, settings.LIMITS.answer_wrong_tries
    if not queries.asks_for_answer(account):
        return
    row = Recovery.objects.filter(pk=ladder.pk, state=PROVED)
    if not row.filter(answers__lt=most).update(answers=F("answers") + 1):
        raise Refused(Refusal.OVER)
    whose = bytes(ladder.whose)
    attempt = attempts.reserve_at(whose, account=account, by=by, now=now, door=Door.RECOVERY)
    if attempt.allowed and is_answer(account, answer):
        attempts.take_back(attempt, by=by, now=now)
        row.filter(answers__gt=0).update(answers=F("answers") - 1)
        return
    about = {"recovery": str(ladder.pk)}
    attempts.fail(attempt, deed=Deed.SECURITY_ANSWER_FAILED, by=by, now=now, about=about)
    left = most - Recovery.objects.get(pk=ladder.pk).answers
    if left > 0:
        raise Refused(Refusal.ANSWER_WRONG, left=left)
    if row.update(state=RecoveryState.VOID):
        attempts.count_failure(bytes(ladder.path), account=account, by=by, now=now)
    raise Refused(Refusal.OVER)


def _finish(ladder: Recovery) -> None:
    """Once, whoever else tries at the same instant, and not on an account that was suspended meanwhile (AR11)."""
    account = Account.objects.select_for_update(no_key=True).get(pk=ladder.account_id)
    if account.state != AccountState.ACTIVE:
        raise Refused(Refusal.ACCOUNT_NOT_ACTIVE)
    ladder.account = account
    if queries.is_outlived(account, ladder.begun_at):
        raise Refused(Refusal.OVER)
    _move(ladder, (PROVED,), RecoveryState.DONE)


def _move(
    ladder: Recovery, before: tuple[RecoveryState, ...], after: RecoveryState, **columns: object
) -> None:
    """The guarded write of a step: whoever comes second finds the ladder somewhere else."""
    here = Recovery.objects.filter(pk=ladder.pk, state__in=before)
    if not here.update(state=after, **columns):
        raise Refused(Refusal.OUT_OF_TURN)


def _append(deed: Deed, ladder: Recovery, *, by: By, now: datetime, **about: str) -> None:
    subject = ladder.account_id or ""
    about |= {"recovery": str(ladder.pk), "goal": ladder.goal}
    append(deed, by=by, now=now, subject=subject, about=about)
