"""Correction requests by themselves. (A-7, H-5)"""

from datetime import UTC, datetime

import pytest

from bailiwick.idm.rules.corrections import WAITING, Event, Kind, State, event_of, may_decide
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import Decider
from bailiwick.idm.rules.duplicates import may_decide as may_decide_case
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_MFA

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
STRONG = Presence(SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA), NOW)


@pytest.mark.parametrize(
    ("kind", "first"),
    [(Kind.NAME, Event.APPROVE), (Kind.BIRTH_DATE, Event.AGREE), (Kind.SSN, Event.AGREE)],
)
def test_birth_date_and_ssn_take_two(kind, first):
    """A name takes one; whoever denies, denies for all. [A-7, H-5]"""
    assert event_of(kind, State.PENDING, approve=True) is first
    assert event_of(kind, State.AGREED, approve=True) is Event.APPROVE
    assert event_of(kind, State.PENDING, approve=False) is Event.DENY


def test_a_request_waits_until_the_last_has_decided():
    """Also between the first and the second of two. [A-7]"""
    assert {State.PENDING, State.AGREED} == WAITING


@pytest.mark.parametrize("state", [State.PENDING, State.AGREED])
def test_who_decides_a_case_decides_a_correction(state):
    """Tier 3 under the same conditions; the second of two as the second. [A-7, H-5]"""
    for changes in ({}, {"is_concerned": True}, {"is_security_desk": False}, {"was_first": True}):
        columns = {"is_security_desk": True, "is_concerned": False, "presence": STRONG} | changes
        decider = Decider(**columns)
        expected = may_decide_case(decider, now=NOW, limits=LIMITS, as_second=state is State.AGREED)
        found = may_decide(decider, state, now=NOW, limits=LIMITS)
        assert found == expected
        assert bool(found) is (not changes or (changes == {"was_first": True} and state is State.PENDING))
