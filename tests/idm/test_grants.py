"""What people hold, what applications hear of it, and how it ends."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bailiwick.idm.access.actions import (
    follow_record,
    grant_by_bootstrap,
    stamp_sign_in,
)
from bailiwick.idm.access.queries import (
    grant_lines,
    grants_for_claims,
    holds_desk_role,
    people_of,
    standing_in,
)
from bailiwick.idm.accounts.actions import note_first_sign_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
from bailiwick.idm.rules.sessions import Factor, Stage
from bailiwick.idm.sessions import actions as sessions
from tests.idm.build_access import (
    APPROVER,
    COMMAND,
    DAY,
    END_USER,
    NOON,
    approver,
    by,
    desk_member,
    end_user,
    grant_of,
    holder,
    organization,
    put,
    wire_record,
)

pytestmark = pytest.mark.django_db


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
    note_first_sign_in(account=desk, now=NOON + 20 * DAY)
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
