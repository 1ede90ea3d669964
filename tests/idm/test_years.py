"""Years of a small world on the real jobs, which stop for days again and again, against a plain book of the rules (years.py).

Every role is what counting days says, to the day; what ends is written down with its own instant and reason; and every
notice is sent once, however late, early, twice or backwards the jobs run.
"""

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import actions, jobs
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import gives_authority, is_live
from bailiwick.idm.access.queries.certifying import certification_lines
from bailiwick.idm.accounts.actions import note_first_sign_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.signin.models import Password
from tests.idm import build_access as build
from tests.idm.years import APPLICATION, HELP_DESK, KINDS, LATE, TIER_3, ZONE, Book, Held, Told, day_of
from tests.thorough import whole

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEED = int(os.environ.get("BAILIWICK_FAULTS_SEED", "1"))
# Its 29th of February lies ahead, and so do two changes of the clocks a year.
BEGINNING = date(2027, 1, 11)
DAYS, PEOPLE = whole(3 * 365 + 1, part=150), whole(200, part=14)
PEOPLE_A_PLACE = 7
# How many days the worker rests before it works again; in a short run it is away more than it works.
RESTS = whole((1, 1, 1, 1, 1, 2, 5, 10), part=(2, 5, 9, 10))
NIGHT = (jobs.record_endings, jobs.note_inactivity, jobs.certifications, jobs.tell_owed)


