"""A request's page: what its owner reads, what a decider sees and does (Q-4 … Q-6, S-2, S-6)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.sessions import Factor
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db


def decide(browser, asked, how, **typed):
    page = browser.open(f"/requests/{asked.number}/")
    digest = build.hidden(page, "digest")
    return browser.send(f"/requests/{asked.number}/{how}/", {"digest": digest, **typed})


def state_of(asked):
    return RoleRequest.objects.get(pk=asked.pk).state


def test_the_owner_reads_state_who_decides_by_when_and_what_otherwise():
    """Every request page says all of it. [Q-6]"""
    place = build.organization()
    build.approver(place)
    account = build.person()
    asked = build.asks(account, place)
    page = build.text_of(build.browser(account).open(f"/requests/{asked.number}/"))
    assert f"Request {asked.number}" in page
    assert "Waiting for a decision" in page
    assert "The approver or a backup approver of the organization decides" in page
    assert "By when:" in page
    assert "If nobody decides by then, the request expires" in page
    assert "Cancel request" in page
    assert "Approve" not in page.replace("approver", "").replace("Approver", "")


def test_where_no_approver_is_able_the_requester_is_told_that_the_desk_decides():
    """Requests go to tier 2, and the requester is told so. [G-7]"""
    account = build.person()
    asked = build.asks(account, build.organization())
    page = build.text_of(build.browser(account).open(f"/requests/{asked.number}/"))
    assert "SPOT Help Desk decides instead" in page


def test_an_approver_approves_with_one_press():
    """Approval may have a comment; the role holds. [Q-4, Q-6]"""
    place = build.organization()
    account = build.person()
    asked = build.asks(account, place)
    page = build.text_of(decide(build.browser(build.approver(place)), asked, "approve", comment=""))
    assert "Approved" in page
    assert Grant.objects.filter(account=account, role="end-user", ended_at=None).exists()


def test_an_approval_may_give_the_role_a_last_day():
    """Named with the approval; a day that is over is refused, with the page as it was. [Q-10]"""
    place = build.organization()
    asked, browser = build.asks(build.person(), place), build.browser(build.approver(place))
    past = {"ends_on_month": "1", "ends_on_day": "1", "ends_on_year": "2020"}
    page = browser.open(f"/requests/{asked.number}/")
    sent = {"digest": build.hidden(page, "digest"), "comment": ""}
    answer = browser.send(f"/requests/{asked.number}/approve/", {**sent, **past}, status=409)
    assert "The end date has passed already" in build.text_of(answer)
    decide(browser, asked, "approve", **past | {"ends_on_year": "2040"})
    assert Grant.objects.get(request=asked).ends_on == date(2040, 1, 1)


def test_a_denial_needs_a_reason_and_the_requester_reads_it():
    """Left out, a sentence at the field; typed, it is shown. [Q-6]"""
    place = build.organization()
    account = build.person()
    asked = build.asks(account, place)
    browser = build.browser(build.approver(place))
    page = browser.open(f"/requests/{asked.number}/")
    digest = build.hidden(page, "digest")
    refused = browser.send(f"/requests/{asked.number}/deny/", {"digest": digest, "reason": ""}, status=422)
    assert "There is a problem" in build.text_of(refused)
    assert state_of(asked) == "pending"
    decide(browser, asked, "deny", reason="We do not know this person.")
    page = build.text_of(build.browser(account).open(f"/requests/{asked.number}/"))
    assert "Denied" in page
    assert "We do not know this person." in page


def test_tier_2_sees_the_enrollment_record_beside_the_request():
    """Who was named, and whether this person is that one. [G-2, Q-4]"""
    record = build.record(approver={"name": "Somebody Else", "email": "else@clinic.example"})
    asked = build.asks_to_create(build.person(), record)
    page = build.text_of(build.browser(build.tier_2()).open(f"/requests/{asked.number}/"))
    assert "The enrollment record" in page
    assert record.submitter_id in page
    assert "Somebody Else" in page
    assert "is not the one on record" in page
    assert build.TIN not in page
    assert f"•••••{build.TIN[-4:]}" in page


def test_the_person_of_record_is_shown_as_such():
    """Name and e-mail agree. [G-2]"""
    account = build.person("Robin", "Larkspur")
    record = build.record(approver={"name": "Robin Larkspur", "email": account.email})
    asked = build.asks_to_create(account, record)
    page = build.text_of(build.browser(build.tier_2()).open(f"/requests/{asked.number}/"))
    assert "This person is the one on record" in page


def test_the_organization_exists_from_the_approval_on():
    """Tier 2 approves the creation. [G-2]"""
    record = build.record()
    asked = build.asks_to_create(build.person(), record)
    assert not Organization.objects.exists()
    decide(build.browser(build.tier_2()), asked, "approve", comment="")
    assert Organization.objects.get().record == record


def test_the_second_decider_is_told_who_was_first():
    """One wins, the other is told. [Q-5]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    first = build.browser(build.approver(place, first="Ada", last="Firstwood"))
    second = build.browser(build.approver(place, first="Bo", last="Secondwood"))
    digest = build.hidden(second.open(f"/requests/{asked.number}/"), "digest")
    decide(first, asked, "approve", comment="")
    late = second.send(f"/requests/{asked.number}/deny/", {"digest": digest, "reason": "No."}, status=409)
    assert "Ada Firstwood has decided this request already" in build.text_of(late)
    assert state_of(asked) == "approved"


