"""Reading accounts and the people behind them. Sealed values are opened here and nowhere else."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from bailiwick.ground import vault
from bailiwick.ground.rulings import No, Yes
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account, EmailChange, FormerName, HeldUserId, Person, SsnNumber
from bailiwick.idm.accounts.numbers import (  # noqa: F401 - doors of this room
    current_ssn_digests,
    identity_of,
    was_ever_verified,
)
from bailiwick.idm.accounts.terms import evidence  # noqa: F401 - a door of this room
from bailiwick.idm.accounts.terms.in_force import terms_in, terms_in_force  # noqa: F401 - the same
from bailiwick.idm.accounts.unproven import (  # noqa: F401 - this room's queries, in a file of their own
    accounts_to_discard,
    is_over,
    unproven_too_long,
)
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
from bailiwick.idm.rules.mailboxes import (
    ChangeFacts,
    ChangeState,
    may_confirm,
    may_take_back,
    still_recovers,
)
from bailiwick.idm.rules.matching import Name

BIRTH_DATE_PLACE = "idm_accounts.person.birth_date"
SSN_PLACE = "idm_accounts.person.ssn"
ADDRESS_PLACE = "idm_accounts.person.home_address"
LAST_FOUR = -4
LONGEST_TOKEN = 100


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
    """The account of that user ID in any spelling, in any state but discarded; of a merged one, the survivor (A-5)."""
    found = Account.objects.select_related("person").filter(user_id_key=user_id_key(user_id))
    account = found.exclude(state=AccountState.DISCARDED).first()
    return survivor_of(account) if account else None


def survivor_of(account: Account) -> Account:
    """The account that goes on for this person: itself, unless it was merged (A-5)."""
    while account.merged_into_id is not None:
        account = Account.objects.select_related("person").get(pk=account.merged_into_id)
    return account


def accounts_merged_into(account: Account) -> list[Account]:
    """The accounts whose person this one's is too, directly or by way of another, in the order of their opening."""
    found: list[Account] = []
    level = [account.pk]
    while level:
        merged = list(
            Account.objects.select_related("person").filter(merged_into__in=level).order_by("created_at")
        )
        found += merged
        level = [one.pk for one in merged]
    return found


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
    """What the number is known by that the account claims or holds; b"" for none. The same under every key (L-4)."""
    found = _current_digest.first(account=account.pk)
    return bytes(found) if found else b""


def user_id_is_taken(user_id: str, *, now: datetime) -> bool:
    """Held by an account in any state, or by a registration that was stopped lately (R-3, A-4)."""
    key = user_id_key(user_id)
    is_held = HeldUserId.objects.filter(user_id_key=key, held_until__gt=now).exists()
    return Account.objects.filter(user_id_key=key).exists() or is_held


def holder_of(facts: PersonalFacts, *, ssn_digest: bytes) -> Account | None:
    """The account that these facts already belong to by A-4; None where they are new.

    Of a merged account it is the one that goes on.
    """
    proven = SsnNumber.objects.filter(digest=ssn_digest, state__in=(SsnState.VERIFIED, SsnState.FORMER))
    numbers = proven.select_related("account") if ssn_digest else proven.none()
    for account in (*(number.account for number in numbers), *_look_alikes(facts, ssn_digest)):
        return survivor_of(account)
    return None


def _look_alikes(facts: PersonalFacts, ssn_digest: bytes) -> Iterator[Account]:
    """Former names find their people too: a name change hides nobody (A-7)."""
    newcomer = Likeness(
        name=name_key(facts.first, facts.last),
        birth_date=facts.birth_date,
        email=email_key(facts.email),
        zip=facts.address.zip[:5],
        ssn_digest=ssn_digest,
    )
    was_called_so = FormerName.objects.filter(account=OuterRef("account"), name_key=newcomer.name)
    current = SsnNumber.objects.filter(
        account=OuterRef("account"), state__in=(SsnState.CLAIM, SsnState.VERIFIED)
    )
    # One statement however many are found: a registration that is stopped does not ask more than another.
    candidates = Person.objects.select_related("account").annotate(digest=Subquery(current.values("digest")))
    found = candidates.filter(
        Q(name_key=newcomer.name) | Exists(was_called_so),
        birth_date_digest__in=vault.digests(facts.birth_date.isoformat(), purpose="birth-date"),
    )
    for person in found:
        if looks_like(newcomer, replace(_likeness(person), name=newcomer.name)):
            yield person.account


