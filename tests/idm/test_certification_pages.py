"""My Annual Role Certifications: the list with its evidence, one role, many at once, handing over, restoring (C-2 to C-5)."""

import re
from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.portal.certifications import many_views
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.sessions import Factor
from tests.idm import build_pages as pages

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def due(account, days=10):
    """Somebody's only role, due so many days from today."""
    grant = Grant.objects.get(account=account)
    grant.certify_by = day_of(clock.now(), zone()) + days * DAY
    grant.save(update_fields=["certify_by"])
    return grant


@pytest.fixture
def place():
    return pages.organization()


@pytest.fixture
def boss(place):
    return pages.approver(place)


def filled(response, *seen):
    """The list's form as a person fills it in: every digest as it was drawn, those roles ticked."""
    html = response.content.decode()
    digests = dict(re.findall(r'name="([\w-]+-digest)"[^>]*value="(\w+)"', html))
    return {**digests, **{f"{grant.pk}-seen": "on" for grant in seen}}


def test_the_home_page_says_how_many_roles_wait_and_the_list_shows_their_evidence(place, boss):
    """Last sign-in, granted when by whom, proofing, and a suggestion with its reason. [R-9, C-4]"""
    due(pages.end_user(place, first="Casey"))
    due(pages.end_user(place, first="Later"), 40)
    browser = pages.browser(boss)
    home = pages.text_of(browser.open("/home/"))
    assert "My Annual Role Certifications" in home
    assert "1 role waits for you" in home
    listed = pages.text_of(browser.open("/certifications/"))
    for words in (
        "Casey Larkspur",
        "Last sign-in to SPOT : Never",
        "by the operator",
        "Identity: Verified",
        "Look closer",
        "the person has never signed in to the application",
        "Health of the organization: 3 things to mend",
    ):
        assert words.replace(" : ", ": ") in listed, words
    assert "Later" not in listed


def test_the_tile_is_for_those_who_certify(place):
    """An end user has nothing to certify, and an empty list if they look. [R-9, C-2]"""
    user = pages.end_user(place)
    due(user)
    browser = pages.browser(user)
    assert "My Annual Role Certifications" not in pages.text_of(browser.open("/home/"))
    assert "Nothing is due now" in pages.text_of(browser.open("/certifications/"))


def test_several_are_certified_each_looked_at_and_the_others_left(place, boss):
    """What is not ticked is not decided. [C-4, Q-10]"""
    grants = [due(pages.end_user(place)) for _ in range(3)]
    browser = pages.browser(boss)
    sent = {**filled(browser.open("/certifications/"), *grants[:2]), "act": "certify", "reason": "All known."}
    text = pages.text_of(browser.send("/certifications/decide/", sent))
    assert "2 roles are decided as you chose" in text
    rows = Certification.objects.filter(outcome="certified", comment="All known.")
    assert set(rows.values_list("grant", flat=True)) == {one.pk for one in grants[:2]}


def test_removing_several_needs_a_reason_and_keeps_what_was_ticked(place, boss):
    """The reason is mailed to each. [C-4, Q-8]"""
    grants = [due(pages.end_user(place)) for _ in range(2)]
    browser = pages.browser(boss)
    sent = {**filled(browser.open("/certifications/"), *grants), "act": "remove"}
    again = browser.send("/certifications/decide/", sent, status=422)
    assert again.content.decode().count("checked") == 2
    browser.send("/certifications/decide/", {**sent, "reason": "They left."})
    assert Grant.objects.filter(end_comment="They left.", end_reason="removed_by_approver").count() == 2
    nothing = browser.send("/certifications/decide/", {"act": "certify"}, status=422)
    assert "Look at least at one role" in pages.text_of(nothing)