def test_a_changed_request_needs_a_new_look():
    """The digest in the form names what was seen. [Q-6]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    browser = build.browser(build.approver(place))
    late = browser.send(f"/requests/{asked.number}/approve/", {"digest": "0" * 64}, status=409)
    assert "has changed since you opened it" in build.text_of(late)
    assert state_of(asked) == "pending"


def test_a_request_page_reads_each_thing_once(django_assert_max_num_queries):
    """What its viewer may, who decides, and the picture: asked once for the whole page. [Q-6]"""
    place = build.organization()
    asked, browser = build.asks(build.person(), place), build.browser(build.approver(place))
    browser.open(f"/requests/{asked.number}/")
    with django_assert_max_num_queries(18):
        browser.open(f"/requests/{asked.number}/")


def test_an_approver_with_email_only_cannot_decide_and_reads_how_to_add_a_factor():
    """Those who decide need a factor other than e-mail. [S-2]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    browser = build.browser(build.approver(place), Factor.EMAIL)
    page = browser.open(f"/requests/{asked.number}/")
    assert "Manage MFA and Recovery Devices" in build.text_of(page)
    forced = browser.send(f"/requests/{asked.number}/approve/", {"digest": "x"}, status=409)
    assert "stronger sign-in" in build.text_of(forced)
    assert state_of(asked) == "pending"


def test_a_limited_session_decides_nothing():
    """An e-mail code, while another factor exists, opens no step-up act. [S-2]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    browser = build.browser(build.approver(place), Factor.EMAIL, limited=True)
    browser.send(f"/requests/{asked.number}/approve/", {"digest": "x"}, status=403)
    assert state_of(asked) == "pending"


def test_a_factor_passed_long_ago_is_asked_again_before_deciding():
    """Within 15 minutes for an approver. [S-6]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    browser = build.browser(build.approver(place), ago=timedelta(minutes=16))
    page = build.text_of(browser.open(f"/requests/{asked.number}/"))
    assert "Verify it's you to decide" in page
    assert "Let this person in" not in page
    sent = browser.send(f"/requests/{asked.number}/approve/", {"digest": "x"}, status=302, follow=False)
    assert sent["Location"] == "/sign-in/verify/"
    assert state_of(asked) == "pending"


