"""Providers, who serves them, and the one receiver of their remittance (E-1 to E-5)."""

import random
from dataclasses import astuple
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.services import Pair, Refusal, Route, Service, rerouted
from bailiwick.spot.services import actions, queries
from bailiwick.spot.services.models import Affiliation, EraRoute
from tests.spot.build_services import BY, PELICAN, billing_service, days, office, routed, served, today
from tests.spot.build_signing import at_once, mails, text_of
from tests.thorough import whole

pytestmark = pytest.mark.django_db

# All thousand at length in `make soak`.
ATTEMPTS = whole(1000, part=300)
AT_A_TIME = 20


def because(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_remittance_moves_and_whoever_loses_it_is_told():
    """From that day on it goes to the new receiver; days before stay; the loser's approver is mailed once. [E-2, N-1]"""
    provider, first, second = served(office()), billing_service(1), billing_service(2)
    held = routed(provider, first, on=today())
    routed(provider, second, on=days(10), seen=held)
    assert queries.route_on(provider, days(9)).receiver == first
    assert queries.route_on(provider, days(10)).receiver == second
    assert [mail.to for mail in mails(kind="era-moved")] == [first.approver_email]
    assert Entry.objects.filter(deed=Deed.ERA_ROUTED).count() == 2


def test_back_to_paper():
    """None is paper: no route covers the day, and history keeps who had it. [E-2]"""
    provider, receiver = served(office()), billing_service()
    held = routed(provider, receiver, on=today())
    routed(provider, None, on=days(1), seen=held)
    assert queries.route_on(provider, days(1)) is None
    assert [route.receiver for route in queries.routes_of(provider)] == [receiver]


def test_what_was_decided_on_an_old_look_is_refused():
    """Somebody else moved it since the page was opened. [E-2]"""
    provider, first, second = served(office()), billing_service(1), billing_service(2)
    routed(provider, first, on=today())
    assert because(lambda: routed(provider, second, on=today(), seen=None)) is Refusal.CHANGED_SINCE_SEEN


def test_a_closed_receiver_gets_nothing():
    """Only an organization that is enrolled. [E-2]"""
    provider, receiver = served(office()), billing_service()
    enrollment.close(record=receiver, why="Out of business.", by=BY, now=clock.now())
    receiver.refresh_from_db()
    assert because(lambda: routed(provider, receiver, on=today())) is Refusal.RECEIVER_CLOSED


def row_of(provider, receiver, starts_on, ends_on=None) -> EraRoute:
    return EraRoute(
        provider=provider,
        receiver=receiver,
        starts_on=starts_on,
        ends_on=ends_on,
        routed_at=clock.now(),
        routed_by="x",
    )


@pytest.mark.parametrize(
    ("first", "second", "is_taken"),
    [
        ((0, None), (5, None), False),
        ((0, None), (-5, 1), False),
        ((0, 10), (9, 20), False),
        ((0, 10), (10, 20), True),
        ((0, 10), (-10, 0), True),
        ((0, 10), (3, 3), True),
        ((0, 0), (0, None), True),
    ],
)
def test_the_database_holds_the_law_by_itself(first, second, is_taken):
    """Written past every action, two receivers on one day do not go in; days that only touch, and empty spans, do. [E-2]"""
    provider, one, other = served(office()), billing_service(1), billing_service(2)
    span = lambda pair: (days(pair[0]), None if pair[1] is None else days(pair[1]))  # noqa: E731
    row_of(provider, one, *span(first)).save(force_insert=True)
    write = lambda: row_of(provider, other, *span(second)).save(force_insert=True)  # noqa: E731
    if is_taken:
        write()
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def test_a_span_cannot_be_stretched_over_another():
    """An UPDATE is held like an INSERT. [E-2]"""
    provider, one, other = served(office()), billing_service(1), billing_service(2)
    row_of(provider, one, days(0), days(5)).save(force_insert=True)
    row_of(provider, other, days(5)).save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        EraRoute.objects.filter(receiver=one).update(ends_on=days(6))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hundreds_of_reassignments_at_random_leave_one_receiver_a_day():
    """20 at a time, random receivers and days, on old looks and new: never two on a day, and history is complete. [E-2]"""
    chance = random.Random(20261122)
    provider = served(office())
    receivers = [billing_service(number) for number in range(1, 6)]
    accepted = 0

    def attempt(receiver, on):
        def act():
            return routed(provider, receiver, on=on, seen=queries.route_on(provider, on)) or "paper"

        return act

    for _ in range(ATTEMPTS // AT_A_TIME):
        wishes = [(chance.choice([*receivers, None]), days(chance.randrange(60))) for _ in range(AT_A_TIME)]
        results = at_once(*[attempt(receiver, on) for receiver, on in wishes])
        unexpected = [
            one
            for one in results
            if not isinstance(one, EraRoute) and one != "paper" and one not in list(Refusal)
        ]
        assert not unexpected, unexpected
        accepted += sum(isinstance(one, EraRoute) or one == "paper" for one in results)
    assert accepted > ATTEMPTS // 20
    routes = queries.routes_of(provider)
    for number in range(62):
        assert sum(one.route.covers(days(number)) for one in routes) <= 1
    entries = list(Entry.objects.filter(deed=Deed.ERA_ROUTED).order_by("pk"))
    assert len(entries) == accepted
    # History complete: played one after the other as the ledger has them, the accepted changes give the routes there are.
    played: list[Route] = []
    for entry in entries:
        played, begun = rerouted(played, entry.organization, date.fromisoformat(entry.about["on"]))
        played += [begun] if begun else []
    assert sorted(map(astuple, played), key=str) == sorted((astuple(one.route) for one in routes), key=str)


def listed(number: int) -> actions.Listed:
    pair = Pair(f"ZZ{number:05}", "1900410774", "B")
    return actions.Listed(pair, f"Provider {number:03}", "FL", frozenset({Service.CLAIMS}), moves_era=True)


def affiliated(record, lines, *, is_own: bool, tracking: str, is_providers: bool = True) -> actions.Served:
    said = {"is_own": is_own, "is_providers": is_providers, "on": today(), "tracking": tracking}
    return actions.affiliate_many(record=record, lines=lines, by=BY, now=clock.now(), **said)


def test_a_list_takes_remittances_over_as_a_set():
    """One mail and one entry a loser, each route with its form and day, no statement a line; again, it changes nothing. [E-2, F-4, N-1]"""
    own, first, second = office(), billing_service(1), billing_service(2)
    lines = [listed(number) for number in range(60)]
    affiliated(first, lines[:40], is_own=False, tracking="F-ONE")
    affiliated(second, lines[40:], is_own=False, tracking="F-TWO")
    later = queries.provider_of(lines[59].pair)
    routed(later, None, on=days(3), seen=queries.route_on(later, days(3)))
    routed(later, first, on=days(5))
    with CaptureQueriesContext(connection) as sent:
        done = affiliated(own, lines, is_own=True, tracking="F-OWN")
    assert (done.era_assigned, done.era_left) == (60, 0)
    assert len(sent) < 40
    told = {text_of(mail).splitlines()[0]: text_of(mail) for mail in mails(kind="era-moved-by-list")}
    assert len(told) == 2
    assert "remittance (ERA) of 41 providers" in told[f"To the approver of {first.legal_name},"]
    assert "Provider 019" in told[f"To the approver of {first.legal_name},"]
    assert {queries.route_on(queries.provider_of(one.pair), days(9)).receiver for one in lines} == {own}
    assert EraRoute.objects.filter(tracking="F-OWN", ends_on=None).count() == 60
    assert EraRoute.objects.exclude(tracking="F-OWN").filter(ended_by=BY.actor).count() == 61
    entries = Entry.objects.filter(deed=Deed.ERA_LIST_ROUTED)
    assert sorted(entry.about["providers"] for entry in entries) == [20, 41]
    assert affiliated(own, lines, is_own=True, tracking="F-OWN").era_assigned == 0
    assert EraRoute.objects.filter(tracking="F-OWN").count() == 60


def test_serving_again_adds_and_never_drops():
    """A second form with fewer services keeps what was there. [E-3]"""
    record = billing_service()
    provider = served(record)
    row = actions.affiliate(
        record=record,
        pair=PELICAN,
        name="Another spelling",
        state="FL",
        services=frozenset({Service.STATUS}),
        is_own=False,
        on=today(),
        by=BY,
        now=clock.now(),
    )
    assert (row.sends_claims, row.asks_status) == (True, True)
    assert Affiliation.objects.filter(provider=provider).count() == 1
    assert queries.claims_submitters(provider, day=today()) == [record]


def test_a_provider_sees_and_ends_what_third_parties_do_for_it():
    """Who, for what, until when; ended from a day on with the remittance, and they are told. [E-5]"""
    own, third = office(), billing_service()
    provider = served(own, is_own=True)
    served(third)
    routed(provider, third, on=today())
    (mandate,) = queries.as_mandates(queries.mandates_of(own, day=today()), day=today())
    assert (mandate.submitter, mandate.receives_era) == (third, True)
    actions.end_mandate(affiliation=mandate.affiliation, ender=own, on=days(1), by=BY, now=clock.now())
    assert not queries.mandates_of(own, day=days(1))
    assert queries.route_on(provider, days(1)) is None
    assert queries.route_on(provider, today()).receiver == third
    assert len(mails(kind="mandate-ended")) == 1


def test_only_the_provider_ends_a_mandate():
    """Neither the third party's rival, nor another office, nor twice, nor for the past. [E-5, AX17]"""
    own, third = office(), billing_service()
    other = office(legal_name="Another Office", tin="900459999")
    served(own, is_own=True)
    served(other, pair=Pair("ZZ1000", "1900410006", "B"), is_own=True)
    served(third)
    (mandate,) = queries.as_mandates(queries.mandates_of(own, day=today()), day=today())

    def ending(ender, on):
        return lambda: actions.end_mandate(
            affiliation=mandate.affiliation, ender=ender, on=on, by=BY, now=clock.now()
        )

    assert because(ending(other, today())) is Refusal.NOT_YOURS
    assert because(ending(third, today())) is Refusal.NOT_YOURS
    assert because(ending(own, today() - timedelta(days=1))) is Refusal.DAY_PASSED
    ending(own, today())()
    assert because(ending(own, today())) is Refusal.ENDED_ALREADY
    assert connection.vendor in {"sqlite", "postgresql"}
