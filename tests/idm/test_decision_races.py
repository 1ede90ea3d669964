"""Fifty at one request in the same instant: approvers who approve or deny, and its owner who cancels (AR07, AR14, INV-2)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from django.db import connection

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import Decision, decide_many, remove_grant
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import review
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.requests import Refusal, State
from tests.idm import build_pages as pages
from tests.idm.build_access import (
    NOON,
    STRONG,
    approver,
    by,
    cancelled_by_owner,
    decided,
    mails_to,
    organization,
    pending_request,
    person,
)
from tests.thorough import whole

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50
ROUNDS = whole(500, part=2)
CLOSING = {
    "request:role:approved": "request-approved",
    "request:role:denied": "request-denied",
    "request:role:cancelled": "request-cancelled",
}


@dataclass(frozen=True)
class Place:
    organization: Organization
    deciders: list[Account]
    requester: Account


@pytest.fixture
def place():
    """An organization of many approvers, and somebody who asks there again and again."""
    of = organization()
    return Place(of, [approver(of=of) for _ in range(MANY - 1)], person(is_proofed=True))


class Crowd:
    """Threads that keep their connections from round to round, as the workers of a server do."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pool = ThreadPoolExecutor(size)

    def at_once(self, acts):
        """Do all at the same moment, each in a thread of its own; a refusal is a result."""
        barrier = Barrier(self.size)

        def act(one):
            barrier.wait()
            try:
                return one()
            except Refused as refused:
                return refused

        return list(self.pool.map(act, acts))

    def leave(self):
        self.at_once([_let_go] * self.size)
        self.pool.shutdown()


def _let_go():
    """Close the connection of the thread that this runs in."""
    connection.close()


@pytest.fixture
def crowd(request):
    """As many as the test says."""
    found = Crowd(request.param)
    yield found
    found.leave()


def contenders(place, request, seen, turn_of_owner):
    """What each does: the deciders by turns, the owner at that place of the line."""
    acts = [
        lambda decider=decider, turn=turn: decided(
            request, decider, approve=turn % 2 == 0, reason="So be it.", digest=seen
        )
        for turn, decider in enumerate(place.deciders)
    ]
    acts.insert(turn_of_owner % MANY, lambda: cancelled_by_owner(request))
    return acts


@pytest.mark.parametrize("crowd", [MANY], indirect=True)
def test_one_of_fifty_wins_and_the_others_are_told_who(place, crowd):
    """Approve, deny and cancel at once: one final state, one entry, one notice, one grant or none. [Q-5, INV-2]"""
    for number in range(ROUNDS):
        request = pending_request(by_account=place.requester, at=place.organization)
        entries, mails = Entry.objects.count(), len(mails_to(place.requester))
        acts = contenders(place, request, review(request).digest, turn_of_owner=number * 7)
        results = crowd.at_once(acts)
        won = [result for result in results if isinstance(result, RoleRequest)]
        lost = [result for result in results if isinstance(result, Refused)]
        assert (len(won), len(lost)) == (1, MANY - 1)
        request.refresh_from_db()
        assert request.state == won[0].state
        deeds = Entry.objects.order_by("pk").values_list("deed", flat=True)[entries:]
        closed = [deed for deed in deeds if deed in CLOSING]
        assert len(closed) == 1
        assert mails_to(place.requester)[mails:] == [CLOSING[closed[0]]]
        _the_losers_know(request, lost)
        _give_up(place, request)


def _the_losers_know(request: RoleRequest, lost: list[Refused]) -> None:
    codes = {refused.code for refused in lost}
    if request.state == State.CANCELLED:
        assert codes == {Refusal.REQUEST_CLOSED}
        return
    # The owner alone reads that it is closed; every decider reads who decided.
    assert codes == {Refusal.ALREADY_DECIDED, Refusal.REQUEST_CLOSED}
    who = {refused.facts["who"] for refused in lost if refused.code is Refusal.ALREADY_DECIDED}
    assert who == {full_name(request.decided_by)}


def _give_up(place: Place, request: RoleRequest) -> None:
    """There is one grant if it was approved, else none; the next round begins without any."""
    held = Grant.objects.filter(account=place.requester, ended_at=None)
    assert held.count() == (request.state == State.APPROVED)
    for grant in held:
        holder = place.requester
        remove_grant(grant=grant, remover=holder, reason="", strength=STRONG, by=by(holder), now=NOON)


@pytest.mark.parametrize("crowd", [8], indirect=True)
def test_the_page_of_every_loser_names_who_decided(crowd):
    """Through the pages: one is led on, all others read the name. [Q-5]"""
    of = pages.organization()
    deciders = [pages.approver(of, last=f"Quill{letter}") for letter in "abcdefgh"]
    asked = pages.asks(pages.person(), of)
    browsers = [pages.browser(decider) for decider in deciders]
    sent = {"digest": review(asked).digest, "reason": "So be it."}

    def press(browser, how):
        return lambda: browser.client.post(f"/requests/{asked.number}/{how}/", sent)

    answers = crowd.at_once(
        [press(one, "approve" if turn % 2 else "deny") for turn, one in enumerate(browsers)]
    )
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (len(deciders) - 1)
    asked.refresh_from_db()
    winner = full_name(asked.decided_by)
    losers = [pages.text_of(answer) for answer in answers if answer.status_code == 409]
    assert all(f"{winner} has decided this request already" in text for text in losers)


@pytest.mark.parametrize("crowd", [2], indirect=True)
def test_two_lists_at_once_decide_each_request_once(crowd):
    """The same requests in opposite order: nobody waits in a ring, and each request is decided once. [Q-10, AR14]"""
    of = organization()
    bosses = [approver(of=of) for _ in range(2)]
    asked = [pending_request(at=of) for _ in range(4)]
    decisions = [Decision(one, True, review(one).digest) for one in asked]

    def deciding(boss, order):
        return lambda: decide_many(decisions=order, decider=boss, strength=STRONG, by=by(boss), now=NOON)

    results = crowd.at_once([deciding(bosses[0], decisions), deciding(bosses[1], decisions[::-1])])
    done = [result.about.pk for rows in results for result in rows if result.is_done]
    assert sorted(done) == sorted(one.pk for one in asked)
    refused = {result.refused.code for rows in results for result in rows if result.refused}
    assert refused <= {Refusal.ALREADY_DECIDED}
    assert Grant.objects.filter(request__in=asked).count() == len(asked)
