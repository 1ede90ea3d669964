"""Each rule of days against plain counting of calendar days, on the days on which counting goes wrong (AR09).

Leap days, the ends of months, changes to and from daylight saving time, in zones that change it at midnight, by half an
hour, or never; and a clock that steps back.
"""

import calendar
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules import certification, sessions
from bailiwick.idm.rules.days import after_full_days, day_of, due_date, start_of
from bailiwick.idm.rules.factors import matching_step
from bailiwick.idm.rules.grants import EndReason, GrantFacts, GrantState, Spans, over_from, state_of
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.organizations import ApproverFacts, HealthFlag, health
from bailiwick.idm.rules.passwords import is_expired
from bailiwick.idm.rules.profiles import PROFILES
from bailiwick.idm.rules.reactivation import ComeBack, steps_from, way_back

LIMITS = Limits()
SPANS = Spans(LIMITS.inactive_after, LIMITS.removed_after, LIMITS.reactivation_window)
ONE_TICK = timedelta(microseconds=1)
HOME = ZoneInfo("America/New_York")
NAMES = (
    *("America/New_York", "America/Puerto_Rico", "America/Los_Angeles", "UTC"),
    # At midnight, there is no 00:00 on one day of the year, or there are two.
    *("America/Havana", "America/Santiago", "Asia/Beirut"),
    *("Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"),
)
YEARS = range(2023, 2034)
CHANGES = (date(2024, 11, 3), date(2026, 3, 8), date(2026, 11, 1), date(2028, 9, 3), date(2029, 3, 25))
EDGES = sorted(
    {date(year, month, calendar.monthrange(year, month)[1]) for year in YEARS for month in range(1, 13)}
    | {date(year, 2, 28) for year in YEARS}
    | {day + timedelta(days=shift) for day in CHANGES for shift in (-1, 0)}
)
zones = st.sampled_from(NAMES).map(ZoneInfo)
days = st.sampled_from(EDGES) | st.dates(date(2023, 1, 1), date(2033, 12, 31))
times = st.sampled_from((time(0), time(0, 30), time(1, 59, 59), time(2, 30), time(23, 59, 59, 999_999)))
folds = st.integers(0, 1)


@st.composite
def instants(draw, zone: ZoneInfo, day: date | None = None) -> datetime:
    """As a clock on the wall there would show it, and it was read in UTC."""
    at = draw(times | st.times()).replace(fold=draw(folds))
    return datetime.combine(day or draw(days), at, tzinfo=zone).astimezone(UTC)


@st.composite
def held(draw) -> tuple[ZoneInfo, GrantFacts, datetime]:
    """A zone, a role in it, and an instant some days before or after its last use or restoration."""
    zone = draw(zones)
    started = draw(instants(zone))
    first = day_of(started, zone)
    used, restored = (
        None if after is None else draw(instants(zone, first + timedelta(days=after)))
        for after in draw(st.tuples(*[st.none() | st.integers(0, 400)] * 2))
    )
    facts = GrantFacts(
        started_at=started,
        last_sign_in_at=used,
        restored_at=restored,
        certify_by=first + timedelta(days=draw(st.integers(0, 800))),
        ends_on=draw(st.none() | st.integers(0, 800).map(lambda n: first + timedelta(days=n))),
        is_organization_closed=draw(st.booleans()),
    )
    away = draw(st.sampled_from((-1, 0, 15, 25, 28, 29, 30, 31, 60, 90, 91)) | st.integers(-5, 500))
    return zone, facts, draw(instants(zone, day_of(last_use(facts), zone) + timedelta(days=away)))


def last_use(facts: GrantFacts) -> datetime:
    """The start, the restoration or the last sign-in, whichever was last."""
    return max(at for at in (facts.started_at, facts.restored_at, facts.last_sign_in_at) if at)


def unused_days(facts: GrantFacts, now: datetime, zone: ZoneInfo) -> int:
    """By plain counting: from the day of the last use to today, on the wall's calendar."""
    return (now.astimezone(zone).date() - last_use(facts).astimezone(zone).date()).days


