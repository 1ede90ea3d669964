"""Passkeys and security keys (WebAuthn): added, taken as a second step, and signing in by themselves (S-3, S-4, AX08).

A challenge is bound to a session or to a browser's cookie, and is gone as soon as it is answered, rightly or wrongly.
A wrong answer counts on no password path, and a locked or suspended path stops no passkey (S-5).
"""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import factors as rules
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import FactorKind, Refusal
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import ceremonies, held
from bailiwick.idm.signin.actions import attempts
from bailiwick.idm.signin.actions.factors import record, refuse_more
from bailiwick.idm.signin.actions.restoring import settle_reset
from bailiwick.idm.signin.models import Passkey, PasskeyChallenge

CHALLENGE_BYTES = 32
ADD, VERIFY, SIGN_IN = (
    PasskeyChallenge.Purpose.ADD,
    PasskeyChallenge.Purpose.VERIFY,
    PasskeyChallenge.Purpose.SIGN_IN,
)


def ask_to_add(*, session: Session, now: datetime) -> str:
    """The question to a new passkey, as JSON for the browser. Refuses FACTORS_FULL."""
    with transaction.atomic():
        refuse_more(session.account, FactorKind.PASSKEY)
        challenge = _new_challenge(session, ADD, now)
    return ceremonies.registration_question(session.account, held.passkeys(session.account), challenge)


def ask_to_verify(*, session: Session, now: datetime) -> str:
    """The question to the account's passkeys, as JSON. Refuses FACTOR_GONE where it has none."""
    keys = held.passkeys(session.account)
    if not keys:
        raise Refused(Refusal.FACTOR_GONE)
    with transaction.atomic():
        challenge = _new_challenge(session, VERIFY, now)
    return ceremonies.verification_question(keys, challenge)


def ask_to_sign_in(*, now: datetime) -> tuple[str, str]:
    """The question to whatever passkey a browser has, and the secret for the cookie of that browser."""
    flow, challenge = secrets.token_urlsafe(32), secrets.token_bytes(CHALLENGE_BYTES)
    PasskeyChallenge.objects.create(
        flow_digest=_digest(flow), purpose=SIGN_IN, challenge=challenge, expires_at=_expiry(now)
    )
    return ceremonies.sign_in_question(challenge), flow


def add_passkey(*, session: Session, name: str, answer: str, by: By, now: datetime) -> str:
    """Store a passkey that signed the challenge; it is a factor from now on (S-3). Returns the session's new cookie.

    Refuses PASSKEY_WRONG, PASSKEY_KNOWN (it is on an account already) and FACTORS_FULL.
    """
    challenge = _take(now, session=session, purpose=ADD)
    new = ceremonies.registered(answer, challenge) if challenge else None
    if new is None:
        raise Refused(Refusal.PASSKEY_WRONG)
    row = Passkey(account=session.account, name=name, added_at=now, last_used_at=now)
    for column in ("credential_id", "public_key", "sign_count", "transports", "has_verified", "is_backed_up"):
        setattr(row, column, getattr(new, column))
    try:
        with transaction.atomic():
            refuse_more(session.account, FactorKind.PASSKEY)
            row.save(force_insert=True)
            record(Deed.FACTOR_ADDED, "factor_added", row, by=by, now=now)
            return sessions.reverify(session=session, factor=FactorKind.PASSKEY, by=by, now=now)
    except IntegrityError:
        raise Refused(Refusal.PASSKEY_KNOWN) from None


def verify_passkey(*, session: Session, answer: str, by: By, now: datetime) -> str:
    """Finish a sign-in, or step up within one, by one of the account's passkeys (S-2, S-6). Returns the new cookie.

    Refuses PASSKEY_WRONG.
    """
    challenge = _take(now, session=session, purpose=VERIFY)
    key = _key_of(answer, account=session.account)
    shown = ceremonies.asserted(answer, challenge, key, must_verify=False) if challenge and key else None
    with transaction.atomic():
        if key and shown and _use(key, shown, now):
            if session.stage != Stage.PASSWORD:
                return sessions.reverify(session=session, factor=FactorKind.PASSKEY, by=by, now=now)
            attempts.clear_open_path(account=session.account, by=by, now=now)
            accounts.note_first_sign_in(account=session.account, now=now)
            return sessions.complete(
                session=session, factor=FactorKind.PASSKEY, stage=Stage.FULL, by=by, now=now
            )
        _record_failure(session.account, shown is not None, by=by, now=now)
    raise Refused(Refusal.PASSKEY_WRONG)


