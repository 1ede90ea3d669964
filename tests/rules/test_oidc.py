"""Who enters an application, and on what terms. (O-1, O-2, O-5, S-1)"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.oidc import (
    Entry,
    FamilyFacts,
    Visit,
    entry_of,
    is_code_fresh,
    is_family_live,
    is_strong_enough,
    strictest,
)
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
USUAL = Visit(
    verified_at=NOON - HOUR,
    acr=ACR_MFA,
    asked_at=NOON,
    wants_fresh=False,
    max_age=None,
    levels=(),
    minimum=ACR_LIMITED,
    has_access=True,
)


@pytest.mark.parametrize(
    ("changes", "entry"),
    [
        ({}, Entry.ENTERS),
        ({"verified_at": None}, Entry.SIGNS_IN),
        ({"verified_at": None, "has_access": False}, Entry.SIGNS_IN),
        ({"wants_fresh": True}, Entry.VERIFIES),
        ({"wants_fresh": True, "verified_at": NOON}, Entry.ENTERS),
        ({"max_age": HOUR}, Entry.ENTERS),
        ({"max_age": HOUR - SECOND}, Entry.VERIFIES),
        (
            {"max_age": timedelta(0), "asked_at": NOON - HOUR, "verified_at": NOON - HOUR + SECOND},
            Entry.ENTERS,
        ),
        # The clock was set back since: how long ago that factor was passed, nobody knows.
        ({"max_age": HOUR, "verified_at": NOON + HOUR}, Entry.VERIFIES),
        ({"wants_fresh": True, "verified_at": NOON + HOUR}, Entry.VERIFIES),
        ({"verified_at": NOON + HOUR}, Entry.ENTERS),
        ({"has_access": False}, Entry.HAS_NO_ACCESS),
        ({"has_access": False, "minimum": ACR_PHISHING_RESISTANT}, Entry.HAS_NO_ACCESS),
        ({"minimum": ACR_PHISHING_RESISTANT}, Entry.STRENGTHENS),
        ({"levels": (ACR_PHISHING_RESISTANT,)}, Entry.STRENGTHENS),
        ({"levels": (ACR_PHISHING_RESISTANT, ACR_LIMITED)}, Entry.ENTERS),
    ],
)
def test_the_first_thing_in_the_way_is_what_happens(changes, entry):
    """Sign in, verify again, have access, be strong enough: in this order. [O-1, O-2, S-1]"""
    assert entry_of(replace(USUAL, **changes), now=NOON) is entry


def test_the_minimum_holds_whatever_levels_are_asked():
    """A request cannot ask for less than the file. [O-6]"""
    assert not is_strong_enough(ACR_LIMITED, ACR_MFA, [ACR_LIMITED])
    assert is_strong_enough(ACR_MFA, ACR_MFA, [ACR_LIMITED])
    assert not is_strong_enough("", ACR_LIMITED, [])


def test_the_strictest_level_counts():
    """A role may want more than its application. [O-6]"""
    assert strictest([ACR_LIMITED, ACR_PHISHING_RESISTANT, ACR_MFA]) == ACR_PHISHING_RESISTANT


def test_a_code_lives_sixty_seconds():
    """Not before, not after. [O-1]"""
    limits = Limits()
    assert is_code_fresh(NOON, now=NOON, limits=limits)
    assert is_code_fresh(NOON, now=NOON + 59 * SECOND, limits=limits)
    assert not is_code_fresh(NOON, now=NOON + 60 * SECOND, limits=limits)
    assert not is_code_fresh(NOON, now=NOON - SECOND, limits=limits)


LIVE = FamilyFacts(None, None, None, NOON + HOUR, is_account_active=True)


def test_tokens_live_while_nothing_above_them_ended():
    """Access does not live on after its ground is gone. [O-5]"""
    assert is_family_live(LIVE, now=NOON)
    for end in ("family_ended_at", "presence_ended_at", "session_ended_at"):
        assert not is_family_live(replace(LIVE, **{end: NOON}), now=NOON)
    assert not is_family_live(replace(LIVE, is_account_active=False), now=NOON)
    assert not is_family_live(LIVE, now=NOON + HOUR)
