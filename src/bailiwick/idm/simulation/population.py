"""The fictitious people and organizations of a simulation, on a scratch database.

Accounts, enrollment records and organizations are made by the actions that pages use; proofing, and the roles that
people hold on the first day, are written as rows, because they began before the simulation did.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import grant_by_bootstrap
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import certification_every, zone
from bailiwick.idm.accounts.actions import open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.actions import claim, put_record
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.queries import record_with
from bailiwick.idm.proofing.models import Case, Method
from bailiwick.idm.proofing.queries import facts_digest
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.catalogue import Application, OrganizationKind, Standing
from bailiwick.idm.rules.grants import certification_due
from bailiwick.idm.rules.proofing import State
from bailiwick.idm.simulation.behaviour import Behaviour, Rhythm, sizes
from bailiwick.wire.provisioning import EnrollmentRecord, PersonOfRecord

BY = By("command")
AT_ONCE = 500
# Of those who hold a role on the first day: how long ago they signed in last, at most.
SEEN_WITHIN_DAYS = 10
DESK_PEOPLE, DESK_UNTIL = 3, date(9000, 1, 1)
FIRST = ("Robin", "Sasha", "Alex", "Jordan", "Casey", "Morgan", "Taylor", "Riley", "Quinn", "Avery", "Jamie")
LAST = ("Lark", "Meadow", "Brook", "Quill", "Fern", "Birch", "Stone", "Heron", "Sedge", "Alder", "Reed")
KINDS = (OrganizationKind.PROVIDER_OFFICE, OrganizationKind.BILLING_SERVICE)


@dataclass(frozen=True)
class Seat:
    """What somebody is at which organization, by its number."""

    place: int
    standing: Standing


@dataclass
class Somebody:
    """One person as the simulation moves them. `next_sign_in`: the number of the day; None for never again."""

    number: int
    account: Account
    rhythm: Rhythm
    seats: tuple[Seat, ...]
    next_sign_in: int | None = None
    has_left: bool = False
    is_absent: bool = False


@dataclass
class World:
    """Who and what there is. `days_before`: by place, how long ago its first role began.

    `by_…`: the same people, found by what notices and rows name.
    """

    application: Application
    people: list[Somebody] = field(default_factory=list)
    places: list[Organization] = field(default_factory=list)
    desk: list[Account] = field(default_factory=list)
    days_before: dict[int, int] = field(default_factory=dict)
    by_email: dict[str, Somebody] = field(default_factory=dict)
    by_key: dict[UUID, Somebody] = field(default_factory=dict)

    def number_of(self, key: UUID) -> int:
        """By which people are put in order; of the desk's, who have none, before all others."""
        return self.by_key[key].number if key in self.by_key else -1

    def take_in(self, person: Somebody) -> None:
        self.people.append(person)
        self.by_email[person.account.email] = person
        self.by_key[person.account.pk] = person


def populate(
    world: World, *, people: int, organizations: int, behaviour: Behaviour, draw: Random, now: datetime
) -> Iterator[str]:
    """Make everybody; tells how far it is."""
    for begin in range(0, organizations, AT_ONCE):
        with transaction.atomic():
            some = range(begin, min(begin + AT_ONCE, organizations))
            world.places += [
                place(world.application, number, KINDS[number % len(KINDS)], now) for number in some
            ]
    yield f"{organizations:,} organizations"
    open_desk(world, draw, now)
    seats = list(_seats(sizes(organizations, people)))
    for begin in range(0, len(seats), AT_ONCE):
        with transaction.atomic():
            made = [
                newcomer(world, number, (seat,), behaviour=behaviour, draw=draw, now=now)
                for number, seat in enumerate(seats[begin : begin + AT_ONCE], start=begin)
            ]
            prove([person.account for person in made], now=now)
            _hold_roles(world, made, behaviour=behaviour, draw=draw, now=now)
        yield f"{len(world.people):,} people"


def _seats(members: list[int]) -> Iterator[Seat]:
    """At each place an approver, from three people on a backup, and end users."""
    for number, size in enumerate(members):
        for turn in range(size):
            yield Seat(number, _standing(turn, size))


def _standing(turn: int, size: int) -> Standing:
    if turn == 0:
        return Standing.APPROVER
    return Standing.BACKUP if turn == 1 and size > 2 else Standing.END_USER  # noqa: PLR2004 - the two of them


def newcomer(
    world: World,
    number: int,
    seats: tuple[Seat, ...],
    *,
    behaviour: Behaviour,
    draw: Random,
    now: datetime,
    unseen_days: int = 0,
) -> Somebody:
    """Somebody with an account and a rhythm of their own, not seen for so long, and no role yet."""
    account = _account(f"sim.{number}", FIRST[number % len(FIRST)], _last_name(number), draw, now)
    person = Somebody(number, account, behaviour.rhythm(draw, unseen_days), seats)
    decides = any(seat.standing is not Standing.END_USER for seat in seats)
    person.is_absent = decides and draw.random() < behaviour.approver_is_absent
    world.take_in(person)
    return person


