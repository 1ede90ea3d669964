"""Roles that go over to another account: what is over by itself, the clock of inactivity, and the certification after it (A-5)."""

import pytest

from bailiwick.idm.access.actions import enter, note_inactivity, open_certifications, tell_owed
from bailiwick.idm.access.actions.merging import hand_back, hand_over
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import live_grants
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.grants import EndReason
from tests.idm.build_access import COMMAND, DAY, NOON, approver, end_user, grant_of, mails_to, organization
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
    hand_back(moves=moves, source=source, survivor=survivor, by=COMMAND, now=NOON)
    back = grant_of(source)
    assert open_certifications(by=COMMAND, now=NOON + DAY) == 1
    certified(back, boss, now=NOON + DAY)
    assert outcomes(back) == [
        (TODAY + 30 * DAY, Outcome.ENDED),
        (TODAY + 31 * DAY, Outcome.CERTIFIED),
    ]
