"""Finding who may be the same person: candidates from two indexes, compared opened, in memory (A-5).

By the birth date's digest some dozens are found among a million; nobody is compared with everybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import (
    born_on,
    claimants_of,
    current_ssn_digest,
    facts_of,
    legal_names,
)
from bailiwick.idm.registry.models import Looked
from bailiwick.idm.rules.accounts import SsnState
from bailiwick.idm.rules.matching import Resemblance, Somebody, resemblance

SETTLED = timedelta(minutes=1)
"""What two people wrote at the same moment neither could see; after this both can be seen."""


@dataclass(frozen=True)
class Suspicion:
    """That this account may be the same person's."""

    account: Account
    resemblance: Resemblance


def resembling(account: Account) -> list[Suspicion]:
    """Everybody whom the account resembles, the oldest account first; none for a merged or discarded one."""
    person = _person(account)
    if person is None or account.merged_into_id is not None:
        return []
    own = somebody(person, claims=_claims(account))
    candidates = {other.pk: other for other in born_on(own.birth_date)}
    claimants = set()
    if own.claims:
        rivals = list(claimants_of(current_ssn_digest(account)))
        claimants = {other.pk for other in rivals}
        candidates |= {other.pk: other for other in rivals}
    candidates.pop(account.pk, None)
    found = []
    for other in sorted(candidates.values(), key=lambda one: (one.account.created_at, one.pk)):
        why = resemblance(own, somebody(other, claims=other.pk in claimants))
        if why is not None:
            found.append(Suspicion(other.account, why))
    return found


def somebody(person: Person, *, claims: bool) -> Somebody:
    """All that is compared of one person, opened."""
    facts = facts_of(person.account, person)
    return Somebody(
        names=tuple(legal_names(person.account, person)),
        birth_date=facts.birth_date,
        ssn=facts.ssn,
        address=facts.address,
        since=person.account.created_at,
        claims=claims,
    )


def _person(account: Account) -> Person | None:
    people = Person.objects.select_related("account").prefetch_related("account__former_names")
    return people.filter(pk=account.pk).first()


def _claims(account: Account) -> bool:
    return account.ssn_numbers.filter(state=SsnState.CLAIM).exists()


def to_look_at(*, now: datetime, most: int) -> list[Account]:
    """Whose facts were written since the round last compared them, the oldest first (A-5)."""
    seen = Looked.objects.filter(account=OuterRef("account"), at__gte=OuterRef("facts_at"))
    written = Person.objects.filter(facts_at__lte=now - SETTLED, account__merged_into=None)
    people = written.filter(~Exists(seen)).select_related("account").order_by("facts_at")
    return [person.account for person in people[:most]]
