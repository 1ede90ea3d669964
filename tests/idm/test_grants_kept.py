"""How grants begin, lapse, are kept by the database, and are shown."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bailiwick.idm.access.actions import (
    grant_by_bootstrap,
    record_endings,
    remove_grant,
    tell_owed,
)
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import (
    ended_grants,
    grant_lines,
    grants_for_claims,
    live_grants,
    people_of,
    standing_in,
)
from bailiwick.idm.rules import requests
from bailiwick.idm.rules.grants import EndReason, GrantState
from tests.idm.build_access import (
    COMMAND,
    DAY,
    END_USER,
    NOON,
    STRONG,
    approver,
    by,
    decided,
    deeds_about,
    desk_member,
    end_user,
    grant_of,
    mails_to,
    organization,
    pending_request,
    person,
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


def claims(account, *, application="spot", now=NOON):
    return [
        (claim.role, claim.organization and claim.organization.submitter_id)
        for claim in grants_for_claims(account, application, now=now)
    ]


def test_an_end_date_ends_it_with_every_job_stopped():
    """Computed; the job records it as of its day, once, and tells. [Q-10, I-2]"""
    account = end_user(of=organization())
    Grant.objects.filter(account=account).update(ends_on=date(2026, 3, 5))
    assert claims(account, now=NOON + 3 * DAY) != []
    later = NOON + 5 * DAY
    assert claims(account, now=later) == live_grants(account, now=later) == []
    assert standing_in(account, "spot", now=later).state == "removed"
    assert [record_endings(by=COMMAND, now=later) for _ in range(2)] == [1, 0]
    ended = ended_grants(account, now=later)[0]
    assert (ended.end_reason, ended.ended_at.isoformat()) == (EndReason.END_DATE, "2026-03-06T05:00:00+00:00")
    assert [tell_owed(now=later) > 0 for _ in range(2)] == [True, False]
    assert mails_to(account)[-1:] == ["roles-ended"]


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
    assert (line.role_name, line.state, line.days_left) == ("FCSO - SPOT End User", GrantState.ACTIVE, 20)
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


def test_people_of_an_organization_are_its_own():
    """Approvers first, then by name; nobody of another organization. [H-1]"""
    place = organization()
    user, boss = end_user(of=place), approver(of=place)
    end_user(of=organization())
    assert [line.grant.account for line in people_of(place, now=NOON + timedelta(hours=1))] == [boss, user]