def _last_name(number: int) -> str:
    """Few share one: the number as letters."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return f"{LAST[number % len(LAST)]}{letters}"


def _account(user_id: str, first: str, last: str, draw: Random, now: datetime) -> Account:
    facts = PersonalFacts(
        first=first,
        middle="",
        last=last,
        suffix="",
        birth_date=date(1950, 1, 1) + timedelta(days=draw.randrange(18_000)),
        ssn="",
        address=Address("1 Fictitious Street", "Orlando", "FL", "32801"),
        phone="2025550100",
        email=f"{user_id}@people.example",
    )
    account = open_account(user_id=user_id, facts=facts, by=BY, now=now, digest=draw.randbytes(32))
    Account.objects.filter(pk=account.pk).update(first_signed_in_at=now, last_signed_in_at=now)
    return account


def prove(accounts: list[Account], *, now: datetime) -> None:
    """Each of them is proofed, as facts that were verified before (V-1)."""
    rows = Account.objects.select_related("person").filter(pk__in=[account.pk for account in accounts])
    about = {"state": State.VERIFIED, "terms_version": "1", "method": Method.ONLINE}
    Case.objects.bulk_create(
        Case(account=row, facts_digest=_digest(row), consented_at=now, verified_at=now, **about)
        for row in rows
    )


def _digest(account: Account) -> bytes:
    from bailiwick.idm.accounts.queries import facts_of

    return facts_digest(account, facts_of(account, account.person))


def place(application: Application, number: int, kind: OrganizationKind, now: datetime) -> Organization:
    """An organization of that kind, with an enrollment record that names nobody of it."""
    record = EnrollmentRecord(
        submitter_id=f"SIM{number:05}",
        version=1,
        legal_name=f"{LAST[number % len(LAST)]} {LAST[number // len(LAST) % len(LAST)]} Practice {number}",
        kind=kind.value,
        tin=f"98{number:07}",
        tin_tag="ein",
        address="1 Fictitious Street",
        phone="2025550100",
        city="Orlando",
        state="FL",
        zip="32801",
        status="active",
        approver=PersonOfRecord("Robin Named", "named@practice.example"),
    )
    put_record(
        application=application.code,
        submitter_id=record.submitter_id,
        version=1,
        record=record,
        by=BY,
        now=now,
    )
    row = record_with(record.submitter_id)
    assert row is not None
    return claim(record=row, by=BY, now=now)


def open_desk(world: World, draw: Random, now: datetime) -> None:
    """The application's help desk."""
    world.desk = [_desk(world.application, number, draw, now) for number in range(DESK_PEOPLE)]


def _desk(application: Application, number: int, draw: Random, now: datetime) -> Account:
    """Somebody of the application's help desk."""
    account = _account(f"sim.desk.{number}", "Dana", f"Desk{chr(ord('a') + number)}", draw, now)
    role = next(role for role in application.roles if role.standing is Standing.DESK)
    grant_by_bootstrap(account=account, application=application.code, role=role.code, by=BY, now=now)
    # There is no security desk here that would certify them (H-7).
    Grant.objects.filter(account=account).update(certify_by=DESK_UNTIL)
    return account


def role_for(application: Application, standing: Standing, kind: OrganizationKind | None) -> str:
    """The code of the application's role of that standing at an organization of that kind."""
    fitting = (None, kind)
    return next(
        role.code
        for role in application.roles
        if role.standing is standing and role.organization_kind in fitting
    )


def _hold_roles(
    world: World, people: list[Somebody], *, behaviour: Behaviour, draw: Random, now: datetime
) -> None:
    """Roles that began on days of the time between two certifications, so that these fall due all the year round."""
    every = certification_every(world.application)
    rows = []
    for person in people:
        (seat,) = person.seats
        organization, first = world.places[seat.place], draw.randrange(every.days - 1)
        if seat.standing is Standing.APPROVER:
            world.days_before[seat.place] = first
        elif draw.random() < behaviour.began_together:
            first = world.days_before[seat.place]
        began = now - timedelta(days=first)
        seen = now - timedelta(days=draw.randrange(SEEN_WITHIN_DAYS))
        person.next_sign_in = draw.randrange(max(2, round(person.rhythm.mean_days)))
        rows.append(
            Grant(
                account=person.account,
                application=world.application.code,
                role=role_for(world.application, seat.standing, organization.kind),
                organization=organization,
                started_at=began,
                last_sign_in_at=max(began, seen),
                certify_by=certification_due(began, every, zone()),
            )
        )
    Grant.objects.bulk_create(rows)
