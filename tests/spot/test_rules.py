"""SPOT's pure decisions: submitter IDs, how far a session reaches, delivery, the numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.spot.rules.enrollment import STEPS, Delivery, Event, Status, delivery
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.sessions import End, Reach, SessionFacts, is_due_to_ask, reach, why_over
from bailiwick.spot.rules.signin import Refusal, refusal_for
from bailiwick.spot.rules.submitterids import ALPHABET, LENGTH, is_well_formed, submitter_id
from bailiwick.spot.signin.words import HEADINGS, WORDS
from bailiwick.wire.provisioning import SUBMITTER_ID

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIMITS = Limits()
MINUTE = timedelta(minutes=1)
FRESH = SessionFacts(started_at=NOW, last_seen_at=NOW, confirmed_at=NOW, asked_at=NOW, unanswered_since=None)

ids = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=8, max_size=8).map(submitter_id)
places = st.integers(0, LENGTH - 1)
signs = st.sampled_from(ALPHABET)


def with_sign(text: str, place: int, sign: str) -> str:
    return text[:place] + sign + text[place + 1 :]


@given(ids)
def test_submitter_id_is_one_that_idm_takes(text):
    """Every ID that SPOT issues is well formed, here and on the wire. [F-11]"""
    assert is_well_formed(text)
    assert SUBMITTER_ID.fullmatch(text)


@given(ids, places, places, signs, signs)
def test_one_or_two_mistyped_letters_are_caught(text, first, second, one, two):
    """The check letters catch any one or two wrong letters. [F-11]"""
    mistyped = with_sign(with_sign(text, first, one), second, two)
    assert is_well_formed(mistyped) == (mistyped == text)


@given(ids, places, places)
def test_two_letters_swapped_are_caught(text, first, second):
    """The check letters catch any two letters swapped. [F-11]"""
    swapped = with_sign(with_sign(text, first, text[second]), second, text[first])
    assert is_well_formed(swapped) == (swapped == text)


@given(st.text(max_size=12))
def test_any_text_is_judged(text):
    """Whatever is typed is judged without an error. [F-11]"""
    assert is_well_formed(text) in (True, False)


@pytest.mark.parametrize("values", [[], [0] * 7, [0] * 9, [23] + [0] * 7, [-1] + [0] * 7])
def test_only_eight_numbers_make_an_id(values):
    """Anything else drawn is a mistake of the caller. [F-11]"""
    with pytest.raises(ValueError):
        submitter_id(values)


def test_letters_that_are_mistaken_for_others_are_not_used():
    """Nothing that is taken for something else when read aloud or from paper. [F-11]"""
    assert not set("0O1IL5SBUAEZ2") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 23


@pytest.mark.parametrize(
    ("ago", "end"),
    [
        ({"last_seen_at": 29 * MINUTE}, None),
        ({"last_seen_at": 30 * MINUTE}, End.IDLE),
        ({"started_at": timedelta(hours=12) - MINUTE}, None),
        ({"started_at": timedelta(hours=12)}, End.TOO_LONG),
        ({"started_at": timedelta(hours=12), "last_seen_at": timedelta(hours=1)}, End.TOO_LONG),
    ],
)
def test_time_ends_a_session(ago, end):
    """Thirty idle minutes, or twelve hours. [S-8]"""
    facts = replace(FRESH, **{name: NOW - span for name, span in ago.items()})
    assert why_over(facts, NOW, LIMITS) is end


@pytest.mark.parametrize(
    ("confirmed", "unanswered", "wanted"),
    [
        (0, None, Reach.FULL),
        (14, None, Reach.FULL),
        (6, 1, Reach.READ_ONLY),
        (14, 9, Reach.READ_ONLY),
        (15, 10, Reach.NONE),
        (15, None, Reach.NONE),
    ],
)
def test_session_reaches_as_far_as_idm_answered(confirmed, unanswered, wanted):
    """Full; read-only while unanswered; nothing after fifteen minutes. [O-5]"""
    since = None if unanswered is None else NOW - unanswered * MINUTE
    facts = replace(FRESH, confirmed_at=NOW - confirmed * MINUTE, unanswered_since=since)
    assert reach(facts, NOW, LIMITS) is wanted


@pytest.mark.parametrize(
    ("confirmed", "asked", "unanswered", "due"),
    [
        (4.9, 4.9, None, False),
        (5, 5, None, True),
        (5, 0.1, None, False),
        (15, 0.1, None, True),
        (6, 0.1, 0.1, False),
        (6, 1, 1, True),
        (20, 0.1, 5, False),
    ],
)
def test_when_idm_is_asked_again(confirmed, asked, unanswered, due):
    """Every five minutes by one; twenty seconds after no answer; by everyone who has nothing to go on with. [O-5]"""
    facts = replace(
        FRESH,
        confirmed_at=NOW - confirmed * MINUTE,
        asked_at=NOW - asked * MINUTE,
        unanswered_since=None if unanswered is None else NOW - unanswered * MINUTE,
    )
    assert is_due_to_ask(facts, NOW, LIMITS) is due


def test_session_that_is_over_reaches_nothing():
    """Over is over, however fresh IDM's answer. [S-8]"""
    assert reach(replace(FRESH, last_seen_at=NOW - 30 * MINUTE), NOW, LIMITS) is Reach.OVER


@pytest.mark.parametrize(
    ("version", "confirmed", "refused", "wanted"),
    [
        (1, 0, 0, Delivery.ON_ITS_WAY),
        (1, 1, 0, Delivery.CONFIRMED),
        (2, 1, 0, Delivery.ON_ITS_WAY),
        (2, 1, 1, Delivery.ON_ITS_WAY),
        (2, 1, 2, Delivery.REFUSED),
        (2, 2, 2, Delivery.CONFIRMED),
    ],
)
def test_delivery_is_of_the_newest_version(version, confirmed, refused, wanted):
    """A record is on its way until IDM took, or refused, its newest version. [F-11]"""
    assert delivery(version=version, confirmed_version=confirmed, refused_version=refused) is wanted


def test_every_status_has_its_row():
    """The table of a record's life is complete, and a closed one stays closed. [G-1]"""
    assert set(STEPS) == set(Status)
    assert STEPS[Status.CLOSED] == {}
    assert set(STEPS[Status.ACTIVE]) == set(Event)


def test_every_refusal_is_explained():
    """Each reason has a heading and a sentence; unlisted errors have one, too. [M-3]"""
    assert set(HEADINGS) == set(WORDS) == set(Refusal)
    assert refusal_for("something_new") is Refusal.NOT_SET_UP


@pytest.mark.parametrize(
    "nonsense",
    [
        {"idle_ends_after": timedelta(0)},
        {"idle_warned_after": 40 * MINUTE},
        {"asked_again_every": 20 * MINUTE},
        {"longest_session": -MINUTE},
    ],
)
def test_nonsense_numbers_are_refused(nonsense):
    """Numbers that cannot be meant stop the start. [S-8]"""
    with pytest.raises(ValueError):
        Limits(**nonsense)
