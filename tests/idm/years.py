"""A plain book of a small world: who holds what, when they used it, and what they were told; by counting days on fingers.

Written beside the product's rules and queries, not with them: whatever differs is a mistake in one of the two. It knows
days in the deployment's zone, and the numbers of spec and docs by heart.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from tests.idm.build_access import APPROVER, END_USER

ZONE = ZoneInfo("America/New_York")
NEARING, RESTS, GOES = (15, 25, 28, 29), 30, 90
YEAR, OPENS, CERTIFIERS_TOLD, HOLDERS_TOLD = 365, 30, (30, 14, 7, 1), (7, 1)
WINDOW, LATE = 7, 14
HELP_DESK, TIER_3 = "help-desk", "tier-3"
APPLICATION = {APPROVER: "spot", END_USER: "spot", HELP_DESK: "spot", TIER_3: "idm"}
KINDS = (
    *("inactivity-warning", "roles-inactive", "access-restored", "roles-ended", "people-lost-roles"),
    *("certifications-due", "certification-coming", "role-certified", "role-restored"),
)
Told = Counter[tuple[str, str]]


def day_of(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=ZONE)


@dataclass(eq=False)
class Held:
    """One role. The three counts: how many of the notices of its present period were told."""

    key: UUID
    holder: Account
    place: Organization | None
    role: str
    active_at: datetime
    certify_by: date
    ends_on: date | None = None
    ended: tuple[datetime, str] | None = None
    nearing: int = 0
    certifiers: int = 0
    holders: int = 0

    @property
    def application(self) -> str:
        return APPLICATION[self.role]


@dataclass
class Book:
    roles: list[Held] = field(default_factory=list)
    password_at: dict[UUID, datetime] = field(default_factory=dict)
    desk_sign_in_at: dict[UUID, datetime] = field(default_factory=dict)

    # What is so.

    def unused(self, role: Held, now: datetime) -> int:
        """How many midnights lie between its last use and now."""
        used = role.active_at
        if role.role in {HELP_DESK, TIER_3}:
            used = max(used, self.desk_sign_in_at.get(role.holder.pk, used))
        return (day_of(now) - day_of(used)).days

    def ends(self, role: Held, now: datetime) -> tuple[datetime, str]:
        """When it ends by itself, as things stand, and why."""
        gone = day_of(now) + timedelta(days=GOES - self.unused(role, now))
        last_days = [(role.certify_by, "certification_missed"), (gone, "inactivity")]
        if role.ends_on:
            last_days.insert(0, (role.ends_on, "end_date"))
        last, why = min(last_days, key=lambda one: one[0])
        return midnight_after(last), why

    def state(self, role: Held, now: datetime) -> str:
        if role.ended or now >= self.ends(role, now)[0]:
            return "ended"
        return "inactive" if self.unused(role, now) > RESTS else "active"

    def in_state(self, now: datetime, *states: str) -> set[UUID]:
        return {role.key for role in self.roles if self.state(role, now) in states}

    def wakes(self, role: Held, now: datetime) -> bool:
        """A password set while it rested, and at most seven full days since."""
        set_at = self.password_at.get(role.holder.pk)
        if set_at is None or self.state(role, now) != "inactive":
            return False
        return self.unused(role, set_at) > RESTS and (day_of(now) - day_of(set_at)).days <= WINDOW

    def of(self, person: Account, application: str = "") -> list[Held]:
        mine = [role for role in self.roles if role.holder == person]
        return [role for role in mine if application in {"", role.application}]

    def certifiers(self, role: Held, now: datetime) -> list[Account]:
        """Approvers for end users, the application's desk for approvers and where no approver can; security for desks."""
        if role.role == END_USER and (able := self.approvers(role, now)):
            return able
        wanted = TIER_3 if role.role in {HELP_DESK, TIER_3} else HELP_DESK
        return [one for one in self._able(wanted, now) if one != role.holder]

    def approvers(self, role: Held, now: datetime) -> list[Account]:
        """The able ones of the role's organization, but its holder."""
        return [one for one in self._able(APPROVER, now, role.place) if one != role.holder]

    def _able(self, role: str, now: datetime, place: Organization | None = None) -> list[Account]:
        held = [one for one in self.roles if one.role == role and one.place == place]
        return [one.holder for one in held if self.state(one, now) == "active"]

    def open_to_certify(self, now: datetime) -> Iterator[tuple[Held, int]]:
        """Each role that is due within its 30 days, and the days left."""
        for role in self.roles:
            left = (role.certify_by - day_of(now)).days
            if left <= OPENS and self.state(role, now) != "ended":
                yield role, left

    # What people do.

    def enters(self, person: Account, now: datetime) -> tuple[int, Told]:
        """With how many roles a person gets into SPOT, and what they are told of it."""
        here = self.of(person, "spot")
        active = [role for role in here if self.state(role, now) == "active"]
        woken = [role for role in here if self.wakes(role, now)]
        for role in (*active, *woken):
            role.active_at, role.nearing = now, 0
        return len(active) + len(woken), Counter({("access-restored", person.email): 1} if woken else {})

    def certified(self, role: Held, now: datetime) -> None:
        role.certify_by = day_of(now) + timedelta(days=YEAR)
        role.certifiers = role.holders = 0

    # What a round of the jobs owes.

    def night(self, now: datetime) -> Told:
        """Write down what ended, and return whom this round tells of what: each thing once, however late it comes."""
        over = [role for role in self.roles if role.ended is None and self.state(role, now) == "ended"]
        for role in over:
            role.ended = self.ends(role, now)
        return self._nearing(now) + self._certifying(now) + self._over(over, now)

    def _nearing(self, now: datetime) -> Told:
        owed: set[tuple[str, str, str]] = set()
        for role in self.roles:
            steps = sum(self.unused(role, now) > days for days in (*NEARING, RESTS))
            if role.ended is None and steps > role.nearing:
                kind = "roles-inactive" if steps > len(NEARING) else "inactivity-warning"
                owed.add((kind, role.holder.email, role.application))
            role.nearing = max(role.nearing, steps)
        return Counter((kind, to) for kind, to, _ in owed)

    def _certifying(self, now: datetime) -> Told:
        told: set[tuple[str, str]] = set()
        for role, left in self.open_to_certify(now):
            to_certifiers, to_holder = (
                sum(left <= days for days in steps) for steps in (CERTIFIERS_TOLD, HOLDERS_TOLD)
            )
            if to_certifiers > role.certifiers:
                told |= {("certifications-due", one.email) for one in self.certifiers(role, now)}
            if to_holder > role.holders:
                told.add(("certification-coming", role.holder.email))
            role.certifiers, role.holders = max(to_certifiers, role.certifiers), max(to_holder, role.holders)
        return Counter(told)

    def _over(self, over: list[Held], now: datetime) -> Told:
        holders = {(role.holder.email, role.application) for role in over}
        told = Counter(("roles-ended", to) for to, _ in holders)
        together: dict[tuple[object, ...], set[str]] = {}
        for role in over:
            of_approvers = role.role == END_USER and self.approvers(role, now)
            whose = role.place if of_approvers else role.role in {HELP_DESK, TIER_3}
            here = together.setdefault((role.application, whose), set())
            here.update(one.email for one in self.certifiers(role, now))
        for mails in together.values():
            told.update(("people-lost-roles", to) for to in mails)
        return told
