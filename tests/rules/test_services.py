"""Where a provider's remittance goes, day by day, as rules see it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.spot.rules.services import Refusal, Route, may_route, rerouted, route_on

FIRST = date(2026, 1, 1)
DAYS = st.integers(min_value=0, max_value=400).map(lambda number: FIRST + timedelta(days=number))
CHANGES = st.lists(st.tuples(st.sampled_from(["", "S1", "S2", "S3"]), DAYS), max_size=12)


def played(changes) -> list[Route]:
    routes: list[Route] = []
    for receiver, on in changes:
        closed, begun = rerouted(routes, receiver, on)
        routes = [*closed, *([begun] if begun else [])]
    return routes


@given(changes=CHANGES, day=DAYS)
def test_never_two_receivers_on_a_day(changes, day):
    """Whatever was changed in whatever order, a day has one receiver or paper. [E-2]"""
    assert sum(route.covers(day) for route in played(changes)) <= 1


@given(changes=CHANGES, receiver=st.sampled_from(["", "S1", "S2"]), on=DAYS, day=DAYS)
def test_a_change_touches_no_day_before_it_and_every_day_from_it_on(changes, receiver, on, day):
    """Days before keep their receiver; from that day on it is the new one. [E-2]"""
    before = played(changes)
    after = played([*changes, (receiver, on)])
    was, now_is = route_on(before, day), route_on(after, day)
    expected = (was.receiver if was else "") if day < on else receiver
    assert (now_is.receiver if now_is else "") == expected


@given(changes=CHANGES, receiver=st.sampled_from(["", "S1"]), on=DAYS)
def test_history_is_complete(changes, receiver, on):
    """No span is ever dropped, replaced ones included. [E-2]"""
    before = played(changes)
    closed, _ = rerouted(before, receiver, on)
    assert [(route.receiver, route.starts_on) for route in closed] == [
        (route.receiver, route.starts_on) for route in before
    ]


@pytest.mark.parametrize(
    ("present", "receiver", "is_active", "on", "because"),
    [
        (None, "S1", True, FIRST - timedelta(days=1), Refusal.DAY_PASSED),
        (None, "S1", False, FIRST, Refusal.RECEIVER_CLOSED),
        (Route("S1", FIRST), "S1", True, FIRST, Refusal.RECEIVER_ALREADY),
        (None, "", True, FIRST, Refusal.RECEIVER_ALREADY),
    ],
)
def test_what_cannot_be_routed(present, receiver, is_active, on, because):
    """A day that has passed, a receiver that is not enrolled, a change of nothing. [E-2]"""
    ruling = may_route(present, receiver, is_receiver_active=is_active, on=on, today=FIRST)
    assert not ruling
    assert ruling.because is because


def test_from_today_on_to_anybody_enrolled():
    """Today counts; so does a route that ends and is prolonged, and back to paper. [E-2]"""
    assert may_route(None, "S1", is_receiver_active=True, on=FIRST, today=FIRST)
    ending = Route("S1", FIRST, FIRST + timedelta(days=9))
    assert may_route(ending, "S1", is_receiver_active=True, on=FIRST, today=FIRST)
    assert may_route(Route("S1", FIRST), "", is_receiver_active=False, on=FIRST, today=FIRST)
