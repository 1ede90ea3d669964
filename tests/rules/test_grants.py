"""Grants as rules see them: days, rest, containment, removal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.days import after_full_days, day_of, oldest_still_within, start_of
from bailiwick.idm.rules.grants import (
    STEPS,
    EndReason,
    GrantEvent,
    GrantFacts,
    GrantState,
    Refusal,
    Remover,
    SignInStrength,
    Spans,
    certification_due,
    contains,
    may_remove,
    may_set_end,
    over_from,
    state_of,
)
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
SPANS = Spans(
    inactive_after=timedelta(days=30), removed_after=timedelta(days=90), reactivation_window=timedelta(days=7)
)
NEXT_YEAR = date(2027, 3, 2)
STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)
EMAIL_ONLY = SignInStrength(acr=ACR_LIMITED, is_limited=False)
instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def facts(**known: object) -> GrantFacts:
    return GrantFacts(**({"certify_by": NEXT_YEAR} | known))


def state(held: GrantFacts, now: datetime) -> GrantState:
    return state_of(held, now=now, spans=SPANS, zone=ZONE)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return start_of(day, ZONE) + timedelta(hours=hour, minutes=minute)


def test_inactive_begins_at_midnight_after_thirty_full_days():
    """At day 30 is from 00:00 after 30 full days, where the deployment is. [I-4]"""
    held = facts(started_at=NOON)
    midnight = at(date(2026, 4, 2))
    assert state(held, midnight - timedelta(seconds=1)) is GrantState.ACTIVE
    assert state(held, midnight) is GrantState.INACTIVE


def test_a_sign_in_to_the_application_starts_the_days_anew():
    """The later of the start and the last sign-in counts. [I-1]"""
    held = facts(started_at=NOON - timedelta(days=90), last_sign_in_at=NOON)
    assert state(held, NOON + timedelta(days=29)) is GrantState.ACTIVE


@given(instants, instants, st.integers(1, 400))
def test_the_database_asks_the_same_rule(since, now, days):
    """What SQL compares and what Python computes agree on every instant, daylight saving included. [I-2]"""
    span = timedelta(days=days)
    assert (now < after_full_days(since, span, ZONE)) == (since >= oldest_still_within(now, span, ZONE))


def test_an_end_date_ends_with_that_day():
    """The grant counts all through its last day, and not a second longer, jobs or no jobs. [Q-10, I-2]"""
    held = facts(started_at=NOON, ends_on=date(2026, 3, 5))
    assert state(held, at(date(2026, 3, 5), 23, 59)) is GrantState.ACTIVE
    assert state(held, at(date(2026, 3, 6))) is GrantState.ENDED


def test_an_ended_grant_is_ended_whatever_else():
    """Ended is the last state. [Q-8]"""
    held = facts(started_at=NOON, ended_at=NOON, is_organization_closed=True)
    assert state(held, NOON) is GrantState.ENDED


def test_a_closed_organization_gives_nothing():
    """A grant of a closed organization is not active. [INV-4]"""
    assert state(facts(started_at=NOON, is_organization_closed=True), NOON) is GrantState.CLOSED


def test_certification_is_due_after_a_year():
    """Due 365 days after the grant. [C-1]"""
    due = certification_due(NOON, timedelta(days=365), ZONE)
    assert due == date(2027, 3, 2)
    assert day_of(NOON, ZONE) + timedelta(days=365) == due


@pytest.mark.parametrize("event", GrantEvent)
@pytest.mark.parametrize("before", GrantState)
def test_each_event_in_each_state(before, event):
    """The table says what follows, or that nothing does: an end is final but for the merge that is undone. [Q-8, A-5]"""
    table = {
        GrantState.ACTIVE: {"rest": "inactive", "close": "closed", "end": "ended"},
        GrantState.INACTIVE: {"close": "closed", "end": "ended"},
        GrantState.CLOSED: {"reopen": "active", "rest": "inactive", "end": "ended"},
        GrantState.ENDED: {"restore": "active"},
    }
    assert STEPS[before].get(event) == table[before].get(event.value)


@given(
    instants,
    st.none() | st.integers(0, 400),
    st.integers(0, 400),
    st.lists(st.integers(0, 400), min_size=2, max_size=2).map(sorted),
    st.booleans(),
)
def test_what_time_does_is_in_the_table(begun, last_day, due, days, is_closed):
    """The computed state never moves along a way that the table does not have. [I-2, I-4, I-5, C-3, Q-10]"""
    began = day_of(begun, ZONE)
    held = facts(
        started_at=begun,
        certify_by=began + timedelta(days=due),
        ends_on=None if last_day is None else began + timedelta(days=last_day),
        is_organization_closed=is_closed,
    )
    early, late = (state(held, begun + timedelta(days=day)) for day in days)
    assert early is late or late in STEPS[early].values()


def test_a_role_ends_by_itself_with_whatever_comes_first():
    """The last day and the day to certify by still count; with day 90 it is gone; the reason is the first of them. [C-3, I-5, Q-10]"""
    busy = facts(started_at=NOON, last_sign_in_at=at(date(2027, 3, 1)))
    ends = [
        (busy, date(2027, 3, 3), EndReason.CERTIFICATION_MISSED),
        (facts(started_at=NOON), date(2026, 6, 1), EndReason.INACTIVITY),
        (facts(started_at=NOON, ends_on=date(2026, 3, 5)), date(2026, 3, 6), EndReason.END_DATE),
        (replace(busy, ends_on=NEXT_YEAR), date(2027, 3, 3), EndReason.END_DATE),
    ]
    for held, first_day_without, reason in ends:
        assert over_from(held, SPANS, ZONE) == (at(first_day_without), reason)
        assert state(held, at(first_day_without) - timedelta(seconds=1)) is not GrantState.ENDED
        assert state(held, at(first_day_without)) is GrantState.ENDED


LATER, SOONER, NEVER = date(2026, 9, 1), date(2026, 4, 1), None


@pytest.mark.parametrize(
    ("who", "standing", "change", "answer"),
    [
        ({"is_holder": True}, Standing.APPROVER, (NEVER, SOONER), Yes(EndReason.GIVEN_UP)),
        ({"is_holder": True}, Standing.END_USER, (SOONER, LATER), No(Refusal.NOT_TO_POSTPONE)),
        ({"is_holder": True}, Standing.END_USER, (SOONER, SOONER), Yes(EndReason.GIVEN_UP)),
        ({"is_holder": True}, Standing.END_USER, (SOONER, NEVER), No(Refusal.NOT_TO_POSTPONE)),
        ({"is_able_approver": True}, Standing.END_USER, (SOONER, LATER), Yes(EndReason.REMOVED_BY_APPROVER)),
        ({"is_able_approver": True}, Standing.BACKUP, (NEVER, SOONER), No(Refusal.NOT_A_REMOVER)),
        ({"is_application_desk": True}, Standing.BACKUP, (SOONER, NEVER), Yes(EndReason.REMOVED_BY_DESK)),
        ({"identity_tier": 1}, Standing.END_USER, (LATER, SOONER), Yes(EndReason.REMOVED_BY_DESK)),
        ({"identity_tier": 1}, Standing.END_USER, (SOONER, LATER), No(Refusal.NOT_TO_POSTPONE)),
        ({"identity_tier": 3}, Standing.DESK, (SOONER, LATER), Yes(EndReason.REMOVED_BY_DESK)),
        ({}, Standing.END_USER, (NEVER, SOONER), No(Refusal.NOT_A_REMOVER)),
    ],
)
def test_who_sets_a_last_day(who, standing, change, answer):
    """Earlier: whoever may remove. Later, or none: who decides on such roles, and nobody for themselves. [Q-10, Q-5]"""
    before, after = change
    remover = Remover(strength=STRONG, **who)
    assert may_set_end(remover, standing, ends_on=after, now_ends_on=before) == answer


def test_what_contains_what():
    """Approver contains backup and end user, backup contains end user, nothing contains itself. [Q-2]"""
    pairs = {(held, asked) for held in Standing for asked in Standing if contains(held, asked)}
    assert pairs == {
        (Standing.APPROVER, Standing.BACKUP),
        (Standing.APPROVER, Standing.END_USER),
        (Standing.BACKUP, Standing.END_USER),
    }


@pytest.mark.parametrize(
    ("who", "standing", "ground"),
    [
        ({"is_holder": True}, Standing.APPROVER, EndReason.GIVEN_UP),
        ({"is_able_approver": True}, Standing.END_USER, EndReason.REMOVED_BY_APPROVER),
        ({"is_application_desk": True}, Standing.APPROVER, EndReason.REMOVED_BY_DESK),
        ({"identity_tier": 1}, Standing.END_USER, EndReason.REMOVED_BY_DESK),
        ({"identity_tier": 3}, Standing.DESK, EndReason.REMOVED_BY_DESK),
    ],
)
def test_those_who_may_remove(who, standing, ground):
    """The holder, an approver (end users only), the desks. [Q-8, H-2]"""
    assert may_remove(Remover(strength=STRONG, **who), standing) == Yes(ground)


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        ({}, Standing.END_USER),
        ({"is_able_approver": True}, Standing.APPROVER),
        ({"is_able_approver": True}, Standing.BACKUP),
        ({"identity_tier": 1}, Standing.DESK),
        ({"is_application_desk": True}, Standing.DESK),
        ({"is_holder": True, "is_account_active": False}, Standing.END_USER),
    ],
)
def test_those_who_may_not_remove(who, standing):
    """A backup cannot remove the approver; tier 1 no member of a desk; the suspended nobody. [Q-8, H-7]"""
    assert may_remove(Remover(strength=STRONG, **who), standing) == No(Refusal.NOT_A_REMOVER)


def test_removing_others_needs_a_strong_factor_giving_up_does_not():
    """Removing needs more than e-mail; one's own role goes with what one has, but not in a limited session. [S-6]"""
    other = Remover(strength=EMAIL_ONLY, is_application_desk=True)
    own = Remover(strength=EMAIL_ONLY, is_holder=True)
    limited = replace(own, strength=replace(EMAIL_ONLY, is_limited=True))
    assert may_remove(other, Standing.END_USER) == No(Refusal.STRONGER_FACTOR_NEEDED)
    assert may_remove(own, Standing.END_USER)
    assert may_remove(limited, Standing.END_USER) == No(Refusal.STRONGER_FACTOR_NEEDED)
