"""Deciding: by whom, on what, once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import (
    cancel_request,
    decide,
    grant_by_bootstrap,
    remove_grant,
    submit_request,
)
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import deciders_of, may_decide_request, requests_awaiting, review
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
    DAY,
    EMAIL_ONLY,
    END_USER,
    LIMITED,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    decided,
    deeds_about,
    desk_member,
    end_user,
    enrollment,
    grant_of,
    holder,
    mails_to,
    organization,
    pending_request,
    person,
    put,
    wire_record,
)

pytestmark = pytest.mark.django_db


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


@pytest.mark.parametrize("who", [approver, backup])
def test_an_approver_or_backup_of_the_organization_decides_end_users(who):
    """The grant starts, the requester is told, the ledger has both. [Q-4]"""
    place = organization()
    request = decided(pending_request(at=place), decider := who(of=place))
    assert (request.state, request.decided_by) == (State.APPROVED, decider)
    assert grant_of(request.account).request == request
    assert mails_to(request.account)[-1:] == ["request-approved"]
    assert deeds_about(request.account)[-2:] == ["request:role:approved", "grant:role:started"]


def test_tier_2_approves_an_approver_and_the_organization_exists():
    """With the approval of its approver the organization exists. [G-2]"""
    record = enrollment()
    request = pending_request(role=APPROVER, way=Way.CREATE, record=record)
    assert not Organization.objects.filter(record=record).exists()
    decided(request, desk_member(tier=2))
    assert grant_of(request.account).organization == Organization.objects.get(record=record)


def test_the_same_tin_and_kind_again_is_passed_with_a_reason_only():
    """A duplicate warning that tier 2 may pass with a reason; another kind is none. [G-1]"""
    organization("A3010", tin="987000001")
    desk = desk_member(tier=2)
    other_kind = enrollment(tin="987000001", kind="billing_service")
    again = pending_request(role=APPROVER, way=Way.CREATE, record=enrollment("A3011", tin="987000001"))
    with pytest.raises(Refused) as refused:
        decided(again, desk)
    assert (refused.value.code, refused.value.facts) == (
        Refusal.DUPLICATE_REASON_NEEDED,
        {"duplicates": "A3010"},
    )
    assert decided(again, desk, reason="A second office of theirs.").state == State.APPROVED
    single = pending_request(role="business-office-approver", way=Way.CREATE, record=other_kind)
    assert decided(single, desk).state == State.APPROVED


def test_two_of_one_tin_cannot_be_created_unseen():
    """The second appears beside the first only after it was approved: the desk looks again. [G-1, Q-6]"""
    desk = desk_member(tier=2)
    first, second = (
        pending_request(role=APPROVER, way=Way.CREATE, record=enrollment(tin="987000002")) for _ in range(2)
    )
    seen = review(second).digest
    decided(first, desk)
    assert refusal(decided, second, desk, digest=seen) is Refusal.CHANGED_SINCE_SEEN


def test_a_denied_creation_creates_nothing():
    """A request that is denied leaves the record unclaimed. [G-2]"""
    record = enrollment()
    request = pending_request(role=APPROVER, way=Way.CREATE, record=record)
    decided(request, desk_member(tier=2), approve=False, reason="You are not named on the form.")
    assert not Organization.objects.filter(record=record).exists()
    assert not Grant.objects.filter(account=request.account).exists()


def test_the_second_to_create_joins_what_the_first_created():
    """Two creates of one record end in one organization with two approvers. [G-3]"""
    record, desk = enrollment(), desk_member(tier=2)
    first, second = (pending_request(role=APPROVER, way=Way.CREATE, record=record) for _ in range(2))
    for request in (first, second):
        decided(request, desk)
    assert grant_of(first.account).organization == grant_of(second.account).organization


def test_a_denial_needs_a_reason_and_mails_it():
    """The person reads why. [Q-6]"""
    place = organization()
    request, decider = pending_request(at=place), approver(of=place)
    assert refusal(decided, request, decider, approve=False, reason="  ") is Refusal.DENIAL_REASON_NEEDED
    decided(request, decider, approve=False, reason="We don't know you.")
    message = Message.objects.get(kind="request-denied", to=request.account.email)
    assert "We don't know you." in unseal(message.body, key=message.key)
    assert Entry.objects.get(deed="request:role:denied").why == "We don't know you."


def test_an_approval_may_have_a_comment():
    """Optional, and mailed. [Q-6]"""
    place = organization()
    request = decided(pending_request(at=place), approver(of=place), reason="Welcome!")
    message = Message.objects.get(kind="request-approved", to=request.account.email)
    assert "Welcome!" in unseal(message.body, key=message.key)


def test_an_approver_of_another_organization_cannot_decide():
    """Nothing of A is B's to see or decide. [Q-4]"""
    request, other = pending_request(at=organization()), approver(of=organization())
    assert refusal(decided, request, other) is Refusal.NOT_A_DECIDER
    entry = Entry.objects.get(deed="authority:act:refused")
    assert (entry.actor, entry.subject, entry.why) == (
        str(other.pk),
        str(request.account_id),
        "not_a_decider",
    )
    assert not Grant.objects.filter(account=request.account).exists()


@pytest.mark.parametrize("who", [person, lambda: desk_member(tier=1), lambda: desk_member(tier=3)])
def test_nobody_without_the_right_decides(who):
    """Neither strangers nor IDM's desk decide an application's requests. [H-2]"""
    place = organization()
    approver(of=place)
    assert refusal(decided, pending_request(at=place), who()) is Refusal.NOT_A_DECIDER