def test_a_list_with_somebody_elses_role_tells_nothing_of_it(place, boss):
    """A role of another organization reads like one that never was; each try is on the ledger. [INV-14, AX17, L-2]"""
    foreign = due(pages.end_user(pages.organization(), first="Casey"))
    browser = pages.browser(boss)
    sent = {
        f"{foreign.pk}-seen": "on",
        "00000000-0000-4000-8000-000000000000-seen": "on",
        "no-id-seen": "on",
        "act": "certify",
    }
    for act in ("certify", "remove"):
        text = pages.text_of(browser.send("/certifications/decide/", sent | {"act": act, "reason": "Left."}))
        assert text.count("There is no such role to certify.") == 2
        assert "Casey" not in text
    browser.open(f"/certifications/{foreign.pk}/", status=404)
    assert Entry.objects.filter(deed="authority:act:refused", why="not_a_certifier").count() == 3
    assert not Certification.objects.exists()
    assert Grant.objects.get(pk=foreign.pk).ended_at is None


def test_one_role_is_certified_removed_or_handed_over_on_its_page(place, boss):
    """Each act with its words, and the other approver finds who handed it over. [C-4]"""
    second = pages.approver(place, first="Marlow")
    kept, gone, handed = (due(pages.end_user(place, first=name)) for name in ("Kit", "Gale", "Harper"))
    browser = pages.browser(boss)
    page = browser.open(f"/certifications/{kept.pk}/")
    digest = pages.hidden(page, "digest")
    browser.send(
        f"/certifications/{kept.pk}/decide/", {"act": "certify", "digest": digest, "comment": "Yes."}
    )
    assert Certification.objects.get(grant=kept).outcome == "certified"
    browser.send(f"/certifications/{gone.pk}/decide/", {"act": "remove"}, status=422)
    browser.send(f"/certifications/{gone.pk}/decide/", {"act": "remove", "reason": "Left."})
    assert Grant.objects.get(pk=gone.pk).end_comment == "Left."
    sent = {"act": "hand", "to": str(second.pk), "why": "Yours."}
    browser.send(f"/certifications/{handed.pk}/decide/", sent)
    text = pages.text_of(pages.browser(second).open("/certifications/"))
    assert "Handed over by: Robin Larkspur to Marlow Larkspur: Yours." in text
    assert "Kit" not in text


def test_what_changed_since_it_was_opened_is_shown_again(place, boss):
    """The page says why nothing was done. [C-4]"""
    grant = due(pages.end_user(place))
    sent = {"act": "certify", "digest": "0" * 64}
    page = pages.browser(boss).send(f"/certifications/{grant.pk}/decide/", sent, status=409)
    assert "has changed since you opened it" in pages.text_of(page)
    assert not Certification.objects.filter(outcome="certified").exists()


def test_tier_2_sees_the_enrollment_record_beside_an_approver(place, boss):
    """Same person on file or not; the look is on the ledger; a weaker factor than the desk's sees nothing. [C-2, S-2, L-2]"""
    grant, desk = due(boss), pages.tier_2(first="Todd")
    browser = pages.browser(desk, Factor.PASSKEY)
    assert boss.user_id in pages.text_of(browser.open("/certifications/"))
    text = pages.text_of(browser.open(f"/certifications/{grant.pk}/"))
    assert place.submitter_id in text
    assert "Approver of record" in text
    assert "The name or the e-mail is not the one on record" in text
    assert Entry.objects.filter(deed="desk:person:looked", about__grant=str(grant.pk)).exists()
    assert "Hand over" not in text
    weak = pages.browser(desk, Factor.EMAIL)
    assert boss.user_id not in pages.text_of(weak.open("/certifications/"))
    weak.open(f"/certifications/{grant.pk}/", status=403)
    sent = {f"{grant.pk}-seen": "on", f"{grant.pk}-digest": "0" * 64, "act": "certify"}
    answer = pages.text_of(weak.send("/certifications/decide/", sent))
    assert "There is no such role to certify." in answer
    assert boss.person.first_name not in answer


