"""People who leave, those who come in their place, and who decides: requests and removals by the product's own actions."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.actions import Decision, decide_many, remove_grant, submit_request
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_live
from bailiwick.idm.access.queries.ending import approvers_on
from bailiwick.idm.access.queries.requests import deciders_of, requests
from bailiwick.idm.access.queries.weighing import weigh
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import State, Way
from bailiwick.idm.simulation.behaviour import Behaviour, days_until
from bailiwick.idm.simulation.population import Seat, Somebody, World, newcomer, prove, role_for
from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

DAYS_A_YEAR = 365
LOOKED_AT_AGAIN = 7
WAYS = {Standing.APPROVER: Way.ASSOCIATE, Standing.BACKUP: Way.ASSOCIATE, Standing.END_USER: Way.PICK}


@dataclass
class Calendar:
    """What is going to happen: number of the day -> what."""

    removals: dict[int, list[Somebody]] = field(default_factory=dict)
    arrivals: dict[int, list[Somebody]] = field(default_factory=dict)
    decisions: dict[int, list[UUID]] = field(default_factory=dict)


def strength() -> SignInStrength:
    """Everybody who decides is signed in with a passkey."""
    return SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False, desk_level=settings.DESK_LEVEL)


def leave(world: World, calendar: Calendar, day: int, *, behaviour: Behaviour, draw: Random) -> int:
    """Some go, today as on any other day. Returns how many."""
    going = [
        person
        for person in world.people
        if not person.has_left and draw.random() < behaviour.leaves_a_year / DAYS_A_YEAR
    ]
    for person in going:
        person.has_left, person.next_sign_in = True, None
        if draw.random() < behaviour.leaving_is_told:
            _plan(calendar.removals, day + days_until(draw, behaviour.removal_takes), person)
        if draw.random() < behaviour.is_replaced:
            _plan(calendar.arrivals, day + days_until(draw, behaviour.replacement_takes), person)
    return len(going)


def _plan(calendar: dict[int, list[Any]], day: int, what: Any) -> None:
    calendar.setdefault(day, []).append(what)


def remove_who_left(world: World, calendar: Calendar, day: int, *, now: datetime) -> None:
    """The approver who was told, or the help desk where there is none, removes the role (Q-8)."""
    for person in calendar.removals.pop(day, []):
        held = Grant.objects.filter(is_live(now), account=person.account).select_related("organization")
        for grant in held:
            _remove(world, grant, now)


def _remove(world: World, grant: Grant, now: datetime) -> None:
    for remover in [*_approvers_at_work(world, grant, now), world.desk[0]]:
        by = By(actor=str(remover.pk))
        try:
            remove_grant(grant=grant, remover=remover, reason="Left.", strength=strength(), by=by, now=now)
        except Refused:
            continue
        return


def _approvers_at_work(world: World, grant: Grant, now: datetime) -> list[Account]:
    found = (world.by_key.get(account.pk) for account in approvers_on(grant, now=now))
    return [person.account for person in found if person and is_at_work(person)]


def is_at_work(person: Somebody) -> bool:
    """Whether somebody who can decide looks at what waits."""
    return not person.has_left and not person.is_absent


def arrive(
    world: World, calendar: Calendar, day: int, *, behaviour: Behaviour, draw: Random, now: datetime
) -> None:
    """In the place of those who left: an account, proofing, and a request for the same role (Q-1)."""
    for seat in [seat for former in calendar.arrivals.pop(day, []) for seat in former.seats]:
        number = len(world.people)
        with transaction.atomic():
            person = newcomer(world, number, (seat,), behaviour=behaviour, draw=draw, now=now)
            prove([person.account], now=now)
        request = _ask(world, person, seat, draw, now)
        mean = behaviour.decision_takes if seat.standing is Standing.END_USER else behaviour.desk_takes
        _plan(calendar.decisions, day + days_until(draw, mean), request.pk)


def _ask(world: World, person: Somebody, seat: Seat, draw: Random, now: datetime) -> RoleRequest:
    place = world.places[seat.place]
    return submit_request(
        account=person.account,
        application=world.application.code,
        role=role_for(world.application, seat.standing, place.kind),
        way=WAYS[seat.standing],
        organization=place,
        reason="I start work there.",
        once=UUID(int=draw.getrandbits(128)),
        by=By(actor=str(person.account.pk)),
        now=now,
    )


def decide_what_waits(
    world: World, calendar: Calendar, day: int, *, behaviour: Behaviour, draw: Random, now: datetime
) -> None:
    """Whoever can decide a request does, on its day; where nobody looks it waits on, and is looked at again in a week."""
    theirs: dict[UUID, list[RoleRequest]] = {}
    deciders: dict[UUID, Account] = {}
    found = requests().filter(pk__in=calendar.decisions.pop(day, []), state=State.PENDING)
    for request in sorted(found, key=lambda one: world.by_key[one.account_id].number):
        decider = _whoever_looks(world, request, now)
        if decider is None:
            _plan(calendar.decisions, day + LOOKED_AT_AGAIN, request.pk)
        else:
            deciders[decider.pk] = decider
            theirs.setdefault(decider.pk, []).append(request)
    for key, some in theirs.items():
        decisions = _decisions(some, deciders[key], behaviour=behaviour, draw=draw, now=now)
        by = By(actor=str(key))
        decide_many(decisions=decisions, decider=deciders[key], strength=strength(), by=by, now=now)
        _begin_to_sign_in(world, some, day, draw)


def _whoever_looks(world: World, request: RoleRequest, now: datetime) -> Account | None:
    """The first of those who can decide and are at work; a help desk always is."""
    for account in deciders_of(request, now=now):
        person = world.by_key.get(account.pk)
        if person is None or is_at_work(person):
            return account
    return None


def _decisions(
    some: list[RoleRequest], decider: Account, *, behaviour: Behaviour, draw: Random, now: datetime
) -> list[Decision]:
    """What the decider makes of each, on what they are shown of it (Q-6)."""
    weighed = weigh([request.pk for request in some], decider, strength=strength(), now=now)
    denied = [draw.random() < behaviour.is_denied for _ in some]
    return [
        Decision(
            request=request,
            approve=not is_denied,
            snapshot_digest=weighed[request.pk].picture.digest,
            reason="Not known here." if is_denied else "",
        )
        for request, is_denied in zip(some, denied, strict=True)
    ]


def _begin_to_sign_in(world: World, some: list[RoleRequest], day: int, draw: Random) -> None:
    """Whoever was approved signs in by the rhythm they have; whoever was denied has gone."""
    approved = RoleRequest.objects.filter(pk__in=[one.pk for one in some], state=State.APPROVED)
    keys = set(approved.values_list("account_id", flat=True))
    for request in some:
        person = world.by_key[request.account_id]
        if request.account_id in keys:
            person.next_sign_in = day + days_until(draw, person.rhythm.mean_days)
        else:
            person.has_left = True
