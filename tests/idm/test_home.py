"""The home page: tiles, what waits, and the doors that are open (R-9, H-1, S-2)."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db


def test_home_greets_by_name_and_shows_the_tiles():
    """Everybody has My Profile, Role Request and Manage My Roles. [R-9]"""
    page = build.text_of(build.browser(build.person("Robin", "Larkspur")).open("/home/"))
    assert "Welcome, Robin Larkspur" in page
    assert all(tile in page for tile in ("My Profile", "Role Request", "Manage My Roles"))


def test_the_help_desk_tile_is_for_those_who_may():
    """Help Desk / Manage Users shows for approvers and desks, and for nobody else. [R-9, H-1]"""
    place = build.organization()
    tile = "Help Desk / Manage Users"
    assert tile not in build.text_of(build.browser(build.end_user(place)).open("/home/"))
    assert tile in build.text_of(build.browser(build.approver(place)).open("/home/"))
    assert tile in build.text_of(build.browser(build.tier_2()).open("/home/"))


def test_what_waits_for_a_decider_is_counted_and_linked():
    """An approver finds the waiting request on the home page. [Q-4]"""
    place = build.organization()
    asked = build.asks(build.person("Noor", "Ashgrove"), place)
    response = build.browser(build.approver(place)).open("/home/")
    page = build.text_of(response)
    assert "Noor Ashgrove" in page
    assert "1 request waits for you" in page
    assert f"/requests/{asked.number}/" in response.content.decode()


def test_my_own_pending_request_is_shown_with_its_state():
    """Whoever asked reads that it waits, since when and until when. [Q-6]"""
    account = build.person()
    asked = build.asks(account, build.organization())
    page = build.text_of(build.browser(account).open("/home/"))
    assert asked.number in page
    assert "Waiting for a decision" in page


def test_a_person_with_a_role_finds_the_door_to_the_application():
    """The link leads to the application's own start. [R-9]"""
    account = build.end_user(build.organization())
    page = build.browser(account).open("/home/")
    assert "Go to SPOT" in build.text_of(page)


def test_a_person_without_a_role_finds_no_door():
    """No role, no link, but the next step; not once there is a role. [R-4]"""
    page = build.text_of(build.browser(build.person()).open("/home/"))
    assert "Go to SPOT" not in page
    assert "You have no role yet" in page
    assert "You have no role yet" not in build.text_of(build.browser(build.tier_2()).open("/home/"))


def test_email_as_the_only_factor_brings_an_invitation():
    """The first sign-in invites to add another factor. [S-2]"""
    page = build.text_of(build.browser(build.person()).open("/home/"))
    assert "Add a second way to verify" in page


def test_nobody_signed_in_is_sent_to_sign_in():
    """Home is behind sign-in. [S-1]"""
    from django.test import Client

    response = Client().get("/home/")
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_the_page_says_until_when_access_lasts_counted_from_what_and_where_to_sign_in():
    """Days left by the day that comes first, be it of a role given back; and the day to take along, telling nothing. [I-3]"""
    account = build.end_user(build.organization())
    build.grant(account, "end-user", build.organization("Second Clinic"))
    newest = Grant.objects.filter(account=account).latest("pk")
    back = clock.now() - timedelta(days=10)
    Grant.objects.filter(pk=newest.pk).update(started_at=back - timedelta(days=90), restored_at=back)
    browser = build.browser(account)
    page = build.text_of(browser.open("/home/"))
    assert "20 days left" in page
    assert f"Counted from {date_format(localtime(back))}; signing in to IDM alone does not count" in page
    file = browser.open("/home/spot/sign-in-by.ics")
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in file["Cache-Control"]
    text = file.content.decode()
    assert "SUMMARY:Sign in to SPOT" in text
    assert not [word for word in (account.user_id, str(account.pk), account.email) if word in text]


def test_a_door_that_is_shut_says_how_it_opens():
    """Inactive: both steps, and no day for a calendar. [I-3, I-4]"""
    account = build.end_user(build.organization())
    Grant.objects.filter(account=account).update(started_at=clock.now() - timedelta(days=40))
    browser = build.browser(account)
    page = build.text_of(browser.open("/home/"))
    assert "Your access to SPOT is inactive" in page
    assert "Within 7 days of it, sign in to SPOT" in page
    assert "Go to SPOT" not in page
    for code in ("spot", "harbor", "nothing"):
        browser.open(f"/home/{code}/sign-in-by.ics", status=404)
