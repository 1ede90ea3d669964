"""Telling of what rounds wrote down: roles that near resting, rest, or ended by themselves (I-3, I-5, C-3, N-1).

Some people at a time, each in a short transaction with the mark that they know. One mail to a person and application,
whatever number of roles it names; where rounds came late it says what holds now, not what held then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from bailiwick.idm.access.inactivity_notices import tell_nearing, tell_resting
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices_of_endings import MOST_LISTED, tell_decider_of_ends, tell_holder_of_ends
from bailiwick.idm.access.queries.ending import approvers_on, decided_by_approvers, of_desks, people_of_desk
from bailiwick.idm.access.queries.grants import GrantLine, lines_of_people
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.grants import GrantState

MOST_A_RUN = 4000
PEOPLE_AT_ONCE = 40


def tell_owed(*, now: datetime) -> int:
    """Tell whom rounds left untold. Returns of how many roles; what is left after many is told by the next run."""
    done = 0
    for tell in (_warn_some, _tell_some_holders, _tell_desks, _tell_some_approvers):
        while done < MOST_A_RUN and (told := tell(now)):
            done += told
    return done


def _warn_some(now: datetime) -> int:
    unwarned = Grant.objects.filter(inactivity_noted__gt=F("inactivity_told"), ended_at__isnull=True)
    with transaction.atomic():
        owed = _locked(unwarned)
        people = _people(owed)
        held = lines_of_people(people.values(), now=now)
        for (account, application), steps in _steps(owed).items():
            lines = [line for line in held[account] if line.grant.application == application]
            _warn(people[account], lines, steps, now)
        Grant.objects.filter(pk__in=[grant.pk for grant in owed]).update(
            inactivity_told=F("inactivity_noted")
        )
    return len(owed)


def _steps(owed: Iterable[Grant]) -> dict[tuple[UUID, str], dict[UUID, int]]:
    found: dict[tuple[UUID, str], dict[UUID, int]] = defaultdict(dict)
    for grant in owed:
        found[grant.account_id, grant.application][grant.pk] = grant.inactivity_noted
    return found


def _warn(holder: Account, lines: list[GrantLine], steps: dict[UUID, int], now: datetime) -> None:
    if holder.state != AccountState.ACTIVE:
        return
    owed = [line for line in lines if line.grant.pk in steps]
    if nearing := [line for line in owed if line.state is GrantState.ACTIVE]:
        active = [line for line in lines if line.state is GrantState.ACTIVE]
        tell_nearing(holder, active, nearing, step=max(steps.values()), now=now)
    if resting := [line for line in owed if line.state is GrantState.INACTIVE]:
        tell_resting(holder, resting, now=now)


def _tell_some_holders(now: datetime) -> int:
    with transaction.atomic():
        owed = _locked(Grant.objects.filter(holder_knows_end=False, ended_at__isnull=False))
        people = _people(owed)
        for (account, _), grants in _by_application(_shown(owed)).items():
            tell_holder_of_ends(people[account], grants, now=now)
        Grant.objects.filter(pk__in=[grant.pk for grant in owed]).update(holder_knows_end=True)
    return len(owed)


def _by_application(grants: Iterable[Grant]) -> dict[tuple[UUID, str], list[Grant]]:
    found: dict[tuple[UUID, str], list[Grant]] = defaultdict(list)
    for grant in grants:
        found[grant.account_id, grant.application].append(grant)
    return found


def _tell_desks(now: datetime) -> int:
    """The roles on which desks decide, and those where they stand in for approvers (G-7): all of an application in one mail."""
    done = 0
    for rows, members in of_desks(_of_unknown_end(), now=now):
        done += _tell_deciders(rows, partial(_of_desk, members), now)
    return done


def _of_desk(members: QuerySet[Grant], _: Grant) -> list[Account]:
    return people_of_desk(members)


def _tell_some_approvers(now: datetime) -> int:
    """The roles on which approvers decide, all of an organization in one mail."""
    # These alone, though desks were told of theirs: another worker may have written down more since.
    theirs = _of_unknown_end().filter(decided_by_approvers())
    first = theirs.order_by("organization", "application").first()
    if first is None:
        return 0
    there = theirs.filter(organization=first.organization_id, application=first.application)
    return _tell_deciders(there, partial(approvers_on, now=now), now)


def _of_unknown_end() -> QuerySet[Grant]:
    return Grant.objects.filter(deciders_know_end=False, ended_at__isnull=False)


def _tell_deciders(
    rows: QuerySet[Grant], deciders_on: Callable[[Grant], list[Account]], now: datetime
) -> int:
    with transaction.atomic():
        keys = list(
            rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
        )
        grants = _shown(Grant.objects.filter(pk__in=keys[:MOST_LISTED]).order_by("pk"))
        holders = {grant.account_id for grant in grants}
        for decider in deciders_on(grants[0]) if grants else ():
            # Whoever lost nothing but their own role has heard of it as its holder.
            if holders != {decider.pk}:
                tell_decider_of_ends(decider, grants, total=len(keys), now=now)
        Grant.objects.filter(pk__in=keys).update(deciders_know_end=True)
        return len(keys)


def _locked(owed: QuerySet[Grant]) -> list[Grant]:
    """Everything that is owed to some people, theirs until the transaction ends."""
    some = owed.order_by("account").values_list("account", flat=True).distinct()[:PEOPLE_AT_ONCE]
    return list(owed.filter(account__in=list(some)).select_for_update(no_key=True).order_by("pk"))


def _people(grants: Iterable[Grant]) -> dict[UUID, Account]:
    wanted = {grant.account_id for grant in grants}
    return Account.objects.select_related("person").in_bulk(wanted) if wanted else {}


def _shown(grants: Iterable[Grant]) -> list[Grant]:
    """The same with all that a mail names."""
    keys = [grant.pk for grant in grants]
    rows = Grant.objects.select_related("organization__record", "account__person").filter(pk__in=keys)
    return list(rows.order_by("pk")) if keys else []