def test_a_missed_role_is_restored_from_the_list(place, boss):
    """For 14 days, with one act, on what was seen. [C-5, SR-15]"""
    grant = due(pages.end_user(place, first="Casey"), -3)
    browser = pages.browser(boss)
    listed = pages.text_of(browser.open("/certifications/"))
    assert "Ended because nobody certified them" in listed
    assert "Casey" in listed
    page = browser.open(f"/certifications/{grant.pk}/")
    assert "Restore this role?" in pages.text_of(page)
    stale = {"act": "restore", "digest": "0" * 64}
    again = browser.send(f"/certifications/{grant.pk}/decide/", stale, status=409)
    assert "has changed since you opened it" in pages.text_of(again)
    sent = {"act": "restore", "digest": pages.hidden(page, "digest"), "comment": "On leave."}
    browser.send(f"/certifications/{grant.pk}/decide/", sent)
    assert Certification.objects.get(grant=grant).is_late
    assert "Certified late by" in pages.text_of(browser.open(f"/manage-users/roles/{grant.pk}/why/"))


def test_every_missed_role_can_be_found_however_many_there_are(place, boss, monkeypatch):
    """A page at a time; nobody loses access for standing too low on a list. [C-5]"""
    monkeypatch.setattr(many_views, "MOST_RESTORABLE", 2)
    for name in ("Avery", "Blake", "Casey"):
        due(pages.end_user(place, first=name), -3)
    browser = pages.browser(boss)
    first, second = (browser.open(f"/certifications/?missed={number}").content.decode() for number in (1, 2))
    assert "?missed=2" in first
    assert [sum(name in page for name in ("Avery", "Blake", "Casey")) for page in (first, second)] == [2, 1]


def test_whoever_approves_no_more_decides_nothing_on_a_page_that_was_open(place, boss):
    """The page was drawn before the role went; its form, sent afterwards, finds nothing. [C-2, AX15]"""
    grant = due(pages.end_user(place, first="Casey"))
    browser = pages.browser(boss)
    sent = {**filled(browser.open("/certifications/"), grant), "act": "certify"}
    page = browser.open(f"/certifications/{grant.pk}/")
    Grant.objects.filter(account=boss).update(ended_at=clock.now(), end_reason="removed_by_desk")
    answer = pages.text_of(browser.send("/certifications/decide/", sent))
    assert "There is no such role to certify." in answer
    assert "Casey" not in answer
    one = {"act": "certify", "digest": pages.hidden(page, "digest")}
    browser.send(f"/certifications/{grant.pk}/decide/", one, status=404)
    assert not Certification.objects.exists()


def test_an_act_wants_a_fresh_factor_and_comes_by_post(place, boss):
    """Nothing happens by a link, by an old factor or by an act that there is not. [S-6, AX02]"""
    grant = due(pages.end_user(place))
    path = f"/certifications/{grant.pk}/decide/"
    old, browser = pages.browser(boss, ago=timedelta(minutes=20)), pages.browser(boss)
    for act in ("certify", "remove", "hand", "restore"):
        response = old.client.post(path, {"act": act, "reason": "x"})
        assert response["Location"] == "/sign-in/verify/"
    assert old.client.post("/certifications/decide/", {"act": "certify"})["Location"] == "/sign-in/verify/"
    browser.send(path, {"act": "other", "reason": "x"})
    for way in (
        path,
        "/certifications/decide/",
        f"/certifications/{grant.pk}/verify/",
        "/certifications/verify/",
    ):
        browser.open(way)
    assert Grant.objects.get(pk=grant.pk).ended_at is None
    assert not Certification.objects.exists()


def test_a_limited_session_reads_and_decides_nothing(place, boss):
    """An e-mail code where another factor exists opens no decision. [S-2]"""
    grant = due(pages.end_user(place))
    browser = pages.browser(boss, Factor.EMAIL, limited=True)
    assert "You cannot decide in this session" in pages.text_of(browser.open("/certifications/"))
    response = browser.client.post(f"/certifications/{grant.pk}/decide/", {"act": "remove", "reason": "x"})
    assert response.status_code in {403, 422}
    assert Grant.objects.get(pk=grant.pk).ended_at is None
