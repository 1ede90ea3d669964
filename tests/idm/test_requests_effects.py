"""What a decision is made on, and what follows from it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.idm.access.actions import (
    cancel_request,
    decide,
    grant_by_bootstrap,
    submit_request,
)
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import awaiting, review
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
    END_USER,
    NOON,
    STRONG,
    approver,
    by,
    decided,
    desk_member,
    end_user,
    enrollment,
    grant_of,
    holder,
    organization,
    pending_request,
    person,
    put,
    wire_record,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db


def test_what_changed_since_it_was_seen_needs_a_new_look():
    """The decision is on what the decider saw, and the page shows what has changed. [Q-6]"""
    place = organization()
    request, decider = pending_request(at=place), approver(of=place)
    seen = review(request).digest
    Account.objects.filter(pk=request.account_id).update(user_id="somebody-else")
    assert refusal(decided, request, decider, digest=seen) is Refusal.CHANGED_SINCE_SEEN
    again = review(RoleRequest.objects.get())
    assert [(one.name, one.now) for one in again.differences] == [("user_id", "somebody-else")]
    assert decided(request, decider, digest=again.digest).state == State.APPROVED


def test_a_changed_record_needs_a_new_look():
    """The record beside the request is part of what tier 2 decides on. [G-2, Q-6]"""
    record, desk = enrollment("A3001", legal_name="Palm Clinic"), desk_member(tier=2)
    request = pending_request(role=APPROVER, way=Way.CREATE, record=record)
    seen = review(request).digest
    put(wire_record("A3001", legal_name="Palm Clinic", version=2))
    assert refusal(decided, request, desk, digest=seen) is Refusal.CHANGED_SINCE_SEEN


@pytest.mark.parametrize(
    "change",
    [
        {"role": BACKUP},
        {"reason": "Another."},
        {"application": "idm"},
        {"snapshot": {}},
        {"way": "associate"},
    ],
)
def test_a_request_altered_in_its_row_is_not_approved_unseen(change):
    """Role, reason or snapshot changed between look and submit: refused. [Q-6]"""
    record, desk = enrollment(), desk_member(tier=2)
    request = pending_request(role=APPROVER, way=Way.CREATE, record=record)
    seen = review(request).digest
    RoleRequest.objects.filter(pk=request.pk).update(**change)
    assert refusal(decided, request, desk, digest=seen) in {Refusal.CHANGED_SINCE_SEEN, Refusal.NOT_A_DECIDER}
    assert not Grant.objects.filter(account=request.account).exists()


def test_the_digest_of_one_request_does_not_fit_another():
    """What was seen of one request decides no other, however alike. [Q-6]"""
    place = organization()
    decider = approver(of=place)
    seen, other = (pending_request(at=place) for _ in range(2))
    assert refusal(decided, other, decider, digest=review(seen).digest) is Refusal.CHANGED_SINCE_SEEN


@pytest.mark.parametrize("digest", ["nothing", "0" * 64, "é"])
def test_a_made_up_digest_decides_nothing(digest):
    """A form without the digest of this request is refused, not crashed on. [Q-6]"""
    place = organization()
    assert (
        refusal(decided, pending_request(at=place), approver(of=place), digest=digest)
        is Refusal.CHANGED_SINCE_SEEN
    )


def test_nothing_is_decided_after_its_date():
    """Expired is expired with every job stopped. [I-2]"""
    place = organization()
    request = pending_request(at=place)
    now = request.expires_at
    assert refusal(decided, request, approver(of=place, now=now), now=now) is Refusal.REQUEST_EXPIRED


def test_a_cancelled_request_is_not_decided():
    """Closed is closed. [Q-6]"""
    place = organization()
    request = pending_request(at=place)
    cancel_request(
        request=request, canceller=request.account, strength=STRONG, by=by(request.account), now=NOON
    )
    assert refusal(decided, request, approver(of=place)) is Refusal.REQUEST_CLOSED


def test_proofing_that_lapsed_stops_the_approval():
    """What the role needs holds when it is granted, not only when it was asked for. [V-1]"""
    place = organization()
    request = pending_request(at=place)
    Person.objects.filter(pk=request.account_id).update(last_name="Renamed")
    again = RoleRequest.objects.get()
    assert {one.name for one in review(again).differences} == {"name", "assurance_level"}
    assert refusal(decided, again, approver(of=place)) is Refusal.PROOFING_NEEDED


def test_a_suspended_requester_is_not_granted_anything():
    """An account suspended meanwhile gets no role. [A-6]"""
    place = organization()
    request = pending_request(at=place)
    Account.objects.filter(pk=request.account_id).update(state="suspended")
    assert refusal(decided, request, approver(of=place)) is Refusal.ACCOUNT_NOT_ACTIVE


def test_becoming_approver_ends_the_lesser_roles_there_in_the_same_act():
    """End user and backup end with the approval; other organizations' roles stay. [Q-2]"""
    place, elsewhere = organization(), organization()
    request = pending_request(at=place)
    account = request.account
    decided(request, approver(of=place))
    desk = desk_member(tier=2)
    decided(pending_request(by_account=account, role=BACKUP, way=Way.ASSOCIATE, at=place), desk)
    other = pending_request(by_account=account, at=elsewhere)
    decided(other, desk)
    request = decided(pending_request(by_account=account, role=APPROVER, way=Way.ASSOCIATE, at=place), desk)
    live = Grant.objects.filter(account=account, ended_at=None).values_list("role", "organization")
    assert set(live) == {(APPROVER, place.pk), (END_USER, elsewhere.pk)}
    assert set(Grant.objects.exclude(ended_at=None).values_list("end_reason", flat=True)) == {
        EndReason.SUPERSEDED
    }
    message = Message.objects.get(key__startswith=f"request:{request.pk}:request-approved")
    assert "FCSO - Provider Office Backup Approver" in unseal(message.body, key=message.key)


