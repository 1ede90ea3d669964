"""A population like a real one: as many organizations and people, with the roles and dates that they have, and nobody's name.

Law: of the database that is copied no value is read but kinds, states, roles, dates and how far rounds had come. Who is
one person there is one person here, and everything else about them is fictitious.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from bailiwick.idm.access.actions import watch_continuity
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import is_within_its_days
from bailiwick.idm.access.queries.certifying import Certification
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application, OrganizationKind
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.simulation.behaviour import Behaviour, days_until
from bailiwick.idm.simulation.population import (
    AT_ONCE,
    BY,
    Seat,
    Somebody,
    World,
    newcomer,
    open_desk,
    place,
    prove,
)
from bailiwick.idm.simulation.reading import read_only

# How long a role lasts, and which of its steps were told: copied as it is.
ACTIVITY = ("started_at", "restored_at", "last_sign_in_at")
COPIED = (
    *ACTIVITY,
    "role",
    "certify_by",
    "ends_on",
    "inactivity_noted",
    "inactivity_told",
)


@dataclass(frozen=True)
class Role:
    """One role of the copied database. `told`: how often certifiers and holder heard of an open certification, or None."""

    holder: int
    place: int
    facts: dict[str, Any]
    told: tuple[int, int] | None


@dataclass(frozen=True)
class Original:
    """What was read. `places`: of each organization its kind and whether it is closed; `are_active`: of each person."""

    places: list[tuple[OrganizationKind, bool]]
    are_active: list[bool]
    roles: list[Role]


def read(application: Application, *, using: str, now: datetime) -> Original:
    """The roles held at organizations at `now` in the database of that alias; changes nothing there."""
    with read_only(using):
        rows = Grant.objects.using(using).filter(
            is_within_its_days(now),
            application=application.code,
            organization__isnull=False,
            role__in=[role.code for role in application.roles],
        )
        around = ("pk", "account_id", "organization_id", "account__state")
        of_place = ("organization__record__kind", "organization__record__status")
        held = list(rows.order_by("organization", "account", "pk").values(*around, *of_place, *COPIED))
        told = _told(using)
    places = dict.fromkeys(row["organization_id"] for row in held)
    holders = {row["account_id"]: row["account__state"] == AccountState.ACTIVE for row in held}
    kinds = {row["organization_id"]: tuple(row[name] for name in of_place) for row in held}
    place_at, holder_at = _numbered(places), _numbered(holders)
    return Original(
        [
            (OrganizationKind(kind), status == EnrollmentRecord.Status.CLOSED)
            for kind, status in kinds.values()
        ],
        list(holders.values()),
        [
            Role(
                holder_at[row["account_id"]],
                place_at[row["organization_id"]],
                {name: row[name] for name in COPIED},
                told.get((row["pk"], row["certify_by"])),
            )
            for row in held
        ],
    )


def _told(using: str) -> dict[tuple[UUID, date], tuple[int, int]]:
    rows = Certification.objects.using(using).filter(outcome=Outcome.OPEN)
    columns = rows.values_list("grant", "due_on", "notices", "warnings")
    return {(grant, due_on): (notices, warnings) for grant, due_on, notices, warnings in columns}


def _numbered(keys: dict[UUID, Any]) -> dict[UUID, int]:
    return {key: number for number, key in enumerate(keys)}


def settle(
    world: World, original: Original, *, behaviour: Behaviour, draw: Random, now: datetime
) -> Iterator[str]:
    """Make as many fictitious people and organizations, with those roles; tells how far it is."""
    for begin in range(0, len(original.places), AT_ONCE):
        _open_places(world, original.places[begin : begin + AT_ONCE], now)
    yield f"{len(world.places):,} organizations"
    open_desk(world, draw, now)
    theirs: list[list[Role]] = [[] for _ in original.are_active]
    for role in original.roles:
        theirs[role.holder].append(role)
    for begin in range(0, len(theirs), AT_ONCE):
        with transaction.atomic():
            some = range(begin, min(begin + AT_ONCE, len(theirs)))
            made = {at: _somebody(world, theirs[at], behaviour=behaviour, draw=draw, now=now) for at in some}
            prove([person.account for person in made.values()], now=now)
            _stop([person for at, person in made.items() if not original.are_active[at]])
            _hold(world, [role for at in some for role in theirs[at]])
        yield f"{len(world.people):,} people"
    # What is so on the first day was so before: nobody hears of it as of news.
    watch_continuity(by=BY, now=now)


def _open_places(world: World, some: list[tuple[OrganizationKind, bool]], now: datetime) -> None:
    with transaction.atomic():
        made = [
            place(world.application, number, kind, now)
            for number, (kind, _) in enumerate(some, start=len(world.places))
        ]
        world.places += made
        closed = [one.record_id for one, (_, is_closed) in zip(made, some, strict=True) if is_closed]
        EnrollmentRecord.objects.filter(pk__in=closed).update(status=EnrollmentRecord.Status.CLOSED)


def _somebody(
    world: World, roles: list[Role], *, behaviour: Behaviour, draw: Random, now: datetime
) -> Somebody:
    """Of a rhythm that fits how long they were not seen."""
    standings = {role.code: role.standing for role in world.application.roles}
    seats = tuple(Seat(role.place, standings[role.facts["role"]]) for role in roles)
    seen = [role.facts[name] for role in roles for name in ACTIVITY if role.facts[name]]
    unseen = max((now - max(seen)).days, 0)
    given: dict[str, Any] = {"behaviour": behaviour, "draw": draw, "now": now}
    person = newcomer(world, len(world.people), seats, **given, unseen_days=unseen)
    person.next_sign_in = days_until(draw, person.rhythm.mean_days) - 1
    return person


def _stop(people: list[Somebody]) -> None:
    """Suspended, as the account of the original is in some way."""
    for person in people:
        person.has_left, person.next_sign_in = True, None
    keys = [person.account.pk for person in people]
    Account.objects.filter(pk__in=keys).update(state=AccountState.SUSPENDED)


def _hold(world: World, roles: list[Role]) -> None:
    """The roles as they are, with the certifications that are open and how often they were told of."""
    made = [
        (
            role,
            Grant(
                account=world.people[role.holder].account,
                application=world.application.code,
                organization=world.places[role.place],
                **role.facts,
            ),
        )
        for role in roles
    ]
    Grant.objects.bulk_create(grant for _, grant in made)
    Certification.objects.bulk_create(
        Certification(
            grant=grant,
            holder=grant.account,
            due_on=grant.certify_by,
            notices=role.told[0],
            warnings=role.told[1],
        )
        for role, grant in made
        if role.told is not None
    )
