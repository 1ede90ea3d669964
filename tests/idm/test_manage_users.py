"""Help Desk / Manage Users and an organization's page (H-1, H-2, H-3, R-8, G-7)."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import last_day_of
from bailiwick.idm.accounts.models import Account
from tests.idm import build_pages as build
from tests.idm import build_proofing

pytestmark = pytest.mark.django_db

PAGE = "/manage-users/"


def found_by(browser, text):
    return browser.send(PAGE, {"text": text, "reason": "Call 4711"})


def test_the_page_is_closed_to_whoever_is_neither_approver_nor_desk():
    """The tile and the page are for those who may. [H-1]"""
    build.browser(build.end_user(build.organization())).open(PAGE, status=403)


def test_an_approver_finds_their_people_with_roles_and_remove():
    """Results open in place. [H-1, R-8]"""
    place = build.organization()
    end_user = build.end_user(place, first="Noor", last="Ashgrove")
    Account.objects.filter(pk=end_user.pk).update(business_title="Biller", business_phone="4075550199")
    browser = build.browser(build.approver(place))
    page = build.text_of(browser.open(PAGE))
    for word in ("Noor Ashgrove", end_user.user_id, "Biller", "4075550199", "FCSO - SPOT End User", "Remove"):
        assert word in page
    assert "Noor Ashgrove" in build.text_of(found_by(browser, "ashg"))
    assert "Nobody was found" in build.text_of(found_by(browser, "zebra"))


def test_an_approver_sees_who_is_inactive():
    """All of one's people with the state of their roles, or those alone that rest. [I-4]"""
    place = build.organization()
    resting = build.end_user(place, first="Noor", last="Ashgrove")
    build.end_user(place, first="Pat", last="Wakeful")
    Grant.objects.filter(account=resting).update(started_at=clock.now() - timedelta(days=40))
    browser = build.browser(build.approver(place))
    everyone = build.text_of(browser.open(PAGE))
    assert all(name in everyone for name in ("Noor Ashgrove", "Pat Wakeful", "Inactive"))
    only = build.text_of(browser.open(f"{PAGE}?inactive"))
    assert "Noor Ashgrove" in only
    assert "Pat Wakeful" not in only


def test_an_approver_sees_nothing_private_of_their_people():
    """Only name, user ID, business contact, roles in their organization. [R-8]"""
    place, other = build.organization("One Clinic"), build.organization("Other Clinic")
    end_user = build.end_user(place)
    build.grant(end_user, "end-user", other)
    html = build.browser(build.approver(place)).open(PAGE).content.decode()
    for private in (end_user.email, end_user.phone, "Larkspur Lane", "Other Clinic"):
        assert private not in html


def test_tier_1_finds_people_by_everything_it_may_search_for():
    """User ID, name, e-mail, confirmation number, organization, submitter ID. [H-1]"""
    place = build.organization("Juniper Dermatology")
    account = build.person("Noor", "Ashgrove")
    asked = build.asks(account, place)
    browser = build.browser(build.tier_1())
    for text in (
        account.user_id.upper(),
        "ashgrove noor",
        "Ashgr",
        account.email,
        asked.number.lower(),
        "juniper derm",
        place.submitter_id,
    ):
        assert "Noor Ashgrove" in build.text_of(found_by(browser, text)), text


def test_a_desk_sees_masked_values_and_its_looks_are_on_the_ledger():
    """Masked e-mail and phone, no SSN; each person shown is an entry. [H-3, L-2]"""
    account = build.end_user(build.organization(), first="Noor", last="Ashgrove")
    html = found_by(build.browser(build.tier_1()), "ashgrove").content.decode()
    assert account.email not in html
    assert account.phone not in html
    assert "n•••@mail.example" in html
    entry = Entry.objects.get(deed="desk:person:looked", subject=str(account.pk))
    assert entry.why == "Call 4711"


def test_tier_1_finds_a_person_by_the_review_reference_number():
    """Typed in any case; an application's desk has no use for it. [H-1]"""
    account = build.person("Noor", "Ashgrove", is_proofed=False)
    build.grant(account, "end-user", build.organization())
    called = build_proofing.called(account)
    for text in (called.reference, called.reference.lower()):
        assert "Noor Ashgrove" in build.text_of(found_by(build.browser(build.tier_1()), text))
    assert "Nobody was found" in build.text_of(found_by(build.browser(build.tier_2()), called.reference))


