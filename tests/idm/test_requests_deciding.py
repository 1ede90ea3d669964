"""Deciding: by whom, on what, once."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import (
    grant_by_bootstrap,
    remove_grant,
)
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import awaiting, deciders_of, look_at, review
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.requests import Refusal, State, Way
from tests.idm.build_access import (
    APPROVER,
    DAY,
    EMAIL_ONLY,
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
    mails_to,
    organization,
    pending_request,
    person,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db


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
    assert list(awaiting(desk, now=NOON)) == []


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
    assert list(awaiting(desk, now=now)) == [request]
    assert refusal(decided, request, boss, now=now) is Refusal.NOT_A_DECIDER
    assert decided(request, desk, now=now).state == State.APPROVED


def test_nobody_decides_their_own_request():
    """Not even tier 3 for the desk of an application. [Q-5]"""
    security = desk_member(tier=3)
    request = pending_request(by_account=security, role="help-desk", way=Way.NONE)
    assert refusal(decided, request, security) is Refusal.OWN_REQUEST
    assert security not in deciders_of(request, now=NOON)
    assert list(awaiting(security, now=NOON)) == []
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
        look_at(request, decider, strength=strength, now=NOON).may_decide.because
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