def test_a_desk_must_have_verified_more_lately():
    """Within 5 minutes for a desk's act. [S-6]"""
    asked = build.asks_to_create(build.person(), build.record())
    late = build.browser(build.tier_2(), ago=timedelta(minutes=6))
    assert "Verify it's you to decide" in build.text_of(late.open(f"/requests/{asked.number}/"))
    place = build.organization()
    other = build.asks(build.person(), place)
    early = build.browser(build.approver(place), ago=timedelta(minutes=6))
    assert "Let this person in" in build.text_of(early.open(f"/requests/{other.number}/"))


def test_after_verifying_one_comes_back_to_the_request():
    """A step-up led to a path that acts: by GET it shows the page and does nothing. [S-6]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    browser = build.browser(build.approver(place))
    page = build.text_of(browser.open(f"/requests/{asked.number}/approve/"))
    assert f"Request {asked.number}" in page
    assert state_of(asked) == "pending"


@pytest.mark.parametrize("method", ["get", "head"])
def test_following_a_link_decides_nothing(method):
    """What a mail scanner presses leads back to the page, whatever it presses. [N-2, Q-6]"""
    place = build.organization()
    asked = build.asks(build.person(), place)
    for account in (build.approver(place), asked.account):
        client = build.browser(account).client
        for act in ("approve", "deny", "cancel"):
            answer = getattr(client, method)(f"/requests/{asked.number}/{act}/")
            assert answer.status_code in {302, 405}
        assert getattr(client, method)("/requests/decide/?act=approve").status_code in {302, 405}
    assert state_of(asked) == "pending"


def test_the_mails_link_leads_whoever_is_signed_out_to_sign_in_and_back():
    """The decision is made on the page, after the way in. [Q-4, S-6]"""
    place = build.organization()
    build.approver(place)
    asked = build.asks(build.person(), place)
    answer = Client().get(f"/requests/{asked.number}/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert any(cookie.value for cookie in answer.cookies.values())  # where to come back to


def test_the_owner_cancels():
    """A pending request can be cancelled by its owner. [Q-6]"""
    account = build.person()
    asked = build.asks(account, build.organization())
    page = build.text_of(build.browser(account).send(f"/requests/{asked.number}/cancel/"))
    assert "Canceled" in page
    assert state_of(asked) == "cancelled"


def test_nobody_decides_their_own_request():
    """Not by any path: for the owner these doors do not exist. [Q-5]"""
    place = build.organization()
    account = build.person()
    asked = build.asks(account, place)
    browser = build.browser(account)
    for how in ("approve", "deny"):
        browser.send(f"/requests/{asked.number}/{how}/", {"digest": "x", "reason": "x"}, status=404)
    assert state_of(asked) == "pending"


def test_tier_1_cancels_for_the_person_with_a_reason():
    """Acts by tier: 1 cancels a pending request. [H-2]"""
    account = build.person()
    asked = build.asks(account, build.organization())
    browser = build.browser(build.tier_1())
    page = build.text_of(browser.open(f"/requests/{asked.number}/"))
    assert "Let this person in" not in page
    browser.send(f"/requests/{asked.number}/cancel/", {"reason": ""}, status=422)
    browser.send(f"/requests/{asked.number}/cancel/", {"reason": "Asked by phone."})
    assert state_of(asked) == "cancelled"


def test_an_approver_reads_of_the_requester_what_an_approver_may():
    """Name and user ID; no e-mail, phone, home address, birth date. [R-8]"""
    place = build.organization()
    account = build.person("Noor", "Ashgrove")
    asked = build.asks(account, place)
    html = build.browser(build.approver(place)).open(f"/requests/{asked.number}/").content.decode()
    assert "Noor Ashgrove" in html
    assert account.user_id in html
    for private in (account.email, account.phone, "Larkspur Lane"):
        assert private not in html


def test_a_desk_s_look_at_a_request_is_on_the_ledger():
    """An approver's look at their own, and the owner's, are not. [L-2]"""
    place = build.organization()
    account = build.person()
    asked = build.asks(account, place)
    for viewer in (account, build.approver(place), build.tier_1()):
        build.browser(viewer).open(f"/requests/{asked.number}/")
    assert Entry.objects.filter(deed="desk:person:looked", subject=str(account.pk)).count() == 1
