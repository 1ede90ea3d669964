"""Reading what opens an account: passwords, factors, codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, UUIDField

from bailiwick.ground import vault
from bailiwick.ground.rulings import No
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import user_id_key
from bailiwick.idm.rules import passwords
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.factors import CodeState, FactorKind, strongest
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.leaked import any_listed
from bailiwick.idm.signin.models import Authenticator, OneTimeCode, Password, SecurityAnswer
from bailiwick.idm.signin.questions import QUESTION_WORDS

SECRET_PLACE = "idm_signin.authenticator.secret"  # noqa: S105 - a place, not a secret

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
