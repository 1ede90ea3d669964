"""Roles that go over to another account: what is over by itself, the clock of inactivity, and the certification after it (A-5)."""

import pytest

from bailiwick.idm.access.actions import (
    enter,
    grant_by_bootstrap,
    note_inactivity,
    open_certifications,
    record_endings,
    tell_owed,
)
from bailiwick.idm.access.actions.merging import hand_back, hand_over
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import live_grants
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.grants import EndReason
from tests.idm.build_access import (
    COMMAND,
    DAY,
    END_USER,
    NOON,
    approver,
    end_user,
    grant_of,
    mails_to,
    organization,
)
from tests.idm.build_certification import TODAY, certified, due, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organization()


def test_no_role_that_is_held_goes_into_one_that_is_over(place):
    """Whether or not a round has written down that it ended, of which its holder hears. [A-5, I-2, N-1]"""
    survivor, source = end_user(of=place), end_user(of=place)
    over, held = due(survivor, 1), due(source, 200)
    later = NOON + 3 * DAY
    hand_over(source=source, survivor=survivor, by=COMMAND, now=later)
    assert [one.pk for one in live_grants(survivor, now=later)] == [held.pk]
    assert Grant.objects.get(pk=over.pk).end_reason == EndReason.CERTIFICATION_MISSED
    tell_owed(now=later)
    assert mails_to(survivor)[-1] == "roles-ended"


def test_the_sign_in_of_a_collapsed_role_begins_the_warnings_anew(place):
    """Whoever heard of all steps before hears of them again as the days since the other.s sign-in go by. [A-5, I-3]"""
    survivor, source = end_user(of=place), end_user(of=place)
    day = NOON + 29 * DAY
    note_inactivity(by=COMMAND, now=day)
    enter(account=source, application="spot", by=COMMAND, now=day)
    hand_over(source=source, survivor=survivor, by=COMMAND, now=day)
    assert note_inactivity(by=COMMAND, now=day + 16 * DAY) == 1


def test_a_role_that_came_back_is_certified_on_a_day_of_its_own(place):
    """The certification that was open ended with the merge; nobody decided it, and the next is opened and kept. [A-5, INV-11]"""
    boss = approver(of=place)
    due(boss, 300)
    survivor, source = end_user(of=place), end_user(of=place)
    due(survivor, 200)
    due(source, 30)
    open_certifications(by=COMMAND, now=NOON)
    moves = hand_over(source=source, survivor=survivor, by=COMMAND, now=NOON)
    parted(survivor, source, moves)
    back = grant_of(source)
    assert open_certifications(by=COMMAND, now=NOON + DAY) == 1
    certified(back, boss, now=NOON + DAY)
    assert outcomes(back) == [
        (TODAY + 30 * DAY, Outcome.ENDED),
        (TODAY + 31 * DAY, Outcome.CERTIFIED),
    ]


def parted(survivor, source, moves, *, now=NOON):
    """What was joined at NOON is two accounts again."""
    hand_back(moves=moves, source=source, survivor=survivor, merged_at=NOON, by=COMMAND, now=now)


def test_of_the_same_role_twice_the_one_that_would_end_later_goes_on(place):
    """Nobody loses a role by being one person: neither its days without an end nor its beginning. [A-5, Q-10, I-1]"""
    survivor, source = end_user(of=place), end_user(of=place, now=NOON + 35 * DAY)
    later = NOON + 36 * DAY
    Grant.objects.filter(account=survivor).update(ends_on=TODAY + 40 * DAY)
    kept = grant_of(source)
    hand_over(source=source, survivor=survivor, by=COMMAND, now=later)
    assert [one.pk for one in live_grants(survivor, now=later + 10 * DAY)] == [kept.pk]
    assert enter(account=survivor, application="spot", by=COMMAND, now=later)


def test_days_as_one_account_make_no_role_rest_after_it(place):
    """Neither one that went over nor one that collapsed: its holder could not use it. What rested before, rests. [A-5, I-1, I-5]"""
    survivor, source, sleeper = end_user(of=place), end_user(of=place), end_user(of=organization())
    role = {"application": "spot", "role": END_USER, "organization": organization()}
    grant_by_bootstrap(account=source, by=COMMAND, now=NOON, **role)
    Grant.objects.update(started_at=NOON - 10 * DAY)
    Grant.objects.filter(account=sleeper).update(started_at=NOON - 40 * DAY)
    moves = [hand_over(source=one, survivor=survivor, by=COMMAND, now=NOON) for one in (source, sleeper)]
    day = NOON + 29 * DAY
    for one, moved in zip((source, sleeper), moves, strict=True):
        parted(survivor, one, moved, now=day)
    record_endings(by=COMMAND, now=day + DAY)
    assert len(enter(account=source, application="spot", by=COMMAND, now=day + DAY)) == 2
    assert not enter(account=sleeper, application="spot", by=COMMAND, now=day + DAY)


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_role_comes_back_from_one_that_ended_by_itself(place, is_recorded):
    """Nobody decided that end, whether or not a round wrote it down: what was another person's is theirs again. [A-5, I-2]"""
    survivor, source = end_user(of=place), end_user(of=place)
    due(survivor, 20)
    due(source, 10)
    moves = hand_over(source=source, survivor=survivor, by=COMMAND, now=NOON)
    day = NOON + 22 * DAY
    if is_recorded:
        record_endings(by=COMMAND, now=day)
    parted(survivor, source, moves, now=day)
    assert [one.account for one in live_grants(source, now=day)] == [source]
    assert not live_grants(survivor, now=day)
