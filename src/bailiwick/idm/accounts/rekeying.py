"""What a change of keys does to people and their numbers (L-4)."""

from django.db.models import QuerySet

from bailiwick.ground.vault import sealed
from bailiwick.ground.vault.counting import digests_under
from bailiwick.idm.accounts.models import KnownSsn, Person, SsnDigest
from bailiwick.idm.accounts.numbers import PLACE, add_digests
from bailiwick.idm.accounts.queries import (
    ADDRESS_PLACE,
    BIRTH_DATE_PLACE,
    SSN_PLACE,
    birth_date_digest,
    birth_date_of,
)


def register_columns() -> None:
    """Name this room's sealed and keyed columns to the vault."""
    sealed.register(Person, "birth_date_sealed", BIRTH_DATE_PLACE)
    sealed.register(Person, "ssn_sealed", SSN_PLACE)
    sealed.register(Person, "home_address_sealed", ADDRESS_PLACE)
    sealed.register(KnownSsn, "number_sealed", PLACE)
    sealed.register_digest(
        Person, "birth_date_digest", redo=lambda person: birth_date_digest(birth_date_of(person))
    )
    sealed.register_twins(SsnDigest, "digest", key="ssn", lacking=_without_digest, add=add_digests)


def _without_digest(identifier: str) -> QuerySet[KnownSsn]:
    under = digests_under(SsnDigest.objects.all(), "digest", key="ssn", identifier=identifier)
    return KnownSsn.objects.exclude(pk__in=under.values("known"))