def test_a_desk_that_gives_no_reason_finds_nobody():
    """Nobody's data is shown without a reason that lands on the ledger. [H-3]"""
    build.end_user(build.organization(), first="Noor", last="Ashgrove")
    browser = build.browser(build.tier_1())
    for reason in ("", "  ", "x"):
        page = build.text_of(browser.send(PAGE, {"text": "ashgrove", "reason": reason}))
        assert "There is a problem" in page
        assert "Noor Ashgrove" not in page
    assert not Entry.objects.filter(deed="desk:person:looked").exists()


def test_tier_2_finds_people_of_its_own_application_only():
    """An application's desk works its roles. [H-2]"""
    build.end_user(build.organization(), first="Noor", last="Ashgrove")
    build.person("Noor", "Birchwood")
    page = build.text_of(found_by(build.browser(build.tier_2()), "noor"))
    assert "Noor Ashgrove" in page
    assert "Birchwood" not in page


def test_a_desk_that_signed_in_by_email_finds_nobody():
    """A desk needs more than an e-mail code. [S-2]"""
    build.end_user(build.organization(), first="Noor", last="Ashgrove")
    answer = build.browser(build.tier_1(), "email").send(PAGE, {"text": "ashgrove"}, status=403)
    page = build.text_of(answer)
    assert "Noor Ashgrove" not in page
    assert "stronger factor" in page


def test_searching_leaves_no_personal_value_in_an_address():
    """A search is a POST; its form has no GET. [INV-9]"""
    html = build.browser(build.tier_1()).open(PAGE).content.decode()
    assert 'method="get"' not in html.lower()


def test_an_approver_removes_an_end_user_with_a_reason():
    """Are you sure, a reason, gone at once. [Q-8]"""
    place = build.organization()
    grant = Grant.objects.get(account=build.end_user(place))
    browser = build.browser(build.approver(place))
    path = f"{PAGE}roles/{grant.pk}/remove/"
    assert "Are you sure" in build.text_of(browser.open(path))
    assert "There is a problem" in build.text_of(browser.send(path, {"reason": ""}))
    assert "The role was removed" in build.text_of(browser.send(path, {"reason": "Left us."}))
    ended = Grant.objects.get(pk=grant.pk)
    assert ended.end_reason == "removed_by_approver"
    assert "Left us." not in build.text_of(browser.open(PAGE))


def test_a_backup_cannot_remove_the_approver():
    """End users only. [Q-8]"""
    place = build.organization()
    grant = Grant.objects.get(account=build.approver(place))
    backup = build.person()
    build.grant(backup, "provider-office-backup-approver", place)
    browser = build.browser(backup)
    browser.send(f"{PAGE}roles/{grant.pk}/remove/", {"reason": "x"}, status=404)
    assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_a_desk_removes_only_when_freshly_verified():
    """Five minutes for a desk's act. [S-6]"""
    grant = Grant.objects.get(account=build.end_user(build.organization()))
    browser = build.browser(build.tier_1(), ago=timedelta(minutes=6))
    sent = browser.send(f"{PAGE}roles/{grant.pk}/remove/", {"reason": "x"}, status=302, follow=False)
    assert sent["Location"] == "/sign-in/verify/"
    assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_an_organization_s_page_shows_record_people_and_health_with_the_next_step():
    """Approver, backup and tier 2 see it. [G-7]"""
    place = build.organization()
    account = build.approver(place, first="Ada", last="Firstwood")
    page = build.text_of(build.browser(account).open(f"/organizations/{place.submitter_id}/"))
    for word in (
        place.legal_name,
        place.submitter_id,
        "Ada Firstwood",
        "Only one person can approve",
        "Name a backup",
    ):
        assert word in page
    assert build.TIN[-4:] not in page.replace(place.submitter_id, "")
    desk = build.text_of(build.browser(build.tier_2()).open(f"/organizations/{place.submitter_id}/"))
    assert f"•••••{build.TIN[-4:]}" in desk


def test_the_queue_shows_what_waits_for_me():
    """Requests waiting, the oldest first, with the last day on which each can be decided. [Q-4]"""
    asked = build.asks_to_create(build.person("Noor", "Ashgrove"), build.record())
    page = build.text_of(build.browser(build.tier_2()).open(PAGE))
    assert asked.number in page
    assert "Noor Ashgrove" in page
    assert date_format(last_day_of(asked)) in page


def test_an_approver_finds_a_user_id_as_it_is_written():
    """With its dot, which no word of a name has. [H-1]"""
    place = build.organization()
    account = build.end_user(place, first="Corin", last="Dotted")
    Account.objects.filter(pk=account.pk).update(user_id="corin.dotted", user_id_key="corin.dotted")
    page = build.browser(build.approver(place)).send("/manage-users/", {"text": "Corin.Dotted"})
    assert "1 person found" in build.text_of(page)
