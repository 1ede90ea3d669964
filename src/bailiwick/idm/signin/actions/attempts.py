"""The only writer of the failure counter (S-5): reserve a try, then let it stand as a failure or take it back.

A write succeeds only against the version that was read, so of any number of simultaneous tries each sees the ones
before it. A user ID that nobody has is counted in the same way, in as many statements.

Getting back in has a counter of its own (`Door.RECOVERY`): a locked path must not close the way out of the lock.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Busy, By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import user_id_key
from bailiwick.idm.rules import signin as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.signin import Path, PathEvent
from bailiwick.idm.signin.queries import path_key


class Door(StrEnum):
    """Which of a person's counters."""

    PASSWORD = "path"  # noqa: S105 - the name of a door
    RECOVERY = "recovery"


DEED_OF = {
    (Door.PASSWORD, PathEvent.LOCKED): Deed.SIGN_IN_PATH_LOCKED,
    (Door.PASSWORD, PathEvent.SUSPENDED): Deed.SIGN_IN_PATH_SUSPENDED,
    (Door.RECOVERY, PathEvent.LOCKED): Deed.RECOVERY_LOCKED,
}
NEVER = 2_000_000_000  # refused tries: the way back in is never suspended
ROUNDS = 500

# Plain SQL, the same on both engines: three statements of every sign-in, and building each by the ORM costs more CPU
# than running it.
READ = "SELECT version, failed_at, pending, refused FROM idm_signin_passwordpath WHERE key = %s"
SWAP = """UPDATE idm_signin_passwordpath SET failed_at = %s, pending = %s, refused = %s, touched_at = %s, version = version + 1
    WHERE key = %s AND version = %s"""
INSERT = """INSERT INTO idm_signin_passwordpath (failed_at, pending, refused, touched_at, key, door, version)
    VALUES (%s, %s, %s, %s, %s, %s, 0)"""


@dataclass
class Attempt:
    """One try. `allowed`: its secret may be looked at. `path` and `version`: the counter as this try left it."""

    key: bytes
    account: Account | None
    at: datetime
    path: Path
    version: int
    allowed: bool = False
    door: Door = Door.PASSWORD

    @property
    def limits(self) -> Limits:
        return limits_of(self.door)


def limits_of(door: Door) -> Limits:
    """Six wrong codes or answers in six hours on the way back in; it opens by itself, always."""
    limits = settings.LIMITS
    if door is Door.PASSWORD:
        return limits
    return replace(
        limits,
        failures_before_lock=limits.recovery_failures,
        failure_window=limits.recovery_failure_window,
        lock_time=limits.recovery_failure_window,
        failures_while_locked=NEVER,
    )


def key_of(account: Account | None, typed: str, door: Door = Door.PASSWORD) -> bytes:
    """One counter a person and door, over all spellings; a user ID that nobody has counts likewise."""
    if door is Door.RECOVERY:
        whose = account.pk if account else f"nobody:{user_id_key(typed)}"
        return vault.digest(f"recovery:{whose}", purpose="password-path")
    if account:
        return path_key(account)
    return vault.digest(f"nobody:{user_id_key(typed)}", purpose="password-path")


def reserve(
    *, account: Account | None, typed: str = "", by: By, now: datetime, door: Door = Door.PASSWORD
) -> Attempt:
    """Count a try before its secret is looked at. `typed`: the user ID, where there is no account."""
    return reserve_at(key_of(account, typed, door), account=account, by=by, now=now, door=door)


def reserve_at(key: bytes, *, account: Account | None, by: By, now: datetime, door: Door) -> Attempt:
    """The same, where the counter's key is at hand."""
    for _ in range(ROUNDS):
        attempt = _read(key, account, now, door)
        after, attempt.allowed = rules.reserved(attempt.path, now, attempt.limits)
        if _move(attempt, after, by=by, now=now):
            return attempt
    raise Busy


def fail(
    attempt: Attempt, *, deed: Deed, by: By, now: datetime, about: dict[str, object] | None = None
) -> None:
    """Let the try stand, and put it on the ledger."""
    with transaction.atomic():
        if attempt.allowed:
            _settle(attempt, lambda path: rules.failed(path, attempt.at), by=by, now=now)
        subject = attempt.account.pk if attempt.account else ""
        outcome = "failed" if attempt.allowed else "refused"
        append(deed, by=by, now=now, subject=subject, outcome=outcome, about=about)