def test_open_requests_for_what_is_now_contained_end_too():
    """They could never be approved any more. [Q-2]"""
    place = organization()
    lesser = pending_request(at=place)
    desk = desk_member(tier=2)
    decided(pending_request(by_account=lesser.account, role=APPROVER, way=Way.ASSOCIATE, at=place), desk)
    lesser.refresh_from_db()
    assert (lesser.state, lesser.decision_reason) == (State.CANCELLED, "superseded")


def test_a_role_held_by_another_way_is_not_granted_twice():
    """Granted by command while the request waited: the request cannot be approved. [Q-5]"""
    place = organization()
    request = pending_request(at=place)
    boss = approver(of=place)
    grant_by_bootstrap(
        account=request.account, application="spot", role=END_USER, organization=place, by=by(boss), now=NOON
    )
    assert refusal(decided, request, boss) is Refusal.ROLE_HELD


def test_an_approval_may_carry_an_end_date():
    """A grant can carry an end date, today at the earliest. [Q-10]"""
    place = organization()
    request, boss = pending_request(at=place), approver(of=place)

    def until(day):
        return decide(
            request=request,
            decider=boss,
            approve=True,
            reason="",
            snapshot_digest=review(request).digest,
            strength=STRONG,
            ends_on=day,
            by=by(boss),
            now=NOON,
        )

    assert refusal(until, date(2026, 3, 1)) is grants.Refusal.END_DATE_PAST
    until(date(2026, 3, 2))
    assert grant_of(request.account).ends_on == date(2026, 3, 2)


def test_each_desk_has_its_own_queue():
    """An approver's queue, tier 2's and tier 3's, oldest first, never one's own. [Q-4]"""
    place = organization()
    boss, desk, security = approver(of=place), desk_member(tier=2), desk_member(tier=3)
    late = pending_request(at=place, now=NOON + timedelta(hours=1))
    early = pending_request(at=place)
    to_desk = pending_request(role=APPROVER, way=Way.CREATE, record=enrollment())
    to_security = pending_request(by_account=person(), role="tier-1", way=Way.NONE, application="idm")
    assert list(awaiting(boss, now=NOON)) == [early, late]
    assert list(awaiting(desk, now=NOON)) == [to_desk]
    assert list(awaiting(security, now=NOON)) == [to_security]
    assert list(awaiting(end_user(of=place), now=NOON)) == []
    assert list(awaiting(boss, now=early.expires_at)) == []


def test_a_second_application_needs_no_code():
    """Its desk and its approvers are its own. [O-6]"""
    place = organization()
    request = submit_request(
        account=person(is_proofed=True),
        application="harbor",
        role="reader",
        way=Way.PICK,
        organization=place,
        reason="Work.",
        once=uuid4(),
        by=by(person()),
        now=NOON,
    )
    boss = approver(of=place)
    assert refusal(decided, request, boss) is Refusal.NOT_A_DECIDER
    own = holder("keeper", of=place, application="harbor")
    assert decided(request, own).state == State.APPROVED
