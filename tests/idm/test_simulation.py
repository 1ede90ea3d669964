"""Days that pass for fictitious people, by the product's own actions and jobs; what the report makes of them."""

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from bailiwick.idm.access.jobs import PERIODICS
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import gives_authority
from bailiwick.idm.access.queries.ending import ended_unrecorded
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.simulation import population, reporting, running
from bailiwick.idm.simulation.behaviour import Behaviour, Rhythm, sizes
from bailiwick.idm.simulation.charts import Chart, Series, nice_top, svg
from bailiwick.idm.simulation.counting import RESTORED, Day, together
from bailiwick.idm.simulation.policy import Policy
from bailiwick.idm.site.trying import Wish, worlds_of
from tests.thorough import whole

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 5)
PEOPLE, PLACES = 10, 2
DAYS = whole(365, part=34)
# Numbers and people that show everything in few days: roles rest after 8 days and are certified within 45, certifiers
# look when the day is over, and whoever meets "inactive" comes back.
SHORT = Policy(deployment={"inactive_after_days": 8, "certification_every_days": 45})
RESTLESS = Behaviour(
    rhythms=(Rhythm("often", 0.5, 2), Rhythm("now and then", 0.5, 9)),
    comes_back=1,
    leaves_a_year=4,
    removal_takes=3,
    replacement_takes=3,
    decision_takes=1,
    notices_late=0.9,
    notices_after=33,
    restoring_takes=1,
    restores_late=1,
)


def simulated(days, *, seed="7", behaviour=RESTLESS):
    """The days of a world of these people."""
    world = population.World(catalogue().application("spot"))
    simulation = running.Simulation(world, MONDAY, seed, [job.run for job in PERIODICS], behaviour=behaviour)
    begin = {"people": PEOPLE, "organizations": PLACES, "behaviour": behaviour, "draw": Random(seed)}
    now = running.at(MONDAY - timedelta(days=1), time(12))
    assert list(population.populate(world, **begin, now=now))
    return list(simulation.days(days))


def report_of(days):
    about = reporting.About("A test", [("Seed", "7")], [], RESTLESS.table())
    return reporting.page(days, about), reporting.days_csv(days)


def test_the_same_seed_gives_the_same_report(settings):
    """Byte for byte, though every key is another one; after its nights nothing is owed, and the days add up. People come
    back from rest, and what nobody certified in time is restored. [I-2, I-4, I-5, C-3, C-5]"""
    settings.LIMITS, reports = SHORT.limits(settings.LIMITS), []
    for _ in range(2):
        with transaction.atomic():
            days = simulated(DAYS)
            reports.append(report_of(days))
            last = running.at(days[-1].date, time(13))
            assert not ended_unrecorded(running.at(days[-1].date, time(1)))
            desk = Grant.objects.filter(
                gives_authority(catalogue().application("spot"), last), role="help-desk"
            )
            assert desk.count() == population.DESK_PEOPLE
            transaction.set_rollback(True)
    assert reports[0] == reports[1]
    began = sum(day.started + day.restored for day in days)
    assert PEOPLE + began - sum(sum(day.ended.values()) for day in days) == days[-1].held
    assert min(
        sum(getattr(day, what) for day in days) for what in ("left", "started", "came_back", "restored")
    )
    assert {"inactivity-warning", "roles-inactive", "certifications-due"} < {
        kind for day in days for kind in day.notices
    }
    certified = sum((Counter(day.certified) for day in days), Counter())
    assert certified[Outcome.MISSED] >= certified[RESTORED] == sum(day.restored for day in days)
    assert certified[Outcome.CERTIFIED] > 0


@pytest.mark.parametrize(("places", "roles"), [(1, 2), (3, 24), (50, 1000)])
def test_organizations_have_sizes_by_a_long_tail(places, roles):
    """Together what was asked for, the largest first, none without an approver and one more. [G-7]"""
    found = sizes(places, roles)
    assert sum(found) == roles
    assert found == sorted(found, reverse=True)
    assert min(found) >= 2


def test_many_people_are_several_worlds_whose_days_add_up():
    """How many depends on the wish alone; sums are sums, and what has waited longest is the longest."""
    wish = Wish("spot", 12_001, 600, 2, "7", MONDAY, Policy(), Path())
    worlds = worlds_of(wish)
    assert [(one.people, one.organizations) for one in worlds] == [(4000, 200), (4000, 200), (4001, 200)]
    assert [one.seed for one in worlds] == ["7.0", "7.1", "7.2"]
    days = [
        [Day(0, MONDAY, active=2, ended={"inactivity": 1}, oldest_waiting=3)],
        [Day(0, MONDAY, active=5, ended={"inactivity": 2, "end_date": 1}, oldest_waiting=1)],
    ]
    whole_day = Day(0, MONDAY, active=7, ended={"inactivity": 3, "end_date": 1}, oldest_waiting=3)
    assert together(days) == [replace(whole_day, notices=Counter(), certified=Counter())]


def test_a_chart_is_well_formed_and_says_what_it_shows():
    """Names are text, never markup; whoever does not see the picture hears a title and a description."""
    two = [Series("<one>", [0, 5]), Series("two", [3, 1])]
    lines = Chart("A & B", "Says <so>", ["Jan 1", "Jan 2"], two, "<roles>", [0, 1])
    for chart in (lines, Chart("Bars", "", ["w"] * 60, [Series("x", range(60))], "x", [0], is_stacked=True)):
        drawn = ET.fromstring(svg(chart, identifier="one"))
        assert drawn[0].text == chart.title
        assert drawn.get("aria-labelledby") == "one-title one-says"
    assert [nice_top(highest) for highest in (0, 3, 9, 41, 281)] == [4, 4, 12, 80, 400]
