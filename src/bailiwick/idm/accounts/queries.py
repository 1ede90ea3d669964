"""Reading accounts and the people behind them. Sealed values are opened here and nowhere else."""

import json
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import UUIDField

from bailiwick.ground import vault
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account, HeldUserId, Person, SsnNumber
from bailiwick.idm.accounts.terms import Terms, current_terms
from bailiwick.idm.rules.accounts import (
    AccountState,
    Address,
    Likeness,
    PersonalFacts,
    SsnState,
    email_key,
    looks_like,
    name_key,
)

BIRTH_DATE_PLACE = "idm_accounts.person.birth_date"
SSN_PLACE = "idm_accounts.person.ssn"
ADDRESS_PLACE = "idm_accounts.person.home_address"
LAST_FOUR = -4


def user_id_key(user_id: str) -> str:
    """A user ID as it is compared: without regard to case or outer spaces (R-3)."""
    return user_id.strip().casefold()


def account_with_id(identifier: UUID | str) -> Account | None:
    """The account of that id, in any state but discarded. Not an id at all: None."""
    try:
        key = identifier if isinstance(identifier, UUID) else UUID(str(identifier))
    except ValueError:
        return None
    return Account.objects.filter(pk=key).exclude(state=AccountState.DISCARDED).first()


def account_by_user_id(user_id: str) -> Account | None:
    """The account of that user ID in any spelling, in any state but discarded."""
    found = Account.objects.select_related("person").filter(user_id_key=user_id_key(user_id))
    return found.exclude(state=AccountState.DISCARDED).first()


def account_named(user_id: str) -> Account:
    """The account of that user ID. Raises Account.DoesNotExist."""
    found = account_by_user_id(user_id)
    if found is None:
        raise Account.DoesNotExist(user_id)
    return found


def full_name(account: Account) -> str:
    """First, middle and last name and suffix; the user ID where the account has no person any more."""
    try:
        person = account.person
    except Person.DoesNotExist:
        return account.user_id
    return " ".join(filter(None, (person.first_name, person.middle_name, person.last_name, person.suffix)))


def personal_facts(account: Account) -> PersonalFacts:
    """Everything the person said of themselves, opened. Raises Person.DoesNotExist for a discarded account."""
    return facts_of(account, Person.objects.get(pk=account.pk))


def facts_of(account: Account, person: Person) -> PersonalFacts:
    """The same from a row that is at hand: no query."""
    row = str(person.pk)
    ssn = vault.unseal(person.ssn_sealed, place=SSN_PLACE, row=row) if person.ssn_sealed else ""
    address = json.loads(vault.unseal(person.home_address_sealed, place=ADDRESS_PLACE, row=row))
    return PersonalFacts(
        first=person.first_name,
        middle=person.middle_name,
        last=person.last_name,
        suffix=person.suffix,
        birth_date=birth_date_of(person),
        ssn=ssn,
        address=Address(**address),
        phone=account.phone,
        email=account.email,
    )


def birth_date_of(person: Person) -> date:
    return date.fromisoformat(
        vault.unseal(person.birth_date_sealed, place=BIRTH_DATE_PLACE, row=str(person.pk))
    )


def birth_date_digest(birth_date: date) -> bytes:
    """The key of the birth-date index, by which candidates are found (A-5)."""
    return vault.digest(birth_date.isoformat(), purpose="birth-date")


def masked_ssn(facts: PersonalFacts) -> str:
    """What the holder sees of their own number: the last four (A-3)."""
    return f"•••-••-{facts.ssn[LAST_FOUR:]}" if facts.ssn else ""


# Asked at every entry into an application.
_current_digest = Read(
    lambda account: SsnNumber.objects.filter(
        account=account, state__in=(SsnState.CLAIM, SsnState.VERIFIED)
    ).values_list("digest", flat=True),
    account=UUIDField(),
)


def current_ssn_digest(account: Account) -> bytes:
    """The digest of the number the account claims or holds; b"" for none."""
    found = _current_digest.first(account=account.pk)
    return bytes(found) if found else b""


def user_id_is_taken(user_id: str, *, now: datetime) -> bool:
    """Held by an account in any state, or by a registration that was stopped lately (R-3, A-4)."""
    key = user_id_key(user_id)
    held = HeldUserId.objects.filter(user_id_key=key, held_until__gt=now)
    return Account.objects.filter(user_id_key=key).exists() or held.exists()


def holder_of(facts: PersonalFacts, *, ssn_digest: bytes, but: Account | None = None) -> Account | None:
    """The account that these facts already belong to by A-4, other than `but`; None where they are new."""
    proven = SsnNumber.objects.filter(digest=ssn_digest, state__in=(SsnState.VERIFIED, SsnState.FORMER))
    others = proven.select_related("account") if ssn_digest else proven.none()
    for number in others:
        if but is None or number.account_id != but.pk:
            return number.account
    return _look_alike(facts, ssn_digest, but)


def _look_alike(facts: PersonalFacts, ssn_digest: bytes, but: Account | None) -> Account | None:
    newcomer = Likeness(
        name=name_key(facts.first, facts.last),
        birth_date=facts.birth_date,
        email=email_key(facts.email),
        zip=facts.address.zip[:5],
        ssn_digest=ssn_digest,
    )
    digest = birth_date_digest(facts.birth_date)
    candidates = Person.objects.select_related("account").filter(
        birth_date_digest=digest, name_key=newcomer.name
    )
    for person in candidates.exclude(account=but) if but else candidates:
        if looks_like(newcomer, _likeness(person)):
            return person.account
    return None


def _likeness(person: Person) -> Likeness:
    return Likeness(
        name=person.name_key,
        birth_date=birth_date_of(person),
        email=person.account.email_key,
        zip=person.zip[:5],
        ssn_digest=current_ssn_digest(person.account),
    )


def terms_in_force() -> Terms:
    """The Terms & Conditions as they are to be accepted now (R-6)."""
    return current_terms()


def accounts_to_discard(*, now: datetime, most: int) -> list[Account]:
    """Accounts that nobody signed in to for as long as they are kept (R-5), the oldest first."""
    old = now - settings.LIMITS.unproven_account_life
    waiting = Account.objects.filter(state=AccountState.ACTIVE, first_signed_in_at=None, created_at__lte=old)
    return list(waiting.order_by("created_at")[:most])
