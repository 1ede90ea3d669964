"""Who takes a role away, and what happens then."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.idm.access.actions import (
    grant_by_bootstrap,
    remove_grant,
)
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    grants_for_claims,
    leaves_no_approver,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import EndReason, Refusal
from bailiwick.idm.rules.sessions import Factor, Stage
from bailiwick.idm.sessions import actions as sessions
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
    COMMAND,
    DAY,
    EMAIL_ONLY,
    END_USER,
    LIMITED,
    NOON,
    STRONG,
    approver,
    backup,
    by,
    deeds_about,
    desk_member,
    end_user,
    grant_of,
    holder,
    mails_to,
    organization,
    pending_request,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db


def removed(grant, remover, *, reason="Left the office.", strength=STRONG, now=NOON, confirmed=False):
    return remove_grant(
        grant=grant,
        remover=remover,
        reason=reason,
        strength=strength,
        by=by(remover),
        now=now,
        confirmed_none_left=confirmed,
    )


def signed_in_to_spot(account, *, now=NOON):
    """A live session at the application; returns its row."""
    session, _ = sessions.begin(account=account, by=by(account), now=now)
    sessions.complete(session=session, factor=Factor.TOTP, stage=Stage.FULL, by=by(account), now=now)
    return sessions.open_application_session(session=session, application="spot", client_id="spot", now=now)


def claims(account, *, application="spot", now=NOON):
    return [
        (claim.role, claim.organization and claim.organization.submitter_id)
        for claim in grants_for_claims(account, application, now=now)
    ]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (lambda place, held: held.account, EndReason.GIVEN_UP),
        (lambda place, held: approver(of=place), EndReason.REMOVED_BY_APPROVER),
        (lambda place, held: backup(of=place), EndReason.REMOVED_BY_APPROVER),
        (lambda place, held: desk_member(tier=2), EndReason.REMOVED_BY_DESK),
        (lambda place, held: desk_member(tier=1), EndReason.REMOVED_BY_DESK),
    ],
)
def test_an_end_users_role_is_removed(who, reason):
    """By the holder, an approver or backup there, or a desk; at once, told, on the ledger. [Q-8]"""
    place = organization()
    held = grant_of(end_user(of=place))
    remover = who(place, held)
    ended = removed(held, remover)
    assert (ended.end_reason, ended.ended_at, ended.ended_by) == (reason, NOON, remover)
    assert claims(held.account) == []
    assert mails_to(held.account)[-1:] == ["role-ended"]
    assert Entry.objects.get(deed="grant:role:ended").outcome == reason
    assert not Grant.objects.filter(pk=held.pk, ended_at=None).exists()


def test_removal_ends_the_sessions_at_the_application():
    """At once, in sessions too: their logout is queued in the same transaction. [Q-8, O-5]"""
    place = organization()
    account = end_user(of=place)
    presence = signed_in_to_spot(account)
    removed(grant_of(account), approver(of=place))
    presence.refresh_from_db()
    assert presence.ended_at == NOON
    assert Message.objects.filter(channel="call", kind="backchannel-logout").count() == 1


def test_removal_in_one_organization_keeps_the_others_role():
    """The session ends so that the application asks again; the other role stays. [G-6]"""
    place = organization()
    account = end_user(of=place)
    grant_by_bootstrap(
        account=account,
        application="spot",
        role=END_USER,
        organization=organization("A4030"),
        by=COMMAND,
        now=NOON,
    )
    removed(grant_of(account, organization=place), approver(of=place))
    assert claims(account) == [(END_USER, "A4030")]


@pytest.mark.parametrize("role", [APPROVER, BACKUP])
def test_approvers_do_not_remove_approvers(role):
    """An approver or backup removes end users only. [Q-8]"""
    place = organization()
    held = grant_of(holder(role, of=place))
    for remover in (approver(of=place), backup(of=place)):
        assert refusal(removed, held, remover) is Refusal.NOT_A_REMOVER
    assert deeds_about(held.account)[-1] == "authority:act:refused"


def test_an_approver_of_another_organization_removes_nobody():
    """Nothing of A is B's. [Q-8]"""
    held = grant_of(end_user(of=organization()))
    assert refusal(removed, held, approver(of=organization())) is Refusal.NOT_A_REMOVER


