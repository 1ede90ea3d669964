"""Reading what opens an account: passwords, factors, codes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, UUIDField

from bailiwick.ground import vault
from bailiwick.ground.rulings import No, Yes
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import user_id_key
from bailiwick.idm.rules import passwords
from bailiwick.idm.rules import signin as rules
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.factors import CodeState, FactorKind, strongest
from bailiwick.idm.rules.resetting import LinkFacts, LinkState, may_use
from bailiwick.idm.rules.signin import Path, PathState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.leaked import any_listed
from bailiwick.idm.signin.models import (
    Authenticator,
    OneTimeCode,
    Password,
    PasswordPath,
    ResetLink,
    SecurityAnswer,
)
from bailiwick.idm.signin.questions import QUESTION_WORDS

SECRET_PLACE = "idm_signin.authenticator.secret"  # noqa: S105 - a place, not a secret

LONGEST_TOKEN = 100

# Asked at every sign-in.
_password_of = Read(
    lambda key: (
        Password.objects.select_related("account")
        .filter(account__user_id_key=key)
        .exclude(account__state=AccountState.DISCARDED)
    ),
    key=CharField(),
)
_confirmed = Read(
    lambda account: Authenticator.objects.filter(account=account, confirmed_at__isnull=False).order_by(
        "confirmed_at"
    ),
    account=UUIDField(),
)


@dataclass(frozen=True)
class Factor:
    """One way to take the second step, as pages list it. `id` is "email" or an authenticator's id."""

    id: str
    kind: FactorKind
    name: str
    added_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class PathLine:
    """The password path as a desk sees it. `until`: when a lock opens by itself; `failures`: those that still count."""

    state: PathState
    until: datetime | None
    failures: int


def path_key(account: Account) -> bytes:
    """One counter a person, over all spellings and doors (S-5)."""
    return vault.digest(f"account:{account.pk}", purpose="password-path")


def password_path(account: Account, *, now: datetime) -> PathLine:
    """What the password path allows at `now` (S-5, I-2)."""
    row = PasswordPath.objects.filter(pk=path_key(account)).first()
    failed_at = tuple(datetime.fromisoformat(text) for text in row.failed_at.split()) if row else ()
    path = Path(failed_at, row.pending, row.refused) if row else Path()
    limits = settings.LIMITS
    path = rules.refreshed(path, now, limits)
    state = rules.state_of(path, now, limits)
    until = path.failed_at[-1] + limits.lock_time if state is PathState.LOCKED else None
    return PathLine(state, until, len(path.failed_at))


def token_digest(token: str) -> bytes:
    """A reset link's token as it is kept: 256 random bits need no slower digest."""
    return hashlib.sha256(token.encode()).digest()


def reset_link(token: str) -> ResetLink | None:
    """The link of that token in any state, with account and person."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    rows = ResetLink.objects.select_related("account__person")
    return rows.filter(token_digest=token_digest(token)).first()


def link_ruling(link: ResetLink | None, *, now: datetime) -> Yes | No:
    """Whether the link may be used at `now`, and else why not (P-7)."""
    facts = link and LinkFacts(
        state=LinkState(link.state),
        expires_at=link.expires_at,
        tries=link.tries,
        is_account_active=link.account.state == AccountState.ACTIVE,
    )
    return may_use(facts, now=now, limits=settings.LIMITS)


def password_of_user_id(user_id: str) -> Password | None:
    """The password of the account of that user ID in any spelling, with the account."""
    return _password_of.first(key=user_id_key(user_id))


def factors(account: Account) -> list[Factor]:
    """The account's factors, the strongest first; e-mail is always there (S-3)."""
    own = [
        Factor(str(row.pk), FactorKind.TOTP, row.name, row.confirmed_at, row.last_used_at)
        for row in confirmed_authenticators(account)
    ]
    return [*own, Factor("email", FactorKind.EMAIL, "", None, None)]


def strongest_factor(account: Account) -> FactorKind:
    """The kind of the account's strongest factor (S-6)."""
    return strongest(factor.kind for factor in factors(account))


def confirmed_authenticators(account: Account) -> list[Authenticator]:
    return _confirmed(account=account.pk)


def authenticator(account: Account, identifier: UUID) -> Authenticator | None:
    """One of the account's own authenticators, confirmed or being added; None for anybody else's."""
    return Authenticator.objects.filter(account=account, pk=identifier).first()


def secret_of(row: Authenticator) -> str:
    """The shared secret in base32, opened."""
    return vault.unseal(row.secret_sealed, place=SECRET_PLACE, row=str(row.pk))


def live_code(session: Session) -> OneTimeCode | None:
    """The code that this browser session waits for, whether or not it is still good."""
    return OneTimeCode.objects.filter(session=session, state=CodeState.LIVE).first()


def security_question(account: Account) -> str:
    """The code of the question that the account answers; "" for none (P-10)."""
    return SecurityAnswer.objects.filter(pk=account.pk).values_list("question", flat=True).first() or ""


def question_words(account: Account) -> str:
    """The account's question as it is asked; "" where there is none."""
    return str(dict(QUESTION_WORDS).get(security_question(account), ""))


def security_questions() -> tuple[tuple[str, Any], ...]:
    """(code, words) of every question that can be chosen (P-10)."""
    return QUESTION_WORDS


def password_objections(password: str, owner: passwords.Owner) -> Iterator[No]:
    """Everything that P-1 and P-2 object to in a new password, the list of leaked ones asked; former passwords aside."""
    is_common = any_listed(passwords.common_forms(password))
    return passwords.objections(password, owner, settings.LIMITS, is_common=is_common)


def masked_email(email: str) -> str:
    """Enough of the address to know which mailbox to look into, not enough to learn it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else "•••"
