"""What becomes of requests that wait: withdrawn, run out, reminded of."""

from datetime import timedelta

import pytest

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.idm.access.actions import cancel_request, expire_requests, remind_deciders
from bailiwick.idm.access.queries import (
    requests_of,
    who_decides,
)
from bailiwick.idm.organizations.actions import claim
from bailiwick.idm.rules.catalogue import Decider
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm.build_access import (
    APPROVER,
    COMMAND,
    DAY,
    LIMITED,
    NOON,
    STRONG,
    approver,
    by,
    deeds_about,
    desk_member,
    enrollment,
    mails_to,
    organization,
    pending_request,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db


def cancelled(request, canceller, *, strength=STRONG, reason="", now=NOON):
    return cancel_request(
        request=request, canceller=canceller, strength=strength, reason=reason, by=by(canceller), now=now
    )


def test_without_an_able_approver_the_desk_decides_and_the_requester_is_told():
    """Where there is no able approver, requests go to tier 2. [G-7]"""
    desk = desk_member(tier=2)
    request = pending_request(at=organization())
    who = who_decides(request, now=NOON)
    assert (who.decider, who.is_fallback) == (Decider.APPLICATION_DESK, True)
    assert mails_to(desk)[-1:] == ["request-waiting"]
    message = Message.objects.get(kind="request-submitted", to=request.account.email)
    assert "nobody at the organization can approve" in unseal(message.body, key=message.key)


def test_the_owner_cancels_even_in_a_limited_session():
    """A pending request can be cancelled by its owner; again changes nothing. [Q-6]"""
    request = pending_request(at=organization())
    for _ in range(2):
        assert cancelled(request, request.account, strength=LIMITED).state == State.CANCELLED
    assert mails_to(request.account).count("request-cancelled") == 1
    assert deeds_about(request.account).count("request:role:cancelled") == 1


def test_a_cancelled_request_makes_room_for_another():
    """Only open requests stand in the way. [Q-5]"""
    place = organization()
    request = pending_request(at=place)
    cancelled(request, request.account)
    assert pending_request(by_account=request.account, at=place) != request


def test_the_identity_desk_cancels_with_a_reason():
    """Tier 1 cancels a pending request. [H-2]"""
    request, desk = pending_request(at=organization()), desk_member(tier=1)
    assert refusal(cancelled, request, desk) is Refusal.REASON_NEEDED
    assert cancelled(request, desk, reason="Asked by phone.").state == State.CANCELLED


def test_nobody_else_cancels_and_trying_is_on_the_ledger():
    """An approver cannot cancel what is somebody's own; refused authority is recorded. [Q-6, L-2]"""
    place = organization()
    request, other = pending_request(at=place), approver(of=place)
    assert refusal(cancelled, request, other) is Refusal.NOT_YOURS
    assert deeds_about(request.account)[-1] == "authority:act:refused"
    assert requests_of(request.account)[0].state == State.PENDING


def test_a_request_is_over_by_its_date_with_every_job_stopped():
    """Expiry is computed when asked. [I-2]"""
    request = pending_request(at=organization())
    last = request.expires_at - timedelta(seconds=1)
    assert (request.state_at(last), request.state_at(request.expires_at)) == (State.PENDING, State.EXPIRED)


def test_what_ran_out_makes_room_before_the_job_has_run():
    """A request past its date does not block a new one. [I-2, Q-5]"""
    place = organization()
    first = pending_request(at=place)
    pending_request(by_account=first.account, at=place, now=first.expires_at)
    first.refresh_from_db()
    assert first.state == State.EXPIRED


def test_the_job_records_expiry_once_and_tells_both_sides():
    """Expired requests are recorded as of their date, requester and deciders told. [Q-6]"""
    place = organization()
    decider = approver(of=place, now=NOON + 40 * DAY)
    request = pending_request(at=place)
    later = request.expires_at + 3 * DAY
    assert [expire_requests(by=COMMAND, now=later) for _ in range(2)] == [1, 0]
    request.refresh_from_db()
    assert (request.state, request.decided_at, request.decided_by) == (
        State.EXPIRED,
        request.expires_at,
        None,
    )
    assert mails_to(request.account)[-1:] == ["request-expired"]
    assert mails_to(decider)[-1:] == ["request-expired-undecided"]
    assert deeds_about(request.account)[-1] == "request:role:expired"


@pytest.mark.parametrize(("days", "reminders"), [(7, 0), (8, 1), (31, 1), (51, 1)])
def test_deciders_are_reminded(days, reminders):
    """At 7, 30 and 50 days, from midnight after the full days; a late round reminds once. [Q-6]"""
    place = organization()
    request = pending_request(at=place)
    decider = approver(of=place, now=NOON + 25 * DAY)
    now = NOON + days * DAY
    for _ in range(2):
        remind_deciders(by=COMMAND, now=now)
    assert mails_to(decider).count("request-reminder") == reminders
    assert request.state_at(now) is State.PENDING


def test_each_reminder_is_sent():
    """Three reminders in the life of a request. [Q-6]"""
    place = organization()
    pending_request(at=place)
    decider = approver(of=place, now=NOON + 20 * DAY)
    for days in range(1, 61):
        remind_deciders(by=COMMAND, now=NOON + days * DAY)
        if days == 40:
            grant = decider.grants.get()
            grant.last_sign_in_at = NOON + 40 * DAY
            grant.save(update_fields=["last_sign_in_at"])
    assert mails_to(decider).count("request-reminder") == 3


def test_two_may_ask_to_create_the_same_organization():
    """Nobody is told of another's request; who is approved first claims. [G-3]"""
    record = enrollment()
    first, second = (
        pending_request(role=APPROVER, way=Way.CREATE, record=record),
        pending_request(role=APPROVER, way=Way.CREATE, record=record),
    )
    assert first.state == second.state == State.PENDING
    claim(record=record, by=COMMAND, now=NOON)
    assert requests_of(second.account)[0].organization is None