def count_failure(key: bytes, *, account: Account | None, by: By, now: datetime) -> None:
    """One failure more on the password path, for a wrong code or answer at another door (S-5); the ledger has it already."""
    attempt = reserve_at(key, account=account, by=by, now=now, door=Door.PASSWORD)
    if attempt.allowed:
        _settle(attempt, lambda path: rules.failed(path, attempt.at), by=by, now=now)


def take_back(attempt: Attempt, *, by: By, now: datetime) -> None:
    """The secret was right: the try was no failure."""
    _settle(attempt, lambda path: rules.taken_back(path, attempt.at), by=by, now=now)


def clear(attempt: Attempt, *, by: By, now: datetime) -> None:
    """A full sign-in forgets all failures (S-5)."""
    _settle(attempt, lambda _path: Path(), by=by, now=now)


def open_path(*, account: Account, by: By, now: datetime) -> None:
    """Forget the failures of an account whose path a person opens (S-5)."""
    for door in Door:
        clear(_read(key_of(account, "", door), account, now, door), by=by, now=now)


def clear_open_path(*, account: Account, by: By, now: datetime) -> None:
    """A full sign-in by password and passkey forgets the failures; a path that locked meanwhile stays locked (S-5)."""
    attempt = _read(key_of(account, "", Door.PASSWORD), account, now, Door.PASSWORD)
    if attempt.path == Path():
        return

    def emptied(path: Path) -> Path:
        return Path() if rules.state_of(path, now, attempt.limits) is rules.PathState.OPEN else path

    _settle(attempt, emptied, by=by, now=now)


def _read(key: bytes, account: Account | None, now: datetime, door: Door) -> Attempt:
    with connection.cursor() as cursor:
        cursor.execute(READ, [key])
        row = cursor.fetchone()
    if row is None:
        return Attempt(key, account, now, Path(), version=-1, door=door)
    version, moments, pending, refused = row
    failed_at = tuple(datetime.fromisoformat(text) for text in moments.split())
    return Attempt(key, account, now, Path(failed_at, pending, refused), version, door=door)


def _settle(attempt: Attempt, change: Callable[[Path], Path], *, by: By, now: datetime) -> None:
    """Apply `change` to the counter as it is by now."""
    for _ in range(ROUNDS):
        if _move(attempt, change(attempt.path), by=by, now=now):
            return
        fresh = _read(attempt.key, attempt.account, attempt.at, attempt.door)
        attempt.path, attempt.version = fresh.path, fresh.version
    raise Busy


def _move(attempt: Attempt, after: Path, *, by: By, now: datetime) -> bool:
    """Write the counter; where that locks or suspends the path, the ledger and the holder hear of it with it."""
    began = rules.begun(attempt.path, after, now, attempt.limits)
    if began is None or (attempt.door, began) not in DEED_OF:
        return _swap(attempt, after)
    with transaction.atomic():
        moved = _swap(attempt, after)
        if moved:
            append(
                DEED_OF[attempt.door, began],
                by=by,
                now=now,
                subject=attempt.account.pk if attempt.account else "",
            )
            _tell(attempt, began, now)
    return moved


def _swap(attempt: Attempt, after: Path) -> bool:
    """Write `after` over the version that was read; False where another try was faster."""
    moments = " ".join(at.isoformat() for at in after.failed_at)
    at = connection.ops.adapt_datetimefield_value(attempt.at)
    values = [moments, after.pending, after.refused, at]
    try:
        with transaction.atomic() if attempt.version < 0 else nullcontext(), connection.cursor() as cursor:
            if attempt.version < 0:
                cursor.execute(INSERT, [*values, attempt.key, attempt.door])
            else:
                cursor.execute(SWAP, [*values, attempt.key, attempt.version])
            is_written = cursor.rowcount == 1
    except IntegrityError:
        return False
    if is_written:
        attempt.path, attempt.version = after, attempt.version + 1
    return is_written


def _tell(attempt: Attempt, began: PathEvent, now: datetime) -> None:
    """Mail the holder. Nobody's user ID: written and taken back, so that it cannot be told apart by its cost."""
    account = attempt.account
    with transaction.atomic():
        notice(
            f"{attempt.door}_{began}",
            to=account.email if account else "nobody@nowhere.invalid",
            key=f"{attempt.door}:{attempt.key.hex()}:{attempt.version}",
            now=now,
            context={
                "limits": settings.LIMITS,
                "minutes": int(settings.LIMITS.lock_time.total_seconds() // 60),
                "times": attempt.limits.failures_before_lock,
                "hours": int(attempt.limits.lock_time.total_seconds() // 3600),
            },
            language=account.language if account else "en",
            inbox=str(account.pk) if account else "nobody",
        )
        transaction.set_rollback(account is None)