def plain_state(facts: GrantFacts, now: datetime, zone: ZoneInfo) -> GrantState:
    """The numbers of the rules, counted on the fingers."""
    today, unused = now.astimezone(zone).date(), unused_days(facts, now, zone)
    is_past = facts.ends_on is not None and today > facts.ends_on
    if is_past or today > facts.certify_by or unused > 90:
        return GrantState.ENDED
    if facts.is_organization_closed:
        return GrantState.CLOSED
    return GrantState.INACTIVE if unused > 30 else GrantState.ACTIVE


@given(zones, days)
def test_a_day_begins_with_its_first_instant(zone, day):
    """Also where a clock on the wall never shows 00:00 on that day, or shows it twice. [I-2, AR09]"""
    begins = start_of(day, zone)
    assert begins.astimezone(zone).date() == day
    assert (begins - ONE_TICK).astimezone(zone).date() == day - timedelta(days=1)


@given(held())
def test_a_role_is_what_counting_days_says(case):
    """Active, resting from day 30, gone with day 90, with its last day, or with the day to certify by. [I-4, I-5, C-3, Q-10, AR09]"""
    zone, facts, now = case
    assert state_of(facts, now=now, spans=SPANS, zone=zone) is plain_state(facts, now, zone)


@given(held())
def test_a_role_ends_on_the_first_of_its_days_and_for_its_reason(case):
    """The instant written down is the first of that day, and the reason the one that came first. [I-5, C-3, Q-10, AR09]"""
    zone, facts, _ = case
    used = last_use(facts).astimezone(zone).date()
    last_days = {
        EndReason.CERTIFICATION_MISSED: facts.certify_by,
        EndReason.INACTIVITY: used + timedelta(days=90),
    }
    last_days |= {EndReason.END_DATE: facts.ends_on} if facts.ends_on else {}
    at, reason = over_from(facts, SPANS, zone)
    assert at == start_of(min(last_days.values()) + timedelta(days=1), zone)
    assert last_days[reason] == min(last_days.values())


@given(held())
def test_warnings_fall_due_on_their_days(case):
    """At day 15, 25, 28, 29, and once more at 30, where counting says so. [I-3, AR09]"""
    zone, facts, now = case
    due = sum(unused_days(facts, now, zone) > day for day in (15, 25, 28, 29, 30))
    assert sum(last_use(facts) < since for since in steps_from(SPANS, LIMITS, now=now, zone=zone)) == due


@given(held(), st.integers(-3, 40), st.data())
def test_a_password_wakes_a_resting_role_for_seven_days(case, set_before, data):
    """One set after it began to rest, and seven full days to sign in; never beyond the role's own end. [I-4, AR11, AR09]"""
    zone, facts, now = case
    password = data.draw(instants(zone, day_of(now, zone) - timedelta(days=set_before)))
    found = way_back(facts, password, now=now, spans=SPANS, zone=zone)
    if plain_state(facts, now, zone) is not GrantState.INACTIVE:
        assert found is None
    elif unused_days(facts, password, zone) <= 30:
        assert found.next is ComeBack.NEEDS_PASSWORD
    else:
        is_in_time = (day_of(now, zone) - day_of(password, zone)).days <= 7
        assert found.next is (ComeBack.NEEDS_SIGN_IN if is_in_time else ComeBack.TOO_LATE)
        still = start_of(found.until, zone)
        assert state_of(facts, now=max(now, still), spans=SPANS, zone=zone) is GrantState.INACTIVE


@given(zones, st.data())
def test_a_certification_is_due_after_365_days_not_after_a_year(zone, data):
    """A leap year has a day more; open for the last 30 of them and the day itself; told, and made up for, to the day. [C-1, C-3, C-5, AR09]"""
    certified = data.draw(instants(zone))
    due = due_date(certified, LIMITS.certification_every, zone)
    assert due.toordinal() == certified.astimezone(zone).date().toordinal() + 365
    today = due + timedelta(
        days=data.draw(st.sampled_from((-31, -30, -14, -7, -1, 0, 1, 14, 15)) | st.integers(-40, 20))
    )
    left = (due - today).days
    opens, late = LIMITS.certification_opens, LIMITS.late_restore
    assert certification.is_open(due, today=today, opens=opens) is (0 <= left <= 30)
    assert (due <= certification.last_opened(today, opens)) is (left <= 30)
    assert (today <= certification.last_day_to_restore(due, late)) is (left >= -14)
    assert (due >= certification.first_still_restorable(today, late)) is (left >= -14)
    owed = sum(due <= certification.last_opened(today, before) for before in LIMITS.certification_notices)
    assert owed == sum(left <= before for before in (30, 14, 7, 1))