def _likeness(person: Person) -> Likeness:
    return Likeness(
        name=person.name_key,
        birth_date=birth_date_of(person),
        email=person.account.email_key,
        zip=person.zip[:5],
        ssn_digest=bytes(person.digest or b""),
    )


def legal_names(account: Account, person: Person) -> list[Name]:
    """The present legal name and all former ones, the oldest first (A-7)."""
    former = sorted(account.former_names.all(), key=lambda name: name.until)
    since = former[-1].until if former else account.created_at
    present = Name(person.first_name, person.middle_name, person.last_name, since)
    return [*(Name(old.first_name, old.middle_name, old.last_name, old.since) for old in former), present]


def born_on(birth_date: date) -> QuerySet[Person]:
    """Everybody of that birth date whose account goes on, with all that is compared of them (A-5)."""
    digests = vault.digests(birth_date.isoformat(), purpose="birth-date")
    people = Person.objects.select_related("account").prefetch_related("account__former_names")
    return people.filter(birth_date_digest__in=digests, account__merged_into=None)


def claimants_of(digest: bytes) -> QuerySet[Person]:
    """Everybody who claims the number that is known by that, and whose account goes on."""
    claims = SsnNumber.objects.filter(digest=digest, state=SsnState.CLAIM)
    people = Person.objects.select_related("account").prefetch_related("account__former_names")
    return people.filter(account__in=claims.values("account"), account__merged_into=None)


def recovery_emails(account: Account, *, now: datetime) -> list[str]:
    """Where a recovery may be mailed to: the present address, and for a day the one before it (R-9)."""
    left = EmailChange.objects.filter(account=account, state=ChangeState.CONFIRMED).order_by("-confirmed_at")
    recovers = (one for one in left if still_recovers(one.confirmed_at, now=now, limits=settings.LIMITS))
    former = [change.before for change in recovers]
    return list(dict.fromkeys([account.email, *former]))


def link_digest(token: str) -> bytes:
    """A mailed link's token as it is kept: 256 random bits need no slower digest."""
    return hashlib.sha256(token.encode()).digest()


def change_to_confirm(account: Account, token: str) -> EmailChange | None:
    """The change of this account's e-mail address that the link confirms; None for anybody else's (AX10)."""
    return _change_by(Q(account=account, confirm_digest=link_digest(token)), token)


def change_to_take_back(token: str) -> EmailChange | None:
    """The change that the link, mailed to the old address, takes back."""
    digest = link_digest(token)
    return _change_by(Q(cancel_digest=digest) | Q(undo_digest=digest), token)


def waiting_change(account: Account, *, now: datetime) -> EmailChange | None:
    """The change that waits to be confirmed at the new address, if there is one (R-9)."""
    waiting = EmailChange.objects.filter(account=account, state=ChangeState.WAITING, expires_at__gt=now)
    return waiting.filter(before=account.email).first()


def confirm_ruling(change: EmailChange | None, *, now: datetime) -> Yes | No:
    """Whether the link may confirm at `now`, and else why not (R-9)."""
    return may_confirm(_change_facts(change), now=now)


def take_back_ruling(change: EmailChange | None, *, now: datetime) -> Yes | No:
    """Whether the link may take the change back at `now`, and else why not (R-9)."""
    return may_take_back(_change_facts(change), now=now, limits=settings.LIMITS)


def _change_by(wanted: Q, token: str) -> EmailChange | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return EmailChange.objects.select_related("account").filter(wanted).first()


def _change_facts(change: EmailChange | None) -> ChangeFacts | None:
    return change and ChangeFacts(
        state=ChangeState(change.state),
        asked_at=change.asked_at,
        expires_at=change.expires_at,
        confirmed_at=change.confirmed_at,
        is_present=change.before == change.account.email,
    )
