"""The role request wizard: application, role, organization, review, submit (Q-1 … Q-3, G-2 … G-5)."""

import pytest
from django.conf import settings

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.organizations.actions import claim
from bailiwick.idm.rules.sessions import Factor
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db

APPLICATION = "/role-request/application/"
ROLE = "/role-request/role/"
CREATE = "/role-request/organization/create/"
SEARCH = "/role-request/organization/search/"
PICK = "/role-request/organization/pick/"
REVIEW = "/role-request/review/"


def typed_for(record, **changes):
    return {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "tin": build.TIN,
        "address": record.address,
        "city": record.city,
        "state": record.state,
        "zip": record.zip,
        "phone": record.phone,
        **changes,
    }


def at_role(account, role):
    """A browser that has chosen SPOT and the role."""
    browser = build.browser(account)
    browser.send(APPLICATION, {"application": "spot"})
    browser.send(ROLE, {"role": role})
    return browser


def submit(browser, reason="I am the approver on the form."):
    page = browser.open(REVIEW)
    return browser.send(
        REVIEW, {"reason": reason, "draft": build.hidden(page, "draft"), "seen": build.hidden(page, "seen")}
    )


def test_the_wizard_begins_with_the_application_found_by_any_of_its_names():
    """SPOT, FCSO and the full name find it; without JavaScript it is a list. [Q-1]"""
    response = build.browser(build.person()).open("/role-request/")
    html = response.content.decode()
    assert "Select an Application" in build.text_of(response)
    assert "SPOT – Secure Provider Online Tool (FCSO)" in html
    assert "data-search" in html
    assert "FCSO" in html


def test_each_role_is_shown_with_its_description():
    """One reads what a role is for before asking for it. [Q-1, Q-2]"""
    browser = build.browser(build.person())
    page = build.text_of(browser.send(APPLICATION, {"application": "spot"}))
    assert "FCSO - Provider Office Approver" in page
    assert "FCSO - SPOT End User" in page
    assert "Includes everything an end user can do" in page


def test_an_approver_walks_to_a_confirmation_number():
    """Create, review, reason, submit: a number, who decides, by when, and what happens otherwise. [Q-1, Q-6]"""
    record = build.record()
    browser = at_role(build.person(), "provider-office-approver")
    browser.send(CREATE, typed_for(record))
    page = build.text_of(submit(browser))
    asked = RoleRequest.objects.get()
    assert asked.number in page
    assert "SPOT Help Desk decides" in page
    assert "the request expires" in page
    assert asked.way == "create"
    assert asked.record == record


@pytest.mark.parametrize("wrong", ["submitter_id", "legal_name", "tin"])
def test_a_wrong_combination_is_refused_without_saying_which(wrong):
    """The same words whichever of the three is wrong, and nothing of the record shows. [G-2]"""
    record = build.record()
    browser = at_role(build.person(), "provider-office-approver")
    other = {"submitter_id": "SUB99999", "legal_name": "Another Name", "tin": "987654321"}
    page = browser.send(CREATE, typed_for(record, **{wrong: other[wrong]}))
    assert "do not match" in build.text_of(page)
    assert RoleRequest.objects.count() == 0
    assert Entry.objects.filter(deed="organization:record:mismatched").count() == 1


def test_what_was_typed_is_kept_when_refused_but_the_tin_is_not_sent_back():
    """Nobody types an address twice; a TIN that may be an SSN is never sent to the browser. [A-3]"""
    record = build.record()
    browser = at_role(build.person(), "provider-office-approver")
    html = browser.send(CREATE, typed_for(record, submitter_id="SUB99999")).content.decode()
    assert "1 Lake Street" in html
    assert build.TIN not in html


def test_creating_what_exists_becomes_associate_in_place():
    """The second create is turned into associate, nothing is typed again, and the page says so. [G-3]"""
    place = build.organization()
    browser = at_role(build.person(), "provider-office-approver")
    response = browser.send(CREATE, typed_for(place.record))
    page = build.text_of(response)
    assert "Associate to an Existing Organization" in page
    assert "already exists" in page
    assert place.legal_name in page
    submit(browser)
    asked = RoleRequest.objects.get()
    assert (asked.way, asked.organization) == ("associate", place)


