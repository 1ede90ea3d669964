"""Asking for roles, and what becomes of requests that nobody decides."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import submit_request
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries import (
    may_request,
    offered_roles,
    request_numbered,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import organizations
from bailiwick.idm.rules.requests import Refusal, State, Way, digest_of
from tests.idm.build_access import (
    APPROVER,
    BACKUP,
    END_USER,
    NOON,
    approver,
    backup,
    by,
    deeds_about,
    desk_member,
    end_user,
    enrollment,
    mails_to,
    organization,
    pending_request,
    person,
    put,
    wire_record,
)
from tests.refusing import refusal

pytestmark = pytest.mark.django_db


def asked(account, *, once=None, now=NOON, **changes):
    columns = {"application": "spot", "role": END_USER, "way": Way.PICK, "reason": "Needed."} | changes
    return submit_request(account=account, once=once or uuid4(), by=by(account), now=now, **columns)


def test_a_request_gets_a_number_that_can_be_read_aloud():
    """The confirmation number is unguessable and has no letters that look alike. [Q-1]"""
    request = pending_request(at=organization())
    assert re.fullmatch(r"R-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", request.number)
    assert request_numbered(f" {request.number.lower()} ") == request


@pytest.mark.parametrize("odd", ["", "\0", "R-\0000-0000", "R-2222-3333' --", "é" * 300])
def test_a_number_that_is_none_finds_nothing(odd):
    """Whatever stands in the address gets an answer. [Q-1]"""
    assert request_numbered(odd) is None


def test_submitting_is_told_and_recorded():
    """The requester hears of it, the deciders that one waits, the ledger who asked for what and why. [N-1, Q-4, L-2]"""
    place = organization()
    decider, other = approver(of=place), backup(of=place)
    request = pending_request(at=place)
    assert mails_to(request.account)[-1:] == ["request-submitted"]
    assert mails_to(decider)[-1:] == mails_to(other)[-1:] == ["request-waiting"]
    assert "request:role:submitted" in deeds_about(request.account)


def test_the_notice_says_who_decides_by_when_and_what_if_nobody_does():
    """Every waiting person knows what they wait for. [Q-6]"""
    place = organization(legal_name="O'Neal & Sons")
    approver(of=place)
    request = pending_request(at=place)
    message = Message.objects.get(kind="request-submitted", to=request.account.email)
    text = unseal(message.body, key=message.key)
    for words in ("approver or backup", "May 1, 2026", "If nobody decides", request.number, "O'Neal & Sons"):
        assert words in text
    assert NOON + timedelta(days=60) < request.expires_at <= NOON + timedelta(days=61)


def test_the_same_form_sent_twice_is_one_request():
    """A POST that creates can be repeated. [Q-5]"""
    place, account, once = organization(), person(is_proofed=True), uuid4()
    first, second = (asked(account, organization=place, once=once) for _ in range(2))
    assert first == second
    assert mails_to(account).count("request-submitted") == 1


def test_a_form_of_somebody_else_is_not_answered_with_theirs():
    """The once-number belongs to its sender. [INV-14]"""
    place, once = organization(), uuid4()
    first = asked(person(is_proofed=True), organization=place, once=once)
    second = asked(person(is_proofed=True), organization=place, once=once)
    assert first != second


def test_one_open_request_of_a_kind():
    """One open request per person, application, role and organization; the refusal names it. [Q-5]"""
    place, account = organization(), person(is_proofed=True)
    first = pending_request(by_account=account, at=place)
    with pytest.raises(Refused) as refused:
        asked(account, organization=place)
    assert (refused.value.code, refused.value.facts) == (Refusal.REQUEST_OPEN, {"number": first.number})
    assert asked(account, organization=organization()).state == State.PENDING


def test_the_database_holds_one_open_request_too():
    """INV-6 holds against raw rows. [Q-5]"""
    request = pending_request(at=organization())
    values = RoleRequest.objects.filter(pk=request.pk).values().get()
    values |= {"id": uuid4(), "once": uuid4(), "number": "R-2222-3333"}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleRequest.objects.create(**values)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'lost'",
        "way = 'none'",
        "decided_by_id = account_id, state = 'approved', decided_at = submitted_at",
        "state = 'approved'",
        "decided_by_id = account_id",
        "state = 'denied', decided_at = submitted_at",
    ],
)
def test_the_database_refuses_impossible_requests(change):
    """No unknown state, no decision without decider, nobody on themselves, no denial without a reason. [Q-5, Q-6]"""
    request = pending_request(at=organization())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE idm_access_rolerequest SET {change} WHERE number = %s", [request.number])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed_and_short(reason):
    """A reason for request. [Q-1]"""
    code = refusal(asked, person(is_proofed=True), organization=organization(), reason=reason)
    assert code in {Refusal.REASON_NEEDED, Refusal.REASON_TOO_LONG}
    assert not RoleRequest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "king"}, Refusal.ROLE_UNKNOWN),
        ({"application": "elsewhere"}, Refusal.ROLE_UNKNOWN),
        ({"way": "conquer"}, Refusal.ROLE_UNKNOWN),
        ({"way": Way.CREATE}, Refusal.WAY_NOT_FITTING),
        ({"role": BACKUP, "way": Way.CREATE}, Refusal.WAY_NOT_FITTING),
        ({"role": APPROVER, "way": Way.PICK}, Refusal.WAY_NOT_FITTING),
        ({"role": "business-office-approver", "way": Way.ASSOCIATE}, Refusal.KIND_NOT_FITTING),
    ],
)
def test_what_is_not_offered_is_refused_when_forced(changes, code):
    """Forged answers of the wizard lead nowhere. [Q-3, G-4]"""
    assert refusal(asked, person(is_proofed=True), organization=organization(), **changes) is code


def test_an_organization_that_nobody_created_cannot_be_picked():
    """End users pick what exists. [G-4]"""
    code = refusal(asked, person(is_proofed=True), record=enrollment())
    assert code is Refusal.ORGANIZATION_NOT_FOUND


def test_creating_what_exists_is_refused_by_name():
    """The page turns it into associate, in place. [G-3]"""
    place = organization("A2001", legal_name="Palm Clinic")
    with pytest.raises(Refused) as refused:
        asked(person(is_proofed=True), role=APPROVER, way=Way.CREATE, record=place.record)
    assert refused.value.code is organizations.Refusal.ORGANIZATION_EXISTS
    assert refused.value.facts == {"submitter_id": "A2001", "legal_name": "Palm Clinic"}
    assert (
        asked(person(is_proofed=True), role=APPROVER, way=Way.ASSOCIATE, organization=place).organization
        == place
    )


def test_a_closed_record_cannot_be_asked_at():
    """A closed organization takes nobody. [G-2]"""
    place = organization("A2002", legal_name="Palm Clinic")
    put(wire_record("A2002", legal_name="Palm Clinic", version=2, status="closed"))
    assert refusal(asked, person(is_proofed=True), organization=place) is Refusal.ORGANIZATION_CLOSED


def test_holding_approver_blocks_asking_for_end_user_there_only():
    """Approver roles contain end-user access, at their organization. [Q-2]"""
    place = organization()
    holder = approver(of=place)
    there, elsewhere = (
        may_request(holder, application="spot", role=END_USER, way=Way.PICK, record=one.record, now=NOON)
        for one in (place, organization())
    )
    assert (there.because, elsewhere.because) == (Refusal.ROLE_CONTAINED, Refusal.PROOFING_NEEDED)


def test_holding_the_role_blocks_asking_again():
    """A held role is not asked for again. [Q-5]"""
    place = organization()
    assert refusal(asked, end_user(of=place), organization=place) is Refusal.ROLE_HELD


def test_the_unproofed_cannot_ask_where_proofing_is_needed():
    """Proofing comes before the organization. [V-1]"""
    assert refusal(asked, person(), organization=organization()) is Refusal.PROOFING_NEEDED


def test_a_suspended_account_cannot_ask():
    """A suspended account gets nothing. [A-6]"""
    account = person(is_proofed=True)
    Account.objects.filter(pk=account.pk).update(state="suspended")
    assert refusal(asked, account, organization=organization()) is Refusal.ACCOUNT_NOT_ACTIVE


def test_a_desk_role_is_asked_for_without_an_organization():
    """Who belongs to a desk is itself a role, requested. [H-7]"""
    security = desk_member(tier=3)
    request = asked(person(), role="help-desk", way=Way.NONE)
    assert (request.record, request.organization) == (None, None)
    assert mails_to(security)[-1:] == ["request-waiting"]


def test_every_role_is_offered_with_what_stands_against_it():
    """The list says which desk role is held or waits already; roles at organizations are open. [Q-1]"""
    account = desk_member(tier=2)
    rulings = {role.code: ruling for role, ruling in offered_roles(account, "spot", now=NOON)}
    assert rulings["help-desk"].because is Refusal.ROLE_HELD
    assert rulings[END_USER]
    assert rulings[APPROVER]


def test_the_snapshot_is_of_the_asking():
    """Who asked for what, where and why, and whether they are of record. [Q-6, G-2]"""
    account = person("Robin", "Named", is_proofed=True)
    Account.objects.filter(pk=account.pk).update(email="named@example.org")
    account.refresh_from_db()
    record = enrollment("A2003", legal_name="Palm Clinic")
    request = asked(account, role=APPROVER, way=Way.CREATE, record=record, reason="I am on the form.")
    snapshot = request.snapshot
    assert snapshot["of_record"] == {"approver": {"name": True, "email": True, "same": True}, "backup": None}
    assert snapshot["organization"]["submitter_id"] == "A2003"
    assert (snapshot["name"], snapshot["reason"]) == ("Robin Named", "I am on the form.")
    assert request.snapshot_digest == digest_of(snapshot)
    assert "example.org" not in str(snapshot)