def test_an_end_user_decides_nothing():
    """Only approvers and backups decide. [Q-4]"""
    place = organization()
    approver(of=place)
    assert refusal(decided, pending_request(at=place), end_user(of=place)) is Refusal.NOT_A_DECIDER


def test_tier_2_leaves_end_users_to_the_approver():
    """While an approver is able, the desk does not decide end users. [Q-4]"""
    place, desk = organization(), desk_member(tier=2)
    boss = approver(of=place)
    request = pending_request(at=place)
    assert refusal(decided, request, desk) is Refusal.NOT_A_DECIDER
    assert deciders_of(request, now=NOON) == [boss]
    assert requests_awaiting(desk, now=NOON) == []


@pytest.mark.parametrize("lost", ["suspended", "archived", "inactive", "ended"])
def test_without_an_able_approver_tier_2_decides(lost):
    """Suspended, archived, inactive or gone: the desk takes over, the approver has no authority. [G-7, Q-4]"""
    place, now = organization(), NOON
    boss = approver(of=place)
    if lost in {"suspended", "archived"}:
        Account.objects.filter(pk=boss.pk).update(state=lost)
    elif lost == "inactive":
        now = NOON + 31 * DAY
    else:
        grant_of(boss)
        remove(boss, boss)
    request, desk = pending_request(at=place, now=now), desk_member(tier=2, now=now)
    assert deciders_of(request, now=now) == [desk]
    assert requests_awaiting(desk, now=now) == [request]
    assert refusal(decided, request, boss, now=now) is Refusal.NOT_A_DECIDER
    assert decided(request, desk, now=now).state == State.APPROVED


def remove(account, remover):
    remove_grant(
        grant=grant_of(account),
        remover=remover,
        reason="Leaving.",
        strength=STRONG,
        by=by(remover),
        now=NOON,
        confirmed_none_left=True,
    )


def test_nobody_decides_their_own_request():
    """Not even tier 3 for the desk of an application. [Q-5]"""
    security = desk_member(tier=3)
    request = pending_request(by_account=security, role="help-desk", way=Way.NONE)
    assert refusal(decided, request, security) is Refusal.OWN_REQUEST
    assert security not in deciders_of(request, now=NOON)
    assert requests_awaiting(security, now=NOON) == []
    assert decided(request, desk_member(tier=3)).state == State.APPROVED


def test_an_approver_who_is_the_desk_too_does_not_decide_on_themselves():
    """Another role of the same person gives no right on oneself. [Q-5]"""
    desk = desk_member(tier=2)
    record = enrollment()
    proofed_desk = pending_request(role=APPROVER, way=Way.CREATE, record=record)
    holder_of_both = proofed_desk.account
    grant_by_bootstrap(account=holder_of_both, application="spot", role="help-desk", by=by(desk), now=NOON)
    assert refusal(decided, proofed_desk, holder_of_both) is Refusal.OWN_REQUEST


def test_desk_roles_are_decided_by_another_tier_3():
    """Requested and decided like any other. [H-7]"""
    request = pending_request(by_account=person(), role="help-desk", way=Way.NONE)
    assert refusal(decided, request, desk_member(tier=2)) is Refusal.NOT_A_DECIDER
    assert refusal(decided, request, desk_member(tier=1)) is Refusal.NOT_A_DECIDER
    assert decided(request, desk_member(tier=3)).state == State.APPROVED


@pytest.mark.parametrize("strength", [LIMITED, EMAIL_ONLY])
def test_deciding_needs_more_than_email(strength):
    """Those who decide need a factor other than e-mail; trying is on the ledger. [S-2]"""
    place = organization()
    request, decider = pending_request(at=place), approver(of=place)
    assert refusal(decided, request, decider, strength=strength) is Refusal.STRONGER_FACTOR_NEEDED
    assert (
        may_decide_request(decider, request, strength=strength, now=NOON).because
        is Refusal.STRONGER_FACTOR_NEEDED
    )
    assert deeds_about(request.account)[-1] == "authority:act:refused"


def test_the_second_decider_is_told_who_was_first():
    """One final decision. [Q-5]"""
    place = organization()
    request, first, second = pending_request(at=place), approver(of=place), backup(of=place)
    decided(request, first)
    with pytest.raises(Refused) as refused:
        decided(request, second, approve=False, reason="No.")
    assert refused.value.code is Refusal.ALREADY_DECIDED
    assert refused.value.facts["who"].startswith("Robin")
    assert RoleRequest.objects.get().state == State.APPROVED


def test_the_same_decision_again_changes_nothing():
    """A decision sent twice is one decision. [Q-5]"""
    place = organization()
    request, decider = pending_request(at=place), approver(of=place)
    for _ in range(2):
        assert decided(request, decider).state == State.APPROVED
    assert Grant.objects.filter(account=request.account).count() == 1
    assert mails_to(request.account).count("request-approved") == 1


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
    assert requests_awaiting(boss, now=NOON) == [early, late]
    assert requests_awaiting(desk, now=NOON) == [to_desk]
    assert requests_awaiting(security, now=NOON) == [to_security]
    assert requests_awaiting(end_user(of=place), now=NOON) == []
    assert requests_awaiting(boss, now=early.expires_at) == []


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