@given(st.sampled_from(CHANGES), st.integers(0, 31), st.sampled_from((30, 31)))
def test_an_organization_is_told_of_a_certification_30_days_before(change, before, ahead):
    """Also in the last second of a day when the clocks change within those days. [G-7, C-3, AR09]"""
    today = change - timedelta(days=before)
    now = start_of(today + timedelta(days=1), HOME) - timedelta(seconds=1)
    due = today + timedelta(days=ahead)
    approver = ApproverFacts(True, now + timedelta(days=30), due, has_strong_factor=True, is_of_record=True)
    spans = {"warn_before": timedelta(days=5), "opens_before": LIMITS.certification_opens}
    told = health([approver], now=now, zone=HOME, **spans)
    assert (HealthFlag.CERTIFICATION_DUE in told) is (ahead <= 30)


@given(zones, st.data())
def test_a_password_expires_after_sixty_unused_days(zone, data):
    """Sixty full days without any sign-in. [P-5, I-6, AR09]"""
    used = data.draw(instants(zone))
    away = data.draw(st.sampled_from((59, 60, 61)))
    now = data.draw(instants(zone, day_of(used, zone) + timedelta(days=away)))
    known = {"limits": LIMITS, "profile": PROFILES["standard"], "zone": zone}
    assert is_expired(used, used - timedelta(days=100), now=now, **known) is (away > 60)
    assert (now >= after_full_days(used, LIMITS.request_expires, zone)) is (away > 60)


@given(held(), st.integers(0, 400), folds)
def test_a_clock_that_steps_back_revives_nothing_that_was_written(case, back, hours):
    """What is computed is what it was at that hour, never more than that; what somebody or a job has ended stays ended. [I-2, I-5, AR09]"""
    zone, facts, now = case
    earlier = now - timedelta(days=back, hours=hours)
    then, later = (plain_state(facts, at, zone) for at in (earlier, now))
    assert state_of(facts, now=earlier, spans=SPANS, zone=zone) is then
    order = list(GrantState)
    assert order.index(then) <= order.index(later)
    assert state_of(replace(facts, ended_at=now), now=earlier, spans=SPANS, zone=zone) is GrantState.ENDED


@given(st.integers(0, 10_000), st.integers(-3600, 3600))
def test_a_clock_that_steps_back_lets_no_number_be_used_twice(seconds, step):
    """The authenticator's step that was used, and all before it, are used up whatever the clock says. [S-3, AR09]"""
    secret, now = (
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC) + timedelta(seconds=seconds),
    )
    number = pyotp.TOTP(secret).at(now)
    used = matching_step(secret, number, last_step=0, now=now, limits=LIMITS)
    other = now + timedelta(seconds=step)
    found = matching_step(secret, number, last_step=used, now=other, limits=LIMITS)
    assert found is None or found > used
    later = matching_step(secret, pyotp.TOTP(secret).at(other), last_step=used, now=other, limits=LIMITS)
    assert later is None or later > used


@given(zones, st.data())
def test_minutes_and_hours_are_counted_by_real_time(zone, data):
    """An hour that the wall's clock shows twice is two hours: a session idles out after thirty minutes of them. [S-8, AR09]"""
    seen = data.draw(instants(zone))
    idle = timedelta(minutes=data.draw(st.sampled_from((29, 30, 31, 59, 61))))
    times = sessions.SessionTimes(created_at=seen, last_seen_at=seen, ended_at=None)
    assert bool(sessions.is_live(times, now=seen + idle, limits=LIMITS)) is (idle < timedelta(minutes=30))