def test_an_inactive_approver_removes_nobody():
    """An inactive grant gives no authority. [Q-4]"""
    place, later = organization(), NOON + 31 * DAY
    boss, held = approver(of=place), grant_of(end_user(of=place))
    assert refusal(removed, held, boss, now=later) is Refusal.NOT_A_REMOVER


@pytest.mark.parametrize("strength", [LIMITED, EMAIL_ONLY])
def test_removing_somebody_needs_more_than_email(strength):
    """Removing is a step-up act. [S-6, S-2]"""
    place = organization()
    held = grant_of(end_user(of=place))
    assert refusal(removed, held, approver(of=place), strength=strength) is Refusal.STRONGER_FACTOR_NEEDED


def test_whoever_removes_somebody_says_why():
    """The person reads it. [N-1]"""
    place = organization()
    held = grant_of(end_user(of=place))
    assert refusal(removed, held, approver(of=place), reason=" ") is Refusal.REMOVAL_REASON_NEEDED
    assert removed(held, held.account, reason="").end_reason == EndReason.GIVEN_UP


def test_a_removal_sent_twice_is_one():
    """Again by the same person changes nothing; another is told that it has ended. [Q-8]"""
    place = organization()
    held, boss = grant_of(end_user(of=place)), approver(of=place)
    for _ in range(2):
        removed(held, boss)
    assert mails_to(held.account).count("role-ended") == 1
    assert refusal(removed, held, backup(of=place)) is Refusal.GRANT_ENDED


def test_the_last_approver_confirms_that_none_is_left():
    """In words; then tier 2 is told, and whoever waits hears that tier 2 decides. [Q-9, G-7]"""
    place, desk = organization(), desk_member(tier=2)
    boss = approver(of=place)
    request = pending_request(at=place)
    held = grant_of(boss)
    assert leaves_no_approver(held, now=NOON)
    assert refusal(removed, held, boss) is Refusal.NONE_LEFT_UNCONFIRMED
    removed(held, boss, confirmed=True)
    assert mails_to(desk)[-2:] == ["organization-without-approver", "request-waiting"]
    assert mails_to(request.account)[-1:] == ["request-moved"]


def test_with_a_backup_left_nothing_needs_confirming():
    """A backup is an able approver too. [Q-9]"""
    place = organization()
    boss = approver(of=place)
    backup(of=place)
    assert not leaves_no_approver(grant_of(boss), now=NOON)
    assert removed(grant_of(boss), boss).ended_at == NOON


def test_a_suspended_backup_is_no_successor():
    """Able means neither suspended nor archived. [Q-9]"""
    place = organization()
    boss, other = approver(of=place), backup(of=place)
    Account.objects.filter(pk=other.pk).update(state="suspended")
    assert refusal(removed, grant_of(boss), boss) is Refusal.NONE_LEFT_UNCONFIRMED


def test_the_desk_removes_the_last_approver_and_is_told():
    """Not of record: access is revoked, and the gap is known. [Q-9, G-7]"""
    place, desk, other = organization(), desk_member(tier=2), desk_member(tier=2)
    removed(grant_of(approver(of=place)), desk)
    assert mails_to(other)[-1:] == ["organization-without-approver"]


def test_desk_roles_are_removed_by_tier_3_and_the_last_one_stays():
    """Like any other role; but the last tier 3 is not removed. [H-7]"""
    first = desk_member(tier=3)
    assert refusal(removed, grant_of(first), first) is Refusal.LAST_TIER_3
    second = desk_member(tier=3)
    assert refusal(removed, grant_of(second), desk_member(tier=1)) is Refusal.NOT_A_REMOVER
    removed(grant_of(second), first)
    assert refusal(removed, grant_of(first), first) is Refusal.LAST_TIER_3
