"""Manage My Roles: what one holds and asked for, and giving it up (Q-7 … Q-9)."""

from datetime import timedelta

import pytest

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant, RoleRequest
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_roles_are_listed_by_application_with_their_facts():
    """Role, organization, state, granted, certification due, last sign-in. [Q-7]"""
    place = build.organization()
    page = build.text_of(build.browser(build.end_user(place)).open("/roles/"))
    for word in (
        "SPOT – Secure Provider Online Tool",
        "FCSO - SPOT End User",
        place.legal_name,
        "Active",
        "Certification due",
        "Never",
        "View details",
        "Remove Role",
        "Add a role",
    ):
        assert word in page


def test_without_roles_the_page_says_what_to_do():
    """An account alone gives no access. [R-4]"""
    page = build.text_of(build.browser(build.person()).open("/roles/"))
    assert "You have no role and no request" in page


def test_a_pending_request_is_cancelled_from_the_list():
    """Pending requests with Cancel request. [Q-7]"""
    account = build.person()
    asked = build.asks(account, build.organization())
    browser = build.browser(account)
    assert "Cancel request" in build.text_of(browser.open("/roles/"))
    browser.send(f"/requests/{asked.number}/cancel/")
    assert RoleRequest.objects.get().state == "cancelled"
    assert "Earlier requests" in build.text_of(browser.open("/roles/"))


def test_add_a_role_begins_at_the_application_s_roles():
    """The green icon of the original: the application is chosen already. [Q-7]"""
    browser = build.browser(build.end_user(build.organization()))
    page = build.text_of(browser.send("/role-request/start-over/", {"application": "spot"}))
    assert "Select a Role" in page


def test_view_details_says_how_long_it_holds():
    """State, granted, certification, inactivity. [Q-7]"""
    account = build.end_user(build.organization())
    grant = Grant.objects.get(account=account)
    page = build.text_of(build.browser(account).open(f"/roles/{grant.pk}/"))
    assert "Becomes inactive" in page
    assert "Certification due" in page


def test_removing_a_role_asks_first_then_ends_it_at_once():
    """Red, are you sure, gone. [Q-7, Q-8]"""
    place = build.organization()
    account = build.end_user(place)
    grant = Grant.objects.get(account=account)
    browser = build.browser(account)
    page = build.text_of(browser.open(f"/roles/{grant.pk}/remove/"))
    assert "Are you sure" in page
    assert Grant.objects.get(pk=grant.pk).ended_at is None
    page = build.text_of(browser.send(f"/roles/{grant.pk}/remove/", {"reason": ""}))
    assert "The role was removed" in page
    assert Grant.objects.get(pk=grant.pk).end_reason == "given_up"
    assert "The role was removed" in build.text_of(browser.send(f"/roles/{grant.pk}/remove/", {"reason": ""}))


@pytest.mark.parametrize(
    ("changes", "what_happened", "next_step"),
    [
        ({"started_at": -91 * DAY}, "You had not signed in to SPOT for 90 days", "ask for it in Role Request"),
        ({"certify_by": -2 * DAY}, "Nobody did so by", "can give it back with one act"),
        ({"certify_by": -20 * DAY}, "Nobody did so by", "ask for it in Role Request"),
        ({"ends_on": -2 * DAY}, "The role was given until", "ask for it in Role Request"),
        ({"ended_at": -DAY, "end_reason": "removed_by_desk", "end_comment": "Left us."},
         "Reason given: Left us.", "ask for it in Role Request"),
        ({"ended_at": -DAY, "end_reason": "superseded"}, "which includes this one", "nothing you must do"),
        ({"ended_at": -DAY, "end_reason": "succeeded"}, "now names somebody else", "have an update form filed"),
    ],
)  # fmt: skip
def test_a_role_that_is_over_says_what_happened_and_what_to_do(changes, what_happened, next_step):
    """In plain words for each way to end, recorded or not; only a missed certification can be given back. [I-5, C-3, C-5, O-2]"""
    now, account = clock.now(), build.end_user(build.organization())
    values = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    Grant.objects.filter(account=account).update(**values)
    page = build.text_of(build.browser(account).open(f"/roles/{Grant.objects.get(account=account).pk}/"))
    assert "This role has ended" in page
    assert "The role was removed" not in page
    assert what_happened in page
    assert next_step in page


def test_the_last_approver_confirms_in_words():
    """Not without naming a successor or confirming that there will be none. [Q-9]"""
    account = build.approver(build.organization())
    grant = Grant.objects.get(account=account)
    browser = build.browser(account)
    path = f"/roles/{grant.pk}/remove/"
    assert "You are the last approver" in build.text_of(browser.open(path))
    assert "Tick the box" in build.text_of(browser.send(path, {"reason": ""}))
    assert Grant.objects.get(pk=grant.pk).ended_at is None
    browser.send(path, {"reason": "", "none_left": "on"})
    assert Grant.objects.get(pk=grant.pk).ended_at is not None


def test_a_limited_session_removes_nothing():
    """Removing is a step-up act. [S-2, S-6]"""
    account = build.end_user(build.organization())
    grant = Grant.objects.get(account=account)
    build.browser(account, "email", limited=True).send(f"/roles/{grant.pk}/remove/", status=403)
    assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_another_person_s_role_has_no_page_here():
    """Whose it is not, for them there is none. [INV-14]"""
    grant = Grant.objects.get(account=build.end_user(build.organization()))
    browser = build.browser(build.person())
    browser.open(f"/roles/{grant.pk}/", status=404)
    browser.open(f"/roles/{grant.pk}/remove/", status=404)
