"""Reading how far somebody has come on the way back in, and which resets wait for them (P-5, P-7, P-8, P-9)."""

import hashlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, UUIDField

from bailiwick.ground import vault
from bailiwick.ground.rulings import No, Yes
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import is_over, survivor_of
from bailiwick.idm.rules import passwords, restoring
from bailiwick.idm.rules import signin as rules
from bailiwick.idm.rules.accounts import AccountState, email_key, name_key
from bailiwick.idm.rules.recovering import (
    RECOVERY_STEPS,
    Goal,
    RecoveryEvent,
    RecoveryFacts,
    RecoveryState,
    may_take,
)
from bailiwick.idm.rules.restoring import ResetFacts, ResetState
from bailiwick.idm.rules.signin import Standing
from bailiwick.idm.signin.models import FactorReset, Password, Recovery, SecurityAnswer

LONGEST_SECRET = 100
OPEN_LADDERS = [state.value for state, steps in RECOVERY_STEPS.items() if steps]
ZIP_COMPARED = 5

# The last statement before a session begins: whoever ends all sessions has written one of these rows first.
_still_opens = Read(
    lambda account, encoded: (
        Account.objects.select_for_update(no_key=True)
        .filter(pk=account, state=AccountState.ACTIVE, frozen_at=None, password__encoded=encoded)
        .values_list("pk")
    ),
    account=UUIDField(),
    encoded=CharField(),
)


def still_opens(held: Password) -> bool:
    """Whether that is the password still, of an account that lives, locked until the transaction ends (S-5, S-7)."""
    return bool(_still_opens(account=held.account_id, encoded=held.encoded))


def may_begin(held: Password, *, now: datetime) -> Yes | No:
    """Whether the right password opens a sign-in at `now`, and else what stands in the way (S-5, S-9, P-5)."""
    account = held.account
    is_expired = passwords.is_expired(
        account.last_signed_in_at or account.first_signed_in_at,
        held.set_at,
        now=now,
        limits=settings.LIMITS,
        profile=settings.PROFILE,
        zone=ZoneInfo(settings.TIME_ZONE),
    )
    is_frozen = account.frozen_at is not None
    # What is to be discarded opens no more, whether or not a job has done so (R-5, I-2).
    state = AccountState.DISCARDED if is_over(account, now=now) else AccountState(account.state)
    return rules.may_begin(Standing(state, is_frozen=is_frozen, is_expired=is_expired))


def asks_for_answer(account: Account) -> bool:
    """Whether getting back in asks for the security answer: where the policy does, and the person gave one (P-10)."""
    return settings.PROFILE.security_question and SecurityAnswer.objects.filter(pk=account.pk).exists()


def recovery(cookie: str) -> Recovery | None:
    """The ladder that this browser is on, in any state, with account and person."""
    if not cookie or len(cookie) > LONGEST_SECRET or not cookie.isascii():
        return None
    rows = Recovery.objects.select_related("account__person")
    return rows.filter(cookie_digest=hashlib.sha256(cookie.encode()).digest()).first()


def is_outlived(account: Account | None, begun_at: datetime) -> bool:
    """Whether the holder froze the account after that: whoever was on a way in then is not the one to open it (S-9)."""
    return account is not None and account.frozen_at is not None and begun_at <= account.frozen_at


def recovery_facts(ladder: Recovery | None) -> RecoveryFacts | None:
    return ladder and RecoveryFacts(
        goal=Goal(ladder.goal),
        state=RecoveryState.VOID
        if is_outlived(ladder.account, ladder.begun_at)
        else RecoveryState(ladder.state),
        expires_at=ladder.expires_at,
        answers=ladder.answers,
    )


def step_ruling(ladder: Recovery | None, event: RecoveryEvent, goal: Goal, *, now: datetime) -> Yes | No:
    """Whether that step may be taken on this ladder at `now`, and else why not (P-7)."""
    return may_take(event, recovery_facts(ladder), goal, now=now, limits=settings.LIMITS)


def source_digest(source: str) -> bytes:
    """A network address as it is counted."""
    return vault.digest(source, purpose="recovery-source")


def accounts_like(*, first: str, last: str, birth_date: date, email: str, zip_code: str) -> list[Account]:
    """Whose user ID these facts ask for: all five fit, and the account is in use (P-8)."""
    people = Person.objects.select_related("account").filter(
        birth_date_digest__in=vault.digests(birth_date.isoformat(), purpose="birth-date"),
        name_key=name_key(first, last),
        account__email_key=email_key(email),
        account__state__in=(AccountState.ACTIVE, AccountState.SUSPENDED),
    )
    wanted = _plain_zip(zip_code)
    return [person.account for person in people if _plain_zip(person.zip) == wanted]


def _plain_zip(text: str) -> str:
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return plain[:ZIP_COMPARED] if plain[:ZIP_COMPARED].isdigit() else plain


def reset_of(account: Account) -> FactorReset | None:
    """The factor reset or e-mail change that waits for this account."""
    rows = FactorReset.objects.select_related("account", "asked_by")
    return rows.filter(account=account, state=ResetState.WAITING).first()


def reset_by_token(token: str) -> FactorReset | None:
    """The one that this link cancels, in any state."""
    if not token or len(token) > LONGEST_SECRET:
        return None
    digest = hashlib.sha256(token.encode()).digest()
    return FactorReset.objects.select_related("account__person").filter(token_digest=digest).first()


def reset_facts(reset: FactorReset | None, *, by: Account | None = None) -> ResetFacts | None:
    # Who asked is who they are by now: two accounts of one person are not two people (A-5, H-5).
    same = by is not None and reset is not None and survivor_of(reset.asked_by).pk == by.pk
    return reset and ResetFacts(state=ResetState(reset.state), due_at=reset.due_at, asked_by_the_same=same)


def cancel_ruling(reset: FactorReset | None, *, now: datetime) -> Yes | No:
    """Whether the reset can still be canceled at `now` (P-9)."""
    return restoring.may_cancel(reset_facts(reset), now=now)


def password_set_at(account: Account) -> datetime | None:
    """When the present password was set: what a reactivation goes by (I-4)."""
    return Password.objects.filter(pk=account.pk).values_list("set_at", flat=True).first()
