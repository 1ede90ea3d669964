"""Signs that an account is shared, what becomes of a case, and archiving by two (H-5, H-6)."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bailiwick.ground.rulings import No
from bailiwick.idm.rules import closing, sharing
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sharing import Ground, Stay, Verdict, kilometers, stays_quiet, suspicion_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
MINUTE = timedelta(minutes=1)
ORLANDO, TAMPA, DENVER = (28.54, -81.38), (27.95, -82.46), (39.74, -104.99)
WHERE = {"Orlando, FL": ORLANDO, "Tampa, FL": TAMPA, "Denver, CO": DENVER}


def stay(name: str, place: str, since: int = 0, until: int = 60, *, device: str = "") -> Stay:
    """Minutes from noon."""
    return Stay(name, device or name, place, NOON + since * MINUTE, NOON + until * MINUTE)


def ground(*stays: Stay) -> Ground | None:
    found = suspicion_of(stays, WHERE, LIMITS)
    return found.ground if found else None


def test_far_apart_at_the_same_time_is_a_sign():
    """Two devices, two places that nobody is in at once. [H-6]"""
    found = suspicion_of([stay("a", "Orlando, FL"), stay("b", "Denver, CO", 30, 45)], WHERE, LIMITS)
    assert (found.ground, found.sessions) == (Ground.FAR_APART, ("a", "b"))


@pytest.mark.parametrize(
    ("stays", "why"),
    [
        ([stay("a", "Orlando, FL"), stay("b", "Tampa, FL")], "an hour's drive"),
        ([stay("a", "Orlando, FL", 0, 60), stay("b", "Denver, CO", 60, 90)], "one after the other"),
        ([stay("a", "Orlando, FL", 0, 60), stay("b", "Denver, CO", 51, 90)], "only for nine minutes"),
        ([stay("a", "Orlando, FL", device="x"), stay("b", "Denver, CO", device="x")], "one device, moved"),
        ([stay("a", "Orlando, FL"), stay("b", "192.0.2.0/24")], "nobody knows where that is"),
        ([stay("a", "Orlando, FL")], "alone"),
        ([], "never"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_one_person_can_do_is_no_sign(stays, why):
    """A phone and a desk, a journey, a private network. [H-6]"""
    assert ground(*stays) is None, why


def test_ten_minutes_at_once_are_at_the_same_time():
    """Exactly the number; a second less is not. [H-6]"""
    usual = stay("a", "Orlando, FL", 0, 60)
    assert ground(usual, stay("b", "Denver, CO", 50, 90)) is Ground.FAR_APART
    late = Stay("b", "b", "Denver, CO", NOON + 50 * MINUTE + timedelta(seconds=1), NOON + 90 * MINUTE)
    assert ground(usual, late) is None


def test_many_networks_at_once_are_a_sign_wherever_they_are():
    """Four at one time; three are a phone, a desk and a home. [H-6]"""
    networks = [stay(name, f"192.0.{number}.0/24") for number, name in enumerate("abcd")]
    assert ground(*networks[:3]) is None
    found = suspicion_of(networks, WHERE, LIMITS)
    assert (found.ground, set(found.sessions)) == (Ground.MANY_PLACES, set("abcd"))
    later = Stay("d", "d", "192.0.3.0/24", NOON + 120 * MINUTE, NOON + 180 * MINUTE)
    assert ground(*networks[:3], later) is None
    again = stay("e", "192.0.2.0/24")
    assert ground(*networks[:3], again) is None


def test_the_earth_is_round():
    """Known distances, within one in a hundred; the antipodes are no error. [H-6]"""
    assert kilometers(ORLANDO, DENVER) == pytest.approx(2500, rel=0.02)
    assert kilometers(ORLANDO, TAMPA) == pytest.approx(124, rel=0.02)
    assert kilometers((0, 0), (0, 180)) == pytest.approx(20015, rel=0.01)
    assert kilometers(DENVER, DENVER) == 0


def test_a_sign_that_was_looked_at_stays_quiet_for_ninety_days():
    """Nobody is asked every day about the phone of one family. [H-6]"""
    for ago, quiet in (
        (timedelta(0), True),
        (timedelta(days=90) - MINUTE, True),
        (timedelta(days=90), False),
    ):
        assert stays_quiet(NOON - ago, now=NOON, limits=LIMITS) is quiet


@pytest.mark.parametrize(("state", "verdict"), list(product(sharing.State, Verdict)))
def test_a_case_is_settled_once(state, verdict):
    """Whatever the verdict. [H-6, Q-5]"""
    ruling = sharing.may_settle(state, verdict)
    assert bool(ruling) == (state is sharing.State.OPEN)
    assert ruling or ruling.because is sharing.Refusal.SHARING_SETTLED


@pytest.mark.parametrize(
    ("state", "is_proposer", "stands"), list(product(closing.State, (True, False), (True, False)))
)
def test_archiving_takes_two_of_tier_3(state, is_proposer, stands):
    """The second is another, and the first still belongs to the desk; taking back or sending back asks neither. [H-5, A-6]"""
    proposal = closing.Proposal(state, is_proposer, stands)
    waits = state is closing.State.PROPOSED
    assert bool(closing.may_settle(proposal, closing.Event.REJECT)) == waits
    ruling = closing.may_settle(proposal, closing.Event.AGREE)
    assert bool(ruling) == (waits and stands and not is_proposer)
    if isinstance(ruling, No) and waits:
        because = closing.Refusal.SAME_PERSON if is_proposer else closing.Refusal.PROPOSER_GONE
        assert ruling.because is because