def test_an_organization_created_meanwhile_turns_the_waiting_draft_into_associate():
    """Between the organization page and Submit somebody else's creation was approved. [G-3]"""
    record = build.record()
    browser = at_role(build.person(), "provider-office-approver")
    browser.send(CREATE, typed_for(record))
    page = browser.open(REVIEW)
    claim(record=record, by=build.COMMAND, now=clock.now())
    seen = {"draft": build.hidden(page, "draft"), "seen": build.hidden(page, "seen")}
    after = build.text_of(browser.send(REVIEW, {"reason": "I am the approver.", **seen}))
    assert "already exists" in after
    submit(browser)
    assert RoleRequest.objects.get().way == "associate"


def test_a_backup_approver_associates_and_reads_why():
    """Create is not theirs. [G-4]"""
    browser = at_role(build.person(), "provider-office-backup-approver")
    page = build.text_of(browser.open("/role-request/organization/"))
    assert "Associate to an Existing Organization" in page
    assert "A backup approver does not create the organization" in page
    assert "Search" in build.text_of(browser.open(CREATE))


def test_an_end_user_searches_picks_and_asks():
    """Search and pick only. [G-4, G-5]"""
    place = build.organization("Cedar Valley Clinic")
    browser = at_role(build.person(), "end-user")
    page = browser.send(SEARCH, {"name": "valley cedar"})
    assert "Cedar Valley Clinic" in build.text_of(page)
    assert place.submitter_id not in page.content.decode()
    assert build.TIN not in page.content.decode()
    browser.send(PICK, {"organization": str(place.pk)})
    page = build.text_of(submit(browser, "I do the billing."))
    assert (
        "approver or a backup approver of the organization decides" in page
        or "no approver who can decide" in page
    )
    assert RoleRequest.objects.get().organization == place


def test_an_organization_that_nobody_created_is_not_found_and_the_page_says_what_to_do():
    """An unclaimed record cannot be found. [G-2, G-4]"""
    build.record("Willow Creek Surgery")
    browser = at_role(build.person(), "end-user")
    page = build.text_of(browser.send(SEARCH, {"name": "Willow Creek"}))
    assert "no approver has created it yet" in page
    assert "What to do" in page


def test_a_search_of_two_letters_gets_a_sentence_at_the_field():
    """Three letters at least. [G-5]"""
    browser = at_role(build.person(), "end-user")
    assert "at least three letters" in build.text_of(browser.send(SEARCH, {"name": "ab"}))


def test_searches_are_limited():
    """Sixty an hour. [G-5]"""
    browser = at_role(build.person(), "end-user")
    for _ in range(settings.LIMITS.searches_an_hour):
        browser.send(SEARCH, {"name": "nothing like it"})
    assert "searched as often as the rules allow" in build.text_of(
        browser.send(SEARCH, {"name": "nothing like it"})
    )


def test_holding_approver_blocks_asking_for_end_user_there_and_the_page_says_why():
    """Approver roles contain end-user access. [Q-2]"""
    place = build.organization()
    account = build.approver(place)
    browser = at_role(account, "end-user")
    page = build.text_of(browser.send(PICK, {"organization": str(place.pk)}))
    assert "already includes FCSO - SPOT End User" in page
    assert "Submit Role Request" not in page


def test_a_role_of_the_wrong_kind_is_not_offered_for_the_organization_and_refused_if_forced():
    """A provider office's role does not fit a billing service. [Q-3]"""
    place = build.organization("Harbor Billing Service", kind="billing_service")
    browser = at_role(build.person(), "provider-office-backup-approver")
    assert "of another kind" in build.text_of(browser.send(SEARCH, {"name": "Harbor Billing"}))
    page = build.text_of(browser.send(PICK, {"organization": str(place.pk)}))
    assert "does not fit the kind" in page
    assert RoleRequest.objects.count() == 0


def test_left_half_way_it_resumes_where_it_was():
    """Another day, another browser: the same page. [Q-1]"""
    account = build.person()
    at_role(account, "end-user")
    page = build.text_of(build.browser(account).open("/role-request/"))
    assert "Find your organization" in page
    assert "You began a role request" in build.text_of(build.browser(account).open("/home/"))


def test_going_back_to_another_role_drops_the_organization():
    """A new answer makes the later ones void. [Q-1]"""
    place = build.organization()
    browser = at_role(build.person(), "end-user")
    browser.send(PICK, {"organization": str(place.pk)})
    page = build.text_of(browser.send(ROLE, {"role": "provider-office-backup-approver"}))
    assert "Associate to an Existing Organization" in page