class World:
    """The rows and the book beside each other; `chance` draws who does what when."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.book = Book()
        self.told: Told = Counter()
        self.seen = 0
        self.happened: Counter[str] = Counter()
        self.now = self._instant(BEGINNING)
        self.desk, self.security = ([self._person() for _ in range(2)] for _ in range(2))
        for role, people in ((HELP_DESK, self.desk), (TIER_3, self.security)):
            for person in people:
                self.grant(person, role, None)
        self.people: list[Account] = []
        self.gaps: dict[object, int] = {}
        while len(self.people) < PEOPLE:
            self._open_place()
        self.spread(35, whole(365, part=100))

    def _person(self) -> Account:
        account = build.person(now=self.now)
        Password.objects.create(account=account, encoded="", set_at=self.now)
        return account

    def _open_place(self) -> None:
        place = build.organization()
        for number in range(PEOPLE_A_PLACE):
            person = self._person()
            # From diligent to gone: the usual days between two sign-ins.
            self.gaps[person.pk] = 12 if number == 0 else self.chance.choice((5, 14, 22, 31, 45, 95))
            self.grant(person, build.APPROVER if number < 2 else build.END_USER, place)
            self.people.append(person)

    def _instant(self, day: date) -> datetime:
        at = self.chance.choice((time(0), time(0, 1), time(23, 59, 59), None))
        at = at or time(self.chance.randrange(24), self.chance.randrange(60))
        return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)

    # A day.

    def live(self, day: date, *, worker: bool) -> None:
        """Everything of one day, in the order of its hours."""
        acts = [(self._instant(day), self.uses, person) for person in self.people if self._wants(person)]
        acts += [(self._instant(day), self.works_at_desk, one) for one in (*self.desk, *self.security)]
        acts += [(self._instant(day), self.looks_after, None)]
        acts += [(self._instant(day), self.night, None)] if worker else []
        for self.now, act, whom in sorted(acts, key=lambda one: one[0]):
            act(whom)
        self.compare()

    def _wants(self, person: Account) -> bool:
        return self.chance.random() < 1 / self.gaps[person.pk]

    def grant(self, person: Account, role: str, place: object) -> None:
        """Also where one is over of which nothing is written down yet."""
        ends_on = day_of(self.now) + timedelta(days=self.chance.randrange(40, 300))
        has_end = place is not None and self.chance.random() < 0.1
        row = actions.grant_by_bootstrap(
            account=person,
            application=APPLICATION[role],
            role=role,
            organization=place,
            by=build.COMMAND,
            now=self.now,
        )
        Grant.objects.filter(pk=row.pk).update(ends_on=ends_on if has_end else None)
        due = day_of(self.now) + timedelta(days=365)
        self.book.roles.append(
            Held(row.pk, person, place, role, self.now, due, ends_on=ends_on if has_end else None)
        )

    def spread(self, first: int, last: int) -> None:
        """Pull the days to certify by forward (C-6): a world that has gone on for a while when it is looked at."""
        for role in self.book.roles:
            role.certify_by = BEGINNING + timedelta(days=self.chance.randrange(first, last))
            Grant.objects.filter(pk=role.key).update(certify_by=role.certify_by)

    # What people do.

    def uses(self, person: Account) -> None:
        """Sign in to SPOT, or try; whoever cannot resets the password some day, or asks for the role anew."""
        expected, told = self.book.enters(person, self.now)
        claims = actions.enter(account=person, application="spot", by=build.by(person), now=self.now)
        assert len(claims) == expected, f"{person.user_id} entered with {len(claims)} roles, not {expected}"
        self.told += told
        self.happened["entered" if claims else "was refused"] += 1
        if told:
            self.happened["woke"] += 1
        states = {self.book.state(role, self.now) for role in self.book.of(person)}
        if "inactive" in states and self.chance.random() < 0.7:
            Password.objects.filter(pk=person.pk).update(set_at=self.now)
            self.book.password_at[person.pk] = self.now
            self.gaps[person.pk] = self.chance.choice((3, 9))
        elif states == {"ended"} and self.chance.random() < 0.3:
            last = self.book.of(person)[-1]
            if not self._is_written(last):
                self.happened["came back before it was written down"] += 1
            self.grant(person, last.role, last.place)

    def _is_written(self, role: Held) -> bool:
        """Whether its end is on record; by the next act of its holder it is, and nobody is told of it by a job any more."""
        if role.ended is None:
            role.ended = self.book.ends(role, self.now)
            return False
        return True

    def works_at_desk(self, person: Account) -> None:
        """Desk roles are used in IDM: signing in there is all it takes."""
        if self.chance.random() < 0.1:
            note_first_sign_in(account=person, now=self.now)
            self.book.desk_sign_in_at[person.pk] = self.now
            for role in self.book.of(person):
                role.nearing = 0

    def looks_after(self, _whom: None) -> None:
        """Somebody certifies what is due, takes a role away, or gives back what nobody certified."""
        desks = [*self.security, *self.desk]
        for role, left in list(self.book.open_to_certify(self.now)):
            is_done = role.holder in desks or self.chance.random() < (0.02 if left > 3 else 0.2)
            if is_done and (able := self.book.certifiers(role, self.now)):
                self._certify(role, self.chance.choice(able))
        for role in self.book.roles:
            is_missed = role.ended is not None and role.ended[1] == "certification_missed"
            days = (day_of(self.now) - role.certify_by).days
            if is_missed and days < 2 * LATE and self.chance.random() < 0.06:
                self._restore(role)
        users = [role for role in self.book.roles if role.role == build.END_USER]
        held = [role for role in users if self.book.state(role, self.now) != "ended"]
        if held and self.chance.random() < 0.03:
            self._take_away(self.chance.choice(held))

    def _line(self, role: Held, certifier: Account) -> object:
        return certification_lines([role.key], certifier, strength=build.STRONG, now=self.now)[role.key]

    def _certify(self, role: Held, certifier: Account) -> None:
        line = self._line(role, certifier)
        review = actions.Review(line.grant, line.digest)
        known = {"certifier": certifier, "strength": build.STRONG, "by": build.by(certifier), "now": self.now}
        actions.certify(review=review, **known)
        self.book.certified(role, self.now)
        self.told["role-certified", role.holder.email] += 1
        self.happened["certified"] += 1

    def _restore(self, role: Held) -> None:
        """Possible for 14 days, and while the person has not got the role anew."""
        certifiers = self.book.certifiers(role, self.now)
        days = (day_of(self.now) - role.certify_by).days
        again = any(one.place == role.place and not one.ended for one in self.book.of(role.holder))
        if not certifiers:
            return
        known = {"certifier": certifiers[0], "strength": build.STRONG, "by": build.by(certifiers[0])}
        line = self._line(role, certifiers[0])
        try:
            actions.restore_missed(review=actions.Review(line.grant, line.digest), now=self.now, **known)
        except Refused:
            assert days > LATE or again
            self.happened["was not restored"] += 1
            return
        assert days <= LATE
        assert not again
        role.ended, role.active_at, role.nearing = None, self.now, 0
        self.book.certified(role, self.now)
        self.told["role-restored", role.holder.email] += 1
        self.happened["restored"] += 1

    def _take_away(self, role: Held) -> None:
        """By hand: no later night undoes it (I-5)."""
        remover = self.desk[0]
        if self.book.state(self.book.of(remover)[0], self.now) != "active":
            return
        known = {"strength": build.STRONG, "by": build.by(remover), "now": self.now}
        actions.remove_grant(grant=Grant.objects.get(pk=role.key), remover=remover, reason="Left.", **known)
        role.ended = (self.now, "removed_by_desk")
        self.happened["taken away"] += 1

    # What the worker does.

    def night(self, _whom: None) -> None:
        """A round; sometimes twice, and sometimes once more under a clock that was set back."""
        self.told += self.book.night(self.now)
        again = self.chance.choice((None, None, timedelta(0), timedelta(hours=5), timedelta(days=3)))
        for now in (self.now, *([] if again is None else [self.now - again])):
            for job in NIGHT:
                job(now)

    # What has to be so.

    def compare(self) -> None:
        """Roles, written ends and notices, as the rows have them and as the book has them."""
        now, book = self.now, self.book
        live = set(Grant.objects.filter(is_live(now)).values_list("pk", flat=True))
        assert live == book.in_state(now, "active", "inactive"), self._differing(live, "active", "inactive")
        counting: set[object] = set()
        for application in catalogue().applications:
            rows = Grant.objects.filter(gives_authority(application, now))
            counting |= set(rows.values_list("pk", flat=True))
        assert counting == book.in_state(now, "active"), self._differing(counting, "active")
        written = Grant.objects.filter(ended_at__isnull=False).values_list("pk", "ended_at", "end_reason")
        ended = {role.key: role.ended for role in book.roles if role.ended}
        assert {key: (at, why) for key, at, why in written} == ended
        self._compare_notices()

    def _compare_notices(self) -> None:
        new = Message.objects.filter(pk__gt=self.seen).order_by("pk").values_list("pk", "kind", "to")
        found: Told = Counter()
        for self.seen, kind, to in new:
            found[kind, to] += kind in KINDS
        assert +found == +self.told, (
            f"{self.now}: too many {+(found - self.told)}, missing {+(self.told - found)}"
        )
        self.happened.update(kind for kind, _ in found.elements())
        self.told.clear()

    def _differing(self, found: set[object], *states: str) -> str:
        wrong = found ^ self.book.in_state(self.now, *states)
        return "\n".join(
            f"{role} {self.book.state(role, self.now)} {self.book.ends(role, self.now)}"
            for role in self.book.roles
            if role.key in wrong
        )


def test_every_day_of_years_is_as_the_rules_say_and_every_notice_comes_once():
    """Three years, a worker that is away for up to ten days, jobs that run twice or backwards. [I-1 I-2 I-3 I-4 I-5 C-1 C-2 C-3 C-5 N-1 AR09 AR10]"""
    world = World(SEED)
    works_on = 0
    for number in range(DAYS):
        worker = number >= works_on
        works_on = number + world.chance.choice(RESTS) if worker else works_on
        world.live(BEGINNING + timedelta(days=number), worker=worker)
    wanted = {*KINDS, "entered", "was refused", "woke", "certified", "restored", "taken away"}
    assert wanted <= set(world.happened), wanted - set(world.happened)


def test_nothing_is_usable_past_its_day_without_any_worker():
    """No job ever runs: what is inactive, past its last day, or not certified gives nothing, on its very day. [I-2, AX16, SR-27]"""
    world = World(SEED + 1)
    for number in range(whole(800, part=110)):
        world.live(BEGINNING + timedelta(days=number), worker=False)
    assert world.happened["was refused"]
