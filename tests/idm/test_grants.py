"""What people hold, what applications hear of it, and how it ends."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import (
    end_lapsed_grants,
    follow_record,
    grant_by_bootstrap,
    remove_grant,
    stamp_sign_in,
)
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    ended_grants,
    grant_lines,
    grants_for_claims,
    health,
    holds_desk_role,
    leaves_no_approver,
    live_grants,
    people_of,
    standing_in,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import requests
from bailiwick.idm.rules.grants import EndReason, GrantState, HealthFlag, Refusal
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
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
    decided,
    deeds_about,
    desk_member,
    end_user,
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


def test_claims_are_the_grants_in_this_application():
    """Role, and organization by id, name, kind and submitter ID; nothing of another application. [O-3]"""
    place = organization("A4001", legal_name="Palm Clinic")
    account = end_user(of=place)
    grant_by_bootstrap(account=account, application="idm", role="auditor", by=COMMAND, now=NOON)
    (claim,) = grants_for_claims(account, "spot", now=NOON)
    assert (claim.role, claim.standing, claim.role_name) == (END_USER, "end_user", "FCSO - SPOT End User")
    assert (claim.organization.legal_name, claim.organization.kind) == ("Palm Clinic", "provider_office")
    assert (claim.organization.id, claim.organization.submitter_id) == (str(place.pk), "A4001")


def test_claims_cost_one_statement():
    """The hot path of the code exchange. [O-3]"""
    account = end_user(of=organization())
    for _ in range(3):
        grant_by_bootstrap(
            account=account,
            application="spot",
            role=END_USER,
            organization=organization(),
            by=COMMAND,
            now=NOON,
        )
    with CaptureQueriesContext(connection) as statements:
        assert len(grants_for_claims(account, "spot", now=NOON)) == 4
    assert len(statements) == 1


def test_one_person_holds_roles_for_many_organizations():
    """On one account. [G-6]"""
    places = [organization("A4010"), organization("A4011")]
    account = end_user(of=places[0])
    grant_by_bootstrap(
        account=account, application="spot", role=APPROVER, organization=places[1], by=COMMAND, now=NOON
    )
    assert set(claims(account)) == {(END_USER, "A4010"), (APPROVER, "A4011")}


@pytest.mark.parametrize("state", ["suspended", "archived", "discarded"])
def test_an_account_that_is_not_active_has_no_claims(state):
    """Suspended and archived accounts enter nothing, at once. [O-5]"""
    account = end_user(of=organization())
    Account.objects.filter(pk=account.pk).update(state=state)
    assert claims(account) == []


def test_an_inactive_grant_gives_no_claims():
    """At day 30 without a sign-in to the application; no job has to run. [I-4, I-2]"""
    account = end_user(of=organization())
    assert claims(account, now=NOON + 30 * DAY) != []
    assert claims(account, now=NOON + 31 * DAY) == []
    assert standing_in(account, "spot", now=NOON + 31 * DAY).state == "inactive"


def test_a_sign_in_to_the_application_keeps_it_active():
    """Stamped with one statement, in that application only. [I-1]"""
    account = end_user(of=organization())
    grant_by_bootstrap(account=account, application="idm", role="auditor", by=COMMAND, now=NOON)
    with CaptureQueriesContext(connection) as statements:
        assert stamp_sign_in(account=account, application="spot", now=NOON + 20 * DAY) == 1
    assert len(statements) == 1
    assert claims(account, now=NOON + 45 * DAY) != []
    assert grant_of(account, application="idm").last_sign_in_at is None


def test_a_stamp_does_not_wake_what_rests():
    """Signing in for one organization does not restore the inactive role at another. [I-4]"""
    account = end_user(of=organization())
    later = NOON + 40 * DAY
    grant_by_bootstrap(
        account=account, application="spot", role=END_USER, organization=organization(), by=COMMAND, now=later
    )
    assert stamp_sign_in(account=account, application="spot", now=later) == 1
    assert len(claims(account, now=later)) == 1


def test_desk_roles_count_sign_ins_to_idm():
    """Desk roles are used in IDM. [I-1]"""
    desk = desk_member(tier=3)
    later = NOON + 40 * DAY
    assert not holds_desk_role(desk, tier=3, application="idm", now=later)
    signed_in_to_spot(desk, now=NOON + 20 * DAY)
    assert holds_desk_role(desk, tier=3, application="idm", now=later)
    assert grant_lines(desk, now=later)[0].state is GrantState.ACTIVE


def test_desks_are_known_by_tier_and_application():
    """Tier 2 is the application's desk, 1 and 3 IDM's; a higher tier includes the lower. [H-2]"""
    first, second, third = (desk_member(tier=tier) for tier in (1, 2, 3))
    auditor = holder("auditor", application="idm")
    assert holds_desk_role(second, tier=2, application="spot", now=NOON)
    assert not holds_desk_role(second, tier=1, application="idm", now=NOON)
    assert holds_desk_role(third, tier=1, application="idm", now=NOON)
    assert not holds_desk_role(first, tier=3, application="idm", now=NOON)
    assert not holds_desk_role(auditor, tier=1, application="idm", now=NOON)


def test_a_closed_record_ends_what_its_people_have_at_once():
    """No claims, no authority; their sessions at the application end. [O-5]"""
    place = organization("A4020", legal_name="Palm Clinic")
    account = approver(of=place)
    presence = signed_in_to_spot(account)
    put(wire_record("A4020", legal_name="Palm Clinic", version=2, status="closed"))
    assert follow_record(submitter_id="A4020", by=COMMAND, now=NOON) == 1
    presence.refresh_from_db()
    assert presence.end_reason == SessionEnd.ORGANIZATION_CLOSED
    assert claims(account) == []
    assert (people_of(place, now=NOON)[0].state, standing_in(account, "spot", now=NOON).state) == (
        GrantState.CLOSED,
        "closed",
    )


def test_an_open_record_signs_nobody_out():
    """A changed address is no reason to interrupt anybody. [O-5]"""
    place = organization()
    signed_in_to_spot(approver(of=place))
    assert follow_record(submitter_id=place.submitter_id, by=COMMAND, now=NOON) == 0


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


def test_an_end_date_ends_it_with_every_job_stopped():
    """Computed; the job records it as of its day, once, and tells. [Q-10, I-2]"""
    account = end_user(of=organization())
    Grant.objects.filter(account=account).update(ends_on=date(2026, 3, 5))
    assert claims(account, now=NOON + 3 * DAY) != []
    later = NOON + 5 * DAY
    assert claims(account, now=later) == live_grants(account, now=later) == []
    assert standing_in(account, "spot", now=later).state == "removed"
    assert [end_lapsed_grants(by=COMMAND, now=later) for _ in range(2)] == [1, 0]
    ended = ended_grants(account, now=later)[0]
    assert (ended.end_reason, ended.ended_at.isoformat()) == (EndReason.END_DATE, "2026-03-06T05:00:00+00:00")
    assert mails_to(account)[-1:] == ["role-ended"]


def test_a_lapsed_role_can_be_granted_again_before_the_job_has_run():
    """What ended by its date makes room. [I-2]"""
    place = organization()
    request = pending_request(at=place)
    boss = approver(of=place)
    grant_by_bootstrap(
        account=request.account,
        application="spot",
        role=END_USER,
        organization=place,
        by=COMMAND,
        now=NOON - 9 * DAY,
    )
    Grant.objects.filter(account=request.account).update(ends_on=date(2026, 2, 27))
    decided(request, boss)
    assert [
        grant.end_reason for grant in Grant.objects.filter(account=request.account).order_by("started_at")
    ] == [
        EndReason.END_DATE,
        "",
    ]


def test_the_operators_command_grants_once_and_tells():
    """The bootstrap of a desk; again it is the same grant. [H-7]"""
    account = person()
    first, second = (
        grant_by_bootstrap(account=account, application="idm", role="tier-3", by=COMMAND, now=NOON)
        for _ in range(2)
    )
    assert first == second
    assert mails_to(account).count("role-started") == 1
    assert deeds_about(account)[-1] == "grant:role:started"


@pytest.mark.parametrize(
    ("role", "place", "code"),
    [
        ("emperor", False, requests.Refusal.ROLE_UNKNOWN),
        (END_USER, False, requests.Refusal.ORGANIZATION_NEEDED),
        ("help-desk", True, requests.Refusal.ORGANIZATION_NEEDED),
        ("business-office-approver", True, requests.Refusal.KIND_NOT_FITTING),
    ],
)
def test_the_operators_command_keeps_the_rules_of_roles(role, place, code):
    """Not even the operator grants what does not fit. [Q-3]"""
    where = organization() if place else None
    found = refusal(
        grant_by_bootstrap,
        account=person(),
        application="spot",
        role=role,
        organization=where,
        by=COMMAND,
        now=NOON,
    )
    assert found is code


def test_the_database_holds_one_live_grant():
    """Of a person, role and organization, and of a desk role. [INV-4]"""
    for held in (grant_of(end_user(of=organization())), grant_of(desk_member(tier=2))):
        values = Grant.objects.filter(pk=held.pk).values().get() | {"id": uuid4(), "request_id": None}
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**values)
        Grant.objects.create(**(values | {"ended_at": NOON, "end_reason": "given_up"}))


@pytest.mark.parametrize(
    "change",
    ["end_reason = 'given_up'", "ended_at = started_at", "end_reason = 'whim', ended_at = started_at"],
)
def test_the_database_knows_why_a_grant_ended(change):
    """No end without a known reason, no reason without an end. [Q-8]"""
    end_user(of=organization())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE idm_access_grant SET {change}")


def test_a_line_shows_what_pages_need():
    """Role, state, days left, due date, last sign-in. [Q-7, C-1, I-3]"""
    account = end_user(of=organization())
    (line,) = grant_lines(account, now=NOON + 10 * DAY)
    assert (line.role_name, line.state, line.days_left) == ("FCSO - SPOT End User", GrantState.ACTIVE, 21)
    assert (line.certification_due, line.last_sign_in_at) == (date(2027, 3, 2), None)


def test_a_role_that_left_the_catalogue_is_shown_and_gives_nothing():
    """The application file may change under a grant. [O-6]"""
    account = end_user(of=organization())
    Grant.objects.filter(account=account).update(role="former-role")
    (line,) = grant_lines(account, now=NOON)
    assert (line.role, line.role_name) == (None, "former-role")
    assert claims(account) == []


def test_standing_tells_why_somebody_cannot_enter():
    """None, pending, denied, active, removed: with since when, why, and who can act. [O-2]"""
    place = organization()
    boss = approver(of=place)
    account = person(is_proofed=True)
    assert standing_in(account, "spot", now=NOON).state == "none"
    request = pending_request(by_account=account, at=place)
    waiting = standing_in(account, "spot", now=NOON)
    assert (waiting.state, waiting.since, waiting.request, waiting.who.decider) == (
        "pending",
        NOON,
        request,
        "approvers",
    )
    decided(request, boss, approve=False, reason="Unknown here.", now=NOON + DAY)
    denied = standing_in(account, "spot", now=NOON + DAY)
    assert (denied.state, denied.since, denied.reason) == ("denied", NOON + DAY, "Unknown here.")
    request = pending_request(by_account=account, at=place, now=NOON + 2 * DAY)
    decided(request, boss, now=NOON + 2 * DAY)
    assert standing_in(account, "spot", now=NOON + 2 * DAY).state == "active"
    removed(grant_of(account), boss, now=NOON + 3 * DAY)
    gone = standing_in(account, "spot", now=NOON + 3 * DAY)
    assert (gone.state, gone.reason, gone.help.name) == ("removed", "Left the office.", "SPOT Help Desk")


def test_health_names_what_an_organization_lacks():
    """Only one approver, with e-mail only, not of record. [G-7]"""
    place = organization()
    assert health(place, now=NOON) == []
    approver(of=place)
    assert health(place, now=NOON) == [
        HealthFlag.ONLY_ONE_APPROVER,
        HealthFlag.ONLY_EMAIL_FACTOR,
        HealthFlag.DIFFERS_FROM_RECORD,
    ]
    assert health(place, now=NOON + 20 * DAY)[1] is HealthFlag.APPROVER_NEAR_INACTIVITY
    assert health(place, now=NOON + 40 * DAY)[0] is HealthFlag.NO_ABLE_APPROVER


def test_people_of_an_organization_are_its_own():
    """Approvers first, then by name; nobody of another organization. [H-1]"""
    place = organization()
    user, boss = end_user(of=place), approver(of=place)
    end_user(of=organization())
    assert [line.grant.account for line in people_of(place, now=NOON + timedelta(hours=1))] == [boss, user]