def test_confirming_the_same_answer_drops_nothing():
    """Going back to look costs nothing. [Q-1]"""
    place = build.organization()
    browser = at_role(build.person(), "end-user")
    browser.send(PICK, {"organization": str(place.pk)})
    assert "Review Request" in build.text_of(browser.send(ROLE, {"role": "end-user"}))


def test_a_page_further_on_than_the_answers_leads_to_the_one_that_is_due():
    """Nobody jumps to Review. [Q-1]"""
    response = build.browser(build.person()).open(REVIEW)
    assert "Select an Application" in build.text_of(response)


def test_submitting_twice_makes_one_request():
    """A double press leads to the same confirmation. [Q-5]"""
    place = build.organization()
    browser = at_role(build.person(), "end-user")
    browser.send(PICK, {"organization": str(place.pk)})
    page = browser.open(REVIEW)
    form = {"reason": "Billing.", "draft": build.hidden(page, "draft"), "seen": build.hidden(page, "seen")}
    first = build.text_of(browser.send(REVIEW, form))
    second = build.text_of(browser.send(REVIEW, form))
    number = RoleRequest.objects.get().number
    assert number in first
    assert number in second


def test_answers_changed_in_another_window_are_looked_at_again():
    """What is submitted is what was shown. [Q-6]"""
    one, other = build.organization("First Clinic"), build.organization("Second Clinic")
    browser = at_role(build.person(), "end-user")
    browser.send(PICK, {"organization": str(one.pk)})
    page = browser.open(REVIEW)
    browser.send(PICK, {"organization": str(other.pk)})
    form = {"reason": "Billing.", "draft": build.hidden(page, "draft"), "seen": build.hidden(page, "seen")}
    assert "changed in another window" in build.text_of(browser.send(REVIEW, form))
    assert RoleRequest.objects.count() == 0


def test_a_reason_is_needed():
    """Left out, it gets a sentence at the field. [Q-1]"""
    browser = at_role(build.person(), "end-user")
    browser.send(PICK, {"organization": str(build.organization().pk)})
    page = build.text_of(submit(browser, ""))
    assert "There is a problem" in page
    assert RoleRequest.objects.count() == 0


def test_what_waits_already_is_said_before_a_reason_is_typed():
    """One open request per person, role and organization. [Q-5]"""
    place = build.organization()
    account = build.person()
    asked = build.asks(account, place)
    browser = at_role(account, "end-user")
    page = build.text_of(browser.send(PICK, {"organization": str(place.pk)}))
    assert asked.number in page


def test_an_address_that_differs_is_said_and_the_record_counts():
    """The record is what an organization is. [G-1]"""
    record = build.record()
    browser = at_role(build.person(), "provider-office-approver")
    page = build.text_of(browser.send(CREATE, typed_for(record, address="99 Elsewhere")))
    assert "Not everything you typed" in page


def test_a_desk_role_needs_neither_proofing_nor_organization():
    """Who belongs to a desk is itself a role, asked for like any other. [H-7]"""
    browser = build.browser(build.person(is_proofed=False))
    browser.send(APPLICATION, {"application": "idm"})
    page = build.text_of(browser.send(ROLE, {"role": "tier-1"}))
    assert "Review Request" in page
    assert "security desk" in build.text_of(submit(browser, "I join the help desk."))


def test_control_characters_and_unknown_choices_write_nothing():
    """Bad input gets a sentence and writes nothing. [Q-1]"""
    browser = build.browser(build.person())
    assert "There is a problem" in build.text_of(browser.send(APPLICATION, {"application": "no-such"}))
    browser.send(APPLICATION, {"application": "spot"})
    assert "There is a problem" in build.text_of(browser.send(ROLE, {"role": "no-such"}))
    browser.send(ROLE, {"role": "provider-office-approver"})
    page = browser.send(CREATE, typed_for(build.record(), legal_name="Heron\x00Lake"))
    assert "cannot be shown" in build.text_of(page)


def test_an_account_with_email_only_may_ask():
    """Asking needs no second factor; deciding does. [S-2]"""
    browser = build.browser(build.person(), Factor.EMAIL)
    assert "Select a Role" in build.text_of(browser.send(APPLICATION, {"application": "spot"}))