def sign_in_by_passkey(*, flow: str, answer: str, by: By, now: datetime) -> tuple[Session, str]:
    """Sign in by a passkey alone, one that verified its holder: both steps at once (S-4). Returns session and cookie.

    Goes on while the password path is locked or suspended (S-5), and leaves that path as it is. Refuses PASSKEY_WRONG,
    also for an account that is not active, and ACCOUNT_FROZEN to who proved to be the holder (S-9).
    """
    challenge = _take(now, flow_digest=_digest(flow), purpose=SIGN_IN)
    key = _key_of(answer)
    if key and settle_reset(account=key.account, by=by, now=now):
        key = None  # its time was over before the job came by (P-9)
    shown = ceremonies.asserted(answer, challenge, key, must_verify=True) if challenge and key else None
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=key.account_id) if key else None
        is_active = account is not None and account.state == AccountState.ACTIVE
        if key and account and shown and is_active and _use(key, shown, now):
            by = By(actor=str(account.pk), source=by.source)
            entered = sessions.enter(account=account, factor=FactorKind.PASSKEY, by=by, now=now)
            accounts.note_first_sign_in(account=account, now=now)
            return entered
        _record_failure(account, shown is not None, by=by, now=now)
    raise Refused(Refusal.PASSKEY_WRONG)


def _use(key: Passkey, shown: ceremonies.Asserted, now: datetime) -> bool:
    """Move the counter on from where it was read: of two answers at one instant, one that shows no more is refused."""
    if not rules.counter_moves_on(key.sign_count, shown.sign_count):
        return False
    unmoved = Passkey.objects.filter(pk=key.pk, sign_count=key.sign_count)
    columns = {"sign_count": shown.sign_count, "is_backed_up": shown.is_backed_up, "last_used_at": now}
    return bool(unmoved.update(**columns))


def _key_of(answer: str, account: Account | None = None) -> Passkey | None:
    """The passkey that the answer names, of that account where one is given."""
    named = ceremonies.credential_named_in(answer)
    rows = Passkey.objects.filter(credential_id=named) if named else Passkey.objects.none()
    return (rows.filter(account=account) if account else rows).first()


def _record_failure(account: Account | None, was_signed: bool, *, by: By, now: datetime) -> None:
    """`was_signed`: the signature was right, so the counter or the account was not."""
    about = {"factor": FactorKind.PASSKEY, "signed": was_signed}
    subject = account.pk if account else ""
    append(Deed.SIGN_IN_FACTOR_FAILED, by=by, now=now, subject=subject, outcome="failed", about=about)


def _new_challenge(session: Session, purpose: str, now: datetime) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    PasskeyChallenge.objects.update_or_create(
        session=session,
        purpose=purpose,
        defaults={"challenge": challenge, "expires_at": _expiry(now)},
    )
    return challenge


def _take(now: datetime, **whose: object) -> bytes:
    """Use the challenge up, committed by itself: a second answer finds none, whatever came of the first (AX08)."""
    with transaction.atomic():
        row = PasskeyChallenge.objects.filter(**whose).first()
        # Deleted by number, so of two at the same instant one deletes it.
        if (
            row is None
            or not PasskeyChallenge.objects.filter(pk=row.pk, challenge=bytes(row.challenge)).delete()[0]
        ):
            return b""
    return bytes(row.challenge) if now < row.expires_at else b""


def _expiry(now: datetime) -> datetime:
    return now + settings.LIMITS.passkey_challenge_life


def _digest(flow: str) -> bytes:
    return hashlib.sha256(flow.encode()).digest()
