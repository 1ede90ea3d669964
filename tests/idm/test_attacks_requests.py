"""Raising one's own power by way of a request (AX19, AX20, AR08): tried through the pages, nothing is granted."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import review
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.rules.accounts import AccountState
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db

BACKUP = "provider-office-backup-approver"
APPROVER = "provider-office-approver"


@pytest.fixture
def place():
    return build.organization()


def press(account, asked, how="approve", *, digest="", **browser):
    """A decision posted without having been offered."""
    sent = {"digest": digest or review(asked).digest, "reason": "So be it."}
    return build.browser(account, **browser).client.post(f"/requests/{asked.number}/{how}/", sent)


def is_untouched(asked):
    stored = RoleRequest.objects.get(pk=asked.pk)
    return stored.state == "pending" and not Grant.objects.filter(request=asked).exists()


@pytest.mark.parametrize("how", ["approve", "deny"])
@pytest.mark.parametrize("also", ["approver", "desk"])
def test_nobody_decides_on_themselves_by_whatever_else_they_are(place, also, how):
    """An approver of the same place, or the desk itself, with a request of their own. [Q-5, AX19]"""
    account = build.person()
    asked = build.asks(account, place, role=BACKUP, way="associate")
    build.grant(account, *(("help-desk",) if also == "desk" else ("end-user", place)))
    assert press(account, asked, how).status_code == 404
    assert is_untouched(asked)
    assert Entry.objects.filter(deed="authority:act:refused", subject=str(account.pk)).exists()


def test_approver_and_backup_do_not_make_each_other(place):
    """Approver roles are the desk's to decide, whoever asks. [Q-4, AX19]"""
    boss, other = build.approver(place), build.person()
    build.grant(other, BACKUP, place)
    asked = build.asks(other, place, role=APPROVER, way="associate")
    assert press(boss, asked).status_code == 404
    assert is_untouched(asked)


def test_the_digest_of_one_request_decides_no_other(place):
    """The request in the address is exchanged after the look: it needs a look of its own. [Q-6, SR-15, AX19]"""
    boss = build.approver(place)
    seen, other = (build.asks(build.person(), place) for _ in range(2))
    assert press(boss, other, digest=review(seen).digest).status_code == 409
    assert is_untouched(seen)
    assert is_untouched(other)


@pytest.mark.parametrize("smuggled", ["role", "organization", "account", "state", "application"])
def test_what_a_decision_does_not_ask_for_changes_nothing(place, smuggled):
    """Fields of the request sent along with the decision are nobody's. [SR-36, AX20]"""
    boss, asked = build.approver(place), build.asks(build.person(), place)
    values = {"role": APPROVER, "organization": str(build.organization().pk), "account": str(boss.pk)}
    sent = {"digest": review(asked).digest, smuggled: values.get(smuggled, "denied"), "comment": ""}
    build.browser(boss).client.post(f"/requests/{asked.number}/approve/", sent)
    grant = Grant.objects.get(request=asked)
    assert (grant.account_id, grant.role, grant.organization_id) == (asked.account_id, "end-user", place.pk)


@pytest.mark.parametrize("lost", ["inactive", "suspended", "ended", "ran out", "uncertified"])
def test_a_right_that_was_lost_since_the_look_decides_nothing(place, lost):
    """The decider's own role rests or is over, recorded or not, or their account is suspended, between look and press. [SR-16, AX15, AX19]"""
    boss, asked = build.approver(place), build.asks(build.person(), place)
    browser, digest = build.browser(boss), review(asked).digest
    assert browser.open(f"/requests/{asked.number}/")
    held = Grant.objects.filter(account=boss)
    if lost == "inactive":
        held.update(started_at=clock.now() - timedelta(days=40))
    elif lost == "ended":
        held.update(ended_at=clock.now(), end_reason="given_up")
    elif lost == "ran out":
        held.update(ends_on=clock.now().date() - timedelta(days=2))
    elif lost == "uncertified":
        held.update(certify_by=clock.now().date() - timedelta(days=2))
    else:
        Account.objects.filter(pk=boss.pk).update(state=AccountState.SUSPENDED)
    browser.client.post(f"/requests/{asked.number}/approve/", {"digest": digest})
    assert is_untouched(asked)


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.ARCHIVED])
def test_a_requester_who_was_stopped_meanwhile_is_given_nothing(place, state):
    """What was true when it was asked must be true when it is approved. [Q-6, AR16]"""
    boss, asked = build.approver(place), build.asks(build.person(), place)
    Account.objects.filter(pk=asked.account_id).update(state=state)
    assert press(boss, asked).status_code == 409
    assert is_untouched(asked)


def chosen(browser, role):
    browser.send("/role-request/start-over/", {"application": "spot"})
    browser.send("/role-request/role/", {"role": role})


def test_an_end_user_does_not_get_in_by_the_approvers_door(place):
    """The page that creates an organization is not there for a role that only picks. [G-4, AR08]"""
    browser, record = build.browser(build.person()), build.record("Palm Bay Clinic")
    chosen(browser, "end-user")
    typed = {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "tin": build.TIN,
        "address": record.address,
        "city": record.city,
        "state": record.state,
        "zip": record.zip,
        "phone": record.phone,
    }
    browser.client.post("/role-request/organization/create/", typed)
    assert not RoleRequestDraft.objects.filter(record=record).exists()


def test_what_is_submitted_is_what_was_reviewed(place):
    """Role and organization sent with the last press are not listened to; changed answers are looked at again. [SR-15, AX19]"""
    account = build.person()
    browser = build.browser(account)
    chosen(browser, "end-user")
    browser.send("/role-request/organization/pick/", {"organization": str(place.pk)})
    page = browser.open("/role-request/review/")
    sent = {"draft": build.hidden(page, "draft"), "seen": build.hidden(page, "seen"), "reason": "Billing."}
    smuggled = {"role": APPROVER, "way": "create", "account": str(build.person().pk)}
    browser.send("/role-request/review/", {**sent, **smuggled})
    made = RoleRequest.objects.get(account=account)
    assert (made.role, made.way, made.organization_id) == ("end-user", "pick", place.pk)
