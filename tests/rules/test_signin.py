"""The password path and the security answer as rules see them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.signin import (
    IN_THE_WAY,
    RECOVERY_HELPS,
    Path,
    PathEvent,
    PathState,
    Refusal,
    Standing,
    begun,
    failed,
    may_be_answer,
    may_begin,
    normalized_answer,
    refreshed,
    reserved,
    state_of,
    taken_back,
)

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def after_failures(*minutes: float) -> Path:
    path = Path()
    for minute in minutes:
        path, allowed = reserved(path, at(minute), LIMITS)
        path = failed(path, at(minute)) if allowed else path
    return path


def test_three_failures_in_two_hours_lock():
    """The third within 120 minutes locks; two leave it open. [S-5]"""
    assert state_of(after_failures(0, 60), at(60), LIMITS) is PathState.OPEN
    assert state_of(after_failures(0, 60, 119), at(119), LIMITS) is PathState.LOCKED


def test_old_failures_do_not_count():
    """A failure of 120 minutes ago is forgotten. [S-5]"""
    assert state_of(after_failures(0, 60, 120), at(120), LIMITS) is PathState.OPEN


def test_a_lock_lasts_sixty_minutes_and_leaves_nothing():
    """At 60 minutes the path is open, with three tries left. [S-5]"""
    path = after_failures(0, 1, 2)
    assert state_of(path, at(61.9), LIMITS) is PathState.LOCKED
    assert state_of(path, at(62), LIMITS) is PathState.OPEN
    assert refreshed(path, at(62), LIMITS) == Path()


def test_three_tries_while_locked_suspend_for_good():
    """Then no time opens the path. [S-5]"""
    path = after_failures(0, 1, 2, 3, 4)
    assert state_of(path, at(5), LIMITS) is PathState.LOCKED
    path = after_failures(0, 1, 2, 3, 4, 5)
    assert state_of(path, at(100_000), LIMITS) is PathState.SUSPENDED
    assert refreshed(path, at(100_000), LIMITS) == path


def test_reserved_tries_fill_the_path_before_any_has_failed():
    """With three tries under way a fourth is not looked at. [S-5, AX06]"""
    path = Path()
    for _ in range(3):
        path, allowed = reserved(path, NOON, LIMITS)
        assert allowed
    path, allowed = reserved(path, NOON, LIMITS)
    assert not allowed
    assert state_of(path, NOON, LIMITS) is PathState.FULL


def test_a_right_try_takes_its_reservation_back():
    """And those turned away meanwhile do not suspend. [S-5]"""
    path = Path()
    for _ in range(3):
        path, _allowed = reserved(path, NOON, LIMITS)
    for _ in range(4):
        path, _allowed = reserved(path, NOON, LIMITS)
    path = taken_back(path, NOON)
    assert (path.pending, path.refused, len(path.failed_at)) == (2, 0, 2)
    assert taken_back(Path(), NOON) == Path()
    assert failed(Path(), NOON) == Path()


def test_the_change_that_locks_is_told_once():
    """Lock and suspension are told at the try that made them. [S-5]"""
    two = after_failures(0, 1)
    third, _ = reserved(two, at(2), LIMITS)
    locked = failed(third, at(2))
    assert begun(third, locked, at(2), LIMITS) is PathEvent.LOCKED
    assert begun(locked, locked, at(2), LIMITS) is None
    suspended = after_failures(0, 1, 2, 3, 4, 5)
    assert begun(locked, suspended, at(5), LIMITS) is PathEvent.SUSPENDED


@given(st.lists(st.tuples(st.sampled_from(["try", "fail", "right"]), st.integers(0, 90)), max_size=40))
def test_no_order_of_tries_looks_at_more_than_the_limit(moves):
    """Whatever is reserved, failed or right in any order, never are more than three unsettled or failed in the window. [S-5]"""
    path, now, open_tries = Path(), NOON, []
    for move, minutes in moves:
        now += timedelta(minutes=minutes)
        if move == "try":
            path, allowed = reserved(path, now, LIMITS)
            open_tries += [now] if allowed else []
        elif open_tries:
            path = (failed if move == "fail" else taken_back)(path, open_tries.pop(0))
        assert len(path.failed_at) <= LIMITS.failures_before_lock
        assert 0 <= path.pending <= len(path.failed_at)


def test_answers_are_compared_without_case_and_outer_spaces():
    """Also runs of spaces count as one. [P-10]"""
    assert normalized_answer("  Bello   the DOG ") == normalized_answer("bello the dog")


def test_an_answer_has_a_listed_question_and_a_length():
    """4 to 100 characters. [P-10]"""
    assert may_be_answer("first_pet", "abcd", LIMITS)
    assert may_be_answer("first_pet", "abc", LIMITS).because is Refusal.ANSWER_LENGTH
    assert may_be_answer("first_pet", "a" * 101, LIMITS).because is Refusal.ANSWER_LENGTH
    assert may_be_answer("shoe_size", "abcd", LIMITS).because is Refusal.QUESTION_UNKNOWN


@pytest.mark.parametrize(
    ("standing", "because"),
    [
        (Standing(AccountState.SUSPENDED, is_frozen=True, is_expired=True), Refusal.ACCOUNT_SUSPENDED),
        (Standing(AccountState.ARCHIVED, is_frozen=True, is_expired=True), Refusal.ACCOUNT_ARCHIVED),
        (Standing(AccountState.DISCARDED), Refusal.NOT_RECOGNIZED),
        (Standing(AccountState.MERGED), Refusal.NOT_RECOGNIZED),
        (Standing(AccountState.ACTIVE, is_frozen=True, is_expired=True), Refusal.ACCOUNT_FROZEN),
        (Standing(AccountState.ACTIVE, is_expired=True), Refusal.PASSWORD_EXPIRED),
    ],
)
def test_what_stands_in_the_way_is_told_in_its_order(standing, because):
    """What staff did comes first, then what the holder can undo. [S-5, S-9, P-5]"""
    assert may_begin(standing).because is because
    assert (because in IN_THE_WAY) is (because is not Refusal.NOT_RECOGNIZED)
    assert (because in RECOVERY_HELPS) is (because in {Refusal.ACCOUNT_FROZEN, Refusal.PASSWORD_EXPIRED})


def test_nothing_in_the_way_opens_the_sign_in():
    """An active account, not frozen, not expired. [S-1]"""
    assert may_begin(Standing(AccountState.ACTIVE))


def test_failures_count_until_they_are_two_hours_old():
    """The refreshed path keeps what is younger, and no more tries under way than it keeps. [S-5]"""
    path = Path(failed_at=(at(0), at(60)), pending=2)
    assert refreshed(path, at(119.9), LIMITS) == path
    assert refreshed(path, at(120), LIMITS) == Path(failed_at=(at(60),), pending=1)


def test_a_full_path_opens_when_its_last_try_is_an_hour_old():
    """A try that never came back (a killed program) locks nobody for ever. [S-5]"""
    path = Path(failed_at=(at(0), at(0), at(0)), pending=3, refused=3)
    assert state_of(path, at(1), LIMITS) is PathState.FULL
    assert state_of(path, at(59.9), LIMITS) is PathState.FULL
    assert state_of(path, at(60), LIMITS) is PathState.OPEN


def test_tries_turned_away_are_counted_up_to_the_limit():
    """One, two, three, and no further; what is under way stays under way. [S-5]"""
    path = after_failures(0, 1, 2)
    for turned_away in (1, 2, 3, 3):
        path, allowed = reserved(path, at(3), LIMITS)
        assert (allowed, path.refused, path.pending) == (False, turned_away, 0)


def test_a_settled_try_leaves_the_others_as_they_are():
    """One of two proved wrong, the other right: one failure is left, at its own time. [S-5]"""
    path, _ = reserved(Path(), at(0), LIMITS)
    path, _ = reserved(path, at(1), LIMITS)
    assert failed(path, at(0)).pending == 1
    assert failed(failed(path, at(0)), at(1)).pending == 0
    assert failed(Path(failed_at=(at(0),), pending=0), at(0)).pending == 0
    assert taken_back(path, at(1)) == Path(failed_at=(at(0),), pending=1)
    assert taken_back(path, at(0)) == Path(failed_at=(at(1),), pending=1)
    assert taken_back(Path(failed_at=(at(0),), pending=0), at(0)) == Path()
    assert taken_back(path, at(7)) == path


def test_what_does_not_begin_is_not_told():
    """Opening, or being full of tries under way, is no news. [S-5]"""
    locked = after_failures(0, 1, 2)
    assert begun(locked, Path(), at(2), LIMITS) is None
    full = Path(failed_at=(at(0), at(0), at(0)), pending=1)
    assert begun(Path(), full, at(0), LIMITS) is None


def test_a_refused_answer_names_its_bounds():
    """So that the page can say them; both ends are inside. [P-10]"""
    assert may_be_answer("first_pet", "a" * 100, LIMITS)
    assert may_be_answer("dream_job", "abcd", LIMITS)
    assert may_be_answer("first_pet", "a  b", LIMITS).facts == {"least": 4, "most": 100}
