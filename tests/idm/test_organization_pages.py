"""The pages about organizations: an approver's own, and the desk's (G-5, G-7)."""

import pytest
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import watch_continuity
from bailiwick.idm.organizations.queries import organization
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db

MINE, DESK = "/my-organization/", "/manage-users/organizations/"


def test_an_approver_sees_what_their_organizations_lack_and_what_to_do():
    """One page for all of them, each with who can decide and the next step; nobody else's. [G-7, G-6]"""
    first, second, other = (
        build.organization(name) for name in ("Alder Clinic", "Birch Clinic", "Cedar Clinic")
    )
    account = build.approver(first, first="Ada", last="Firstwood")
    build.grant(account, "provider-office-backup-approver", second)
    build.approver(second, first="Bo", last="Secondwood")
    build.approver(other)
    browser = build.browser(account)
    assert "My Organization" in build.text_of(browser.open("/home/"))
    page = build.text_of(browser.open(MINE))
    for words in (
        "Alder Clinic",
        "Birch Clinic",
        "Ada Firstwood, Bo Secondwood",
        "Only one person can approve",
        "Next step: Name a backup approver",
    ):
        assert words in page
    assert "Cedar" not in page


def test_whoever_approves_nowhere_is_told_so():
    """A bookmark of former days leads to an explanation. [G-7]"""
    place = build.organization("Alder Clinic")
    browser = build.browser(build.end_user(place))
    assert "My Organization" not in build.text_of(browser.open("/home/"))
    page = build.text_of(browser.open(MINE))
    assert "of any organization now" in page
    assert "Alder" not in page


def test_a_large_organization_comes_a_page_at_a_time():
    """Approvers are always there; the others by twenty. Another page costs no more than the first. [H-1]"""
    from django.db import connection

    place = build.organization()
    browser = build.browser(build.approver(place, first="Ada", last="Firstwood"))
    for number in range(22):
        build.end_user(place, last=f"Member{chr(ord('a') + number)}", is_proofed=False)
    path = f"/organizations/{place.submitter_id}/"
    with CaptureQueriesContext(connection) as first:
        page = build.text_of(browser.open(path))
    assert "Membera" in page
    assert "Memberv" not in page
    with CaptureQueriesContext(connection) as second:
        page = build.text_of(browser.open(f"{path}?page=2"))
    assert "Ada Firstwood" in page
    assert "Memberv" in page
    assert "Membera " not in page
    assert len(second) <= len(first) < 40


def test_the_desk_finds_organizations_by_name_and_by_submitter_id():
    """Misspelled or by its ID, closed ones too; what is not claimed is not there. [G-5]"""
    place = build.organization("Heron Lake Medical Group")
    closed = build.organization("Gone Clinic", status="closed")
    build.record("Heron Lake Unclaimed")
    browser = build.browser(build.tier_2())
    found = build.text_of(browser.send(DESK, {"text": "heron laek"}))
    assert place.submitter_id in found
    assert "Unclaimed" not in found
    assert "Gone Clinic" in build.text_of(browser.send(DESK, {"text": closed.submitter_id.lower()}))
    assert "No organization was found" in build.text_of(browser.send(DESK, {"text": "zzzz"}))
    assert "There is a problem" in build.text_of(browser.send(DESK, {"text": "..."}))


def test_the_desk_sees_where_nobody_can_decide():
    """Flagged at once, with the day since when. [INV-12]"""
    alone, well = build.organization("Lonely Clinic"), build.organization("Happy Clinic")
    for place in (alone, well):
        build.end_user(place, is_proofed=False)
    build.approver(well)
    browser = build.browser(build.tier_2())
    page = build.text_of(browser.open(DESK))
    assert "Lonely Clinic" in page
    assert "Just now" in page
    assert "Happy Clinic" not in page
    watch_continuity(by=By("command"), now=clock.now())
    assert "Just now" not in build.text_of(browser.open(DESK))
    page = build.text_of(browser.open(f"/organizations/{alone.submitter_id}/"))
    assert "Nobody can approve for this organization" in page
    assert "Nobody: the help desk decides requests" in page


def test_a_second_organization_of_one_tin_takes_a_reason():
    """The desk is warned before it decides, and passes the warning only with a reason. [G-1 AR04]"""
    existing = build.organization("Alder Clinic")
    asked = build.asks_to_create(build.person(), build.record("Alder Clinic North"))
    browser = build.browser(build.tier_2())
    path = f"/requests/{asked.number}/"
    page = browser.open(path)
    assert f"exists already {existing.submitter_id}" in build.text_of(page)
    digest = build.hidden(page, "digest")
    again = browser.send(f"{path}approve/", {"digest": digest, "comment": ""}, status=409)
    assert "type why as the comment" in build.text_of(again)
    told = browser.send(f"{path}approve/", {"digest": digest, "comment": "Another office of theirs."})
    assert "approved" in build.text_of(told).lower()
    assert organization(asked.record.submitter_id) is not None


def test_the_desk_s_page_is_the_desk_s():
    """An approver has their own page; another application's desk none of this kind. [H-2, INV-14]"""
    browser = build.browser(build.approver(build.organization()))
    assert browser.open(DESK, status=404)
    assert build.browser(build.tier_1()).open(DESK)
