"""Reading duplicate cases and merges: the queue, both people side by side, and who may decide (A-5, H-3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.access.queries.authority import authority_of
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts, survivor_of
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.registry.models import DuplicateCase, Merge
from bailiwick.idm.registry.queries.resembling import somebody
from bailiwick.idm.rules.accounts import AccountState, PersonalFacts, SsnState
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import (
    WAITING,
    CaseState,
    Decider,
    MergeState,
    Side,
    may_decide,
)
from bailiwick.idm.rules.matching import (
    are_similar_addresses,
    are_swapped,
    have_similar_names,
)


class Alike(StrEnum):
    """How two values stand to each other; a page says this, and shows neither."""

    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True)
class Comparison:
    """How the two people compare, value by value; no value is in here (H-3)."""

    name: Alike
    birth_date: Alike
    ssn: Alike
    address: Alike
    email: Alike
    phone: Alike


def cases() -> QuerySet[DuplicateCase]:
    return DuplicateCase.objects.select_related("first__person", "second__person", "decided_by__person")


def duplicate_case(identifier: UUID) -> DuplicateCase | None:
    return cases().filter(pk=identifier).first()


def waiting_cases(*, most: int) -> list[DuplicateCase]:
    """What tier 3 has to decide, the oldest first."""
    return list(
        cases().filter(state__in=[state.value for state in WAITING]).order_by("opened_at", "pk")[:most]
    )


def latest_merge(case: DuplicateCase) -> Merge | None:
    """The merge that is proposed, done or was undone last, with the people of it."""
    rows = Merge.objects.select_related(
        "survivor__person", "other__person", "proposed_by__person", "settled_by__person", "undone_by__person"
    )
    return rows.filter(case=case).order_by("-proposed_at", "-pk").first()


def sides_of(case: DuplicateCase) -> tuple[Account, Account]:
    """The two accounts as they are now. While the case waits, one that was merged meanwhile stands for its survivor."""
    if CaseState(case.state) not in WAITING:
        return case.first, case.second
    return survivor_of(case.first), survivor_of(case.second)


def side(account: Account) -> Side:
    """What a merge looks at of one account, read now."""
    fresh = Account.objects.get(pk=account.pk)
    return Side(
        is_active=fresh.state == AccountState.ACTIVE,
        is_frozen=fresh.frozen_at is not None,
        is_merged=fresh.state == AccountState.MERGED,
        is_discarded=fresh.state == AccountState.DISCARDED,
        is_proven=SsnNumber.objects.filter(account=fresh, state=SsnState.VERIFIED).exists()
        or is_proofed(fresh),
    )


def comparison_of(one: Account, other: Account) -> Comparison:
    """Compared opened, in memory; only how they stand to each other comes out."""
    mine, theirs = personal_facts(one), personal_facts(other)
    return Comparison(
        name=_names(one, other, mine, theirs),
        birth_date=_alike(mine.birth_date, theirs.birth_date),
        ssn=Alike.SIMILAR if are_swapped(mine.ssn, theirs.ssn) else _alike(mine.ssn, theirs.ssn),
        address=_alike(
            mine.address, theirs.address, similar=are_similar_addresses(mine.address, theirs.address)
        ),
        email=_alike(mine.email.casefold(), theirs.email.casefold()),
        phone=_alike(mine.phone, theirs.phone),
    )


def _names(one: Account, other: Account, mine: PersonalFacts, theirs: PersonalFacts) -> Alike:
    similar = have_similar_names(somebody(one.person, claims=False), somebody(other.person, claims=False))
    return _alike(_name(mine), _name(theirs), similar=similar)


def _name(facts: PersonalFacts) -> tuple[str, ...]:
    return tuple(part.casefold() for part in (facts.first, facts.middle, facts.last, facts.suffix))


def _alike(one: object, other: object, *, similar: bool = False) -> Alike:
    if not one or not other:
        return Alike.MISSING
    if one == other:
        return Alike.SAME
    return Alike.SIMILAR if similar else Alike.DIFFERENT


def decider_of(
    account: Account, *concerned: Account, presence: Presence, now: datetime, first: Account | None = None
) -> Decider:
    """What somebody is to a decision about these people, at this instant. `first`: who decided before them."""
    keys = {survivor_of(one).pk for one in concerned} | {one.pk for one in concerned}
    return Decider(
        is_security_desk=authority_of(account, now=now).is_security_desk,
        is_concerned=account.pk in keys,
        presence=presence,
        was_first=first is not None and survivor_of(first).pk == account.pk,
    )


def may_decide_case(account: Account, case: DuplicateCase, *, presence: Presence, now: datetime) -> Yes | No:
    """For a page's buttons; the action asks again under its locks."""
    merge = latest_merge(case)
    is_second = case.state == CaseState.PROPOSED
    first = merge.proposed_by if merge is not None and merge.state == MergeState.PROPOSED else None
    decider = decider_of(account, case.first, case.second, presence=presence, now=now, first=first)
    return may_decide(decider, now=now, limits=settings.LIMITS, as_second=is_second)
