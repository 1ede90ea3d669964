"""When an e-mail address may be changed, confirmed and taken back. [R-9]"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.mailboxes import (
    CHANGE_STEPS,
    ChangeEvent,
    ChangeFacts,
    ChangeState,
    Refusal,
    may_ask,
    may_confirm,
    may_take_back,
    still_recovers,
)

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
WAITING = ChangeFacts(
    state=ChangeState.WAITING,
    asked_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    confirmed_at=None,
    is_present=True,
)
CONFIRMED = replace(WAITING, state=ChangeState.CONFIRMED, confirmed_at=NOW, is_present=False)


def test_a_waiting_change_is_confirmed_within_its_day():
    """Not a second later. [R-9]"""
    assert may_confirm(WAITING, now=NOW + timedelta(hours=23, minutes=59))
    assert not may_confirm(WAITING, now=NOW + timedelta(hours=24))


@pytest.mark.parametrize("state", [ChangeState.CONFIRMED, ChangeState.REPLACED, ChangeState.TAKEN_BACK])
def test_no_other_change_is_confirmed(state):
    """Used, replaced, taken back. [R-9, AX10]"""
    assert not may_confirm(replace(WAITING, state=state), now=NOW)


def test_a_link_that_nobody_was_sent_confirms_nothing():
    """It is not known here. [R-9, AX10]"""
    assert may_confirm(None, now=NOW).because is Refusal.EMAIL_LINK_UNKNOWN


def test_a_change_from_another_address_is_not_confirmed():
    """The account moved since it was asked for. [R-9, AX10]"""
    assert may_confirm(replace(WAITING, is_present=False), now=NOW).because is Refusal.EMAIL_LINK_OVER


def test_taking_back_counts_from_the_confirmation():
    """Ten days; before it, from the asking. [R-9]"""
    ten = timedelta(days=10)
    late = replace(CONFIRMED, confirmed_at=NOW + timedelta(hours=20))
    assert may_take_back(late, now=NOW + ten, limits=LIMITS)
    assert not may_take_back(late, now=NOW + ten + timedelta(hours=20), limits=LIMITS)
    assert may_take_back(WAITING, now=NOW + ten - timedelta(seconds=1), limits=LIMITS)
    assert not may_take_back(WAITING, now=NOW + ten, limits=LIMITS)


def test_what_was_taken_back_is_not_taken_back_again():
    """Nor is what nobody knows. [R-9]"""
    gone = replace(CONFIRMED, state=ChangeState.TAKEN_BACK)
    assert may_take_back(gone, now=NOW, limits=LIMITS).because is Refusal.EMAIL_CHANGE_TAKEN_BACK
    assert may_take_back(None, now=NOW, limits=LIMITS).because is Refusal.EMAIL_LINK_UNKNOWN


def test_every_state_but_the_last_can_be_taken_back():
    """Whoever holds the old mailbox has the last word. [R-9]"""
    leading = {state for state, steps in CHANGE_STEPS.items() if ChangeEvent.TAKE_BACK in steps}
    assert leading == set(ChangeState) - {ChangeState.TAKEN_BACK}


def test_a_new_address_is_another_one_in_plain_letters():
    """Case makes no other; a look-alike is none. [R-9, AX10]"""
    asks = {"asked_lately": 0, "limits": LIMITS}
    assert may_ask("a@example.org", "b@example.org", **asks)
    assert may_ask("a@example.org", "A@EXAMPLE.org", **asks).because is Refusal.EMAIL_IS_THE_SAME
    assert may_ask("a@example.org", "а@example.org", **asks).because is Refusal.EMAIL_NOT_PLAIN
    tired = may_ask("a@example.org", "b@example.org", asked_lately=5, limits=LIMITS)
    assert (tired.because, tired.facts) == (Refusal.EMAIL_CHANGES_TOO_MANY, {"times": 5})


def test_the_old_address_recovers_for_a_day():
    """To the second. [R-9]"""
    assert still_recovers(NOW, now=NOW + timedelta(hours=23, minutes=59), limits=LIMITS)
    assert not still_recovers(NOW, now=NOW + timedelta(hours=24), limits=LIMITS)
