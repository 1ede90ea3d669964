"""Sign-ins of a simulated day: those of everybody whose role does not rest are written as one set, by the product's own rule.

Whoever meets "inactive" goes the long way, or gives up; a warning brings some of the forgetful back (I-3, I-4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import enter, stamp_sign_ins
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import is_live
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.signin.models import Password
from bailiwick.idm.simulation.behaviour import Behaviour, days_until
from bailiwick.idm.simulation.population import Somebody, World

AT_ONCE = 500
SATURDAY = 5


@dataclass(frozen=True)
class SignIns:
    """How many signed in; of those who met "inactive", how many came back and how many gave up; who found no role left."""

    made: int = 0
    came_back: int = 0
    gave_up: int = 0
    found_none: int = 0


def sign_in_everybody_due(
    world: World, day: int, date_: date, *, behaviour: Behaviour, draw: Random, now: datetime
) -> SignIns:
    """The help desk, and everybody whose day it is, but most of those of a weekend on the Monday after."""
    due = [person for person in world.people if person.next_sign_in == day and not person.has_left]
    today = []
    for person in due:
        if date_.weekday() >= SATURDAY and draw.random() >= behaviour.weekend:
            person.next_sign_in = day + 7 - date_.weekday()
        else:
            today.append(person)
    # The help desk works in IDM, every day: there its roles are used (I-1).
    Account.objects.filter(pk__in=[one.pk for one in world.desk]).update(last_signed_in_at=now)
    awake = _stamp(world, today, now)
    met = [person for person in today if person.number not in awake]
    resting = _still_holding(world, met, now)
    willing = [person for person in resting if draw.random() < behaviour.comes_back]
    back = [person for person in willing if _resets_and_signs_in(world, person, now)]
    for person in today:
        person.next_sign_in = None
    for person in [person for person in today if person.number in awake] + back:
        person.next_sign_in = day + days_until(draw, person.rhythm.mean_days)
    return SignIns(
        made=len(awake) + len(back),
        came_back=len(back),
        gave_up=len(resting) - len(back),
        found_none=len(met) - len(resting),
    )


def _stamp(world: World, people: list[Somebody], now: datetime) -> set[int]:
    """The numbers of those whose role was awake; their sign-in is noted (I-1)."""
    noted: set[int] = set()
    for begin in range(0, len(people), AT_ONCE):
        keys = [person.account.pk for person in people[begin : begin + AT_ONCE]]
        awake = stamp_sign_ins(accounts=keys, application=world.application.code, now=now)
        Account.objects.filter(pk__in=keys).update(last_signed_in_at=now)
        noted |= {world.by_key[key].number for key in awake}
    return noted


def _still_holding(world: World, people: Iterable[Somebody], now: datetime) -> list[Somebody]:
    """Of them those whose role was not removed yet."""
    keys = [person.account.pk for person in people]
    held = Grant.objects.filter(is_live(now), account__in=keys, application=world.application.code)
    return sorted(
        (world.by_key[key] for key in set(held.values_list("account_id", flat=True))), key=_by_number
    )


def _by_number(person: Somebody) -> int:
    return person.number


def _resets_and_signs_in(world: World, person: Somebody, now: datetime) -> bool:
    """The way back: a password that was set since, then a sign-in (I-4). The password itself is nobody's business here."""
    account, by = person.account, By(actor=str(person.account.pk))
    Password.objects.update_or_create(account=account, defaults={"set_at": now, "encoded": "!"})
    return bool(enter(account=account, application=world.application.code, by=by, now=now))


def heed_warnings(warned: Iterable[Somebody], day: int, *, behaviour: Behaviour, draw: Random) -> None:
    """Whoever reads a warning and means to come back does so within two days."""
    for person in warned:
        if not person.has_left and draw.random() < behaviour.heeds_warning:
            soon = day + draw.randrange(3)
            person.next_sign_in = min(person.next_sign_in or soon, soon)
