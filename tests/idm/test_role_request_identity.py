"""The wizard's identity step: consent, details, and the three answers of the vendor (V-1 … V-4)."""

from datetime import timedelta

import pytest

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.proofing import Call, NotVerified, Unavailable, Verified
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db

IDENTITY = "/role-request/identity/"
DETAILS = "/role-request/identity/details/"
REFERENCE = "AC34-7HJK-9MNP"


@pytest.fixture
def vendor(settings):
    def answers(*outcomes):
        settings.PROOFING_VENDOR = ScriptedVendor(*outcomes)
        return settings.PROOFING_VENDOR

    return answers


def call():
    return Call(reference=REFERENCE, expires_at=clock.now() + timedelta(days=30), call_number="202-555-0143")


def at_identity(account):
    browser = build.browser(account)
    browser.send("/role-request/application/", {"application": "spot"})
    browser.send("/role-request/role/", {"role": "end-user"})
    return browser


def at_details(account):
    browser = at_identity(account)
    browser.send(IDENTITY, {"agreed": "on"})
    return browser


def details_of(account, **changes):
    facts = personal_facts(account)
    return {
        "first": facts.first,
        "middle": facts.middle,
        "last": facts.last,
        "suffix": facts.suffix,
        "birth_date_month": facts.birth_date.month,
        "birth_date_day": facts.birth_date.day,
        "birth_date_year": facts.birth_date.year,
        "ssn": "",
        "line_1": facts.address.line_1,
        "line_2": facts.address.line_2,
        "city": facts.address.city,
        "state": facts.address.state,
        "zip": facts.address.zip,
        "phone": facts.phone,
        **changes,
    }


def test_whoever_was_proofed_before_is_not_asked():
    """Passed once, it stays with the person. [V-1]"""
    page = build.text_of(at_identity(build.person()).open("/role-request/"))
    assert "Find your organization" in page


def test_consent_says_plainly_what_is_done():
    """A soft inquiry, not a credit check. [V-2]"""
    page = build.text_of(at_identity(build.person(is_proofed=False)).open(IDENTITY))
    assert "soft inquiry, not a credit check" in page


def test_without_consent_nothing_is_asked(vendor):
    """The terms are ticked first. [V-2]"""
    script = vendor(Verified())
    account = build.person(is_proofed=False)
    browser = at_identity(account)
    assert "Tick the box" in build.text_of(browser.send(IDENTITY, {"agreed": ""}))
    browser.send(DETAILS, details_of(account))
    assert script.requests == []


def test_details_are_prefilled_and_show_the_last_four_only(vendor):
    """The number itself is never sent to the browser. [V-2, A-3]"""
    vendor(Verified())
    account = build.person(is_proofed=False)
    html = at_details(account).open(DETAILS).content.decode()
    ssn = personal_facts(account).ssn
    assert "12 Larkspur Lane" in html
    assert f"ends in {ssn[-4:]}" in html
    assert ssn not in html


def test_verified_goes_on_to_the_organization(vendor):
    """Verified, and the wizard goes on where it was. [V-3]"""
    vendor(Verified())
    account = build.person(is_proofed=False)
    browser = at_details(account)
    page = build.text_of(browser.send(DETAILS, details_of(account)))
    assert "Your identity is verified" in page
    assert is_proofed(account)
    assert "Find your organization" in build.text_of(browser.open("/role-request/"))


def test_a_correction_changes_the_account_before_the_vendor_is_asked(vendor):
    """Corrected in place before the first proofing. [V-2, A-7]"""
    script = vendor(Verified())
    account = build.person(is_proofed=False)
    at_details(account).send(DETAILS, details_of(account, last="Windmere", ssn="900009999"))
    facts = personal_facts(account)
    assert (facts.last, facts.ssn) == ("Windmere", "900009999")
    assert len(script.requests) == 1


def test_a_refused_correction_is_said_at_its_field_and_asks_nobody(vendor):
    """Too young: a sentence at the birth date. [A-8]"""
    script = vendor(Verified())
    account = build.person(is_proofed=False)
    year = clock.now().year - 10
    page = build.text_of(at_details(account).send(DETAILS, details_of(account, birth_date_year=year)))
    assert "There is a problem" in page
    assert script.requests == []


def test_call_shows_the_reference_what_to_say_and_what_happens_next(vendor):
    """The review reference number, to copy and to print. [V-3]"""
    vendor(call())
    account = build.person(is_proofed=False)
    page = build.text_of(at_details(account).send(DETAILS, details_of(account)))
    assert REFERENCE in page
    assert "202-555-0143" in page
    assert "My review reference number is" in page
    assert "What happens next" in page


def test_after_the_call_the_tick_asks_the_vendor_again_and_nothing_is_typed_again(vendor):
    """Back at the role request: tick, Next, verified, and the wizard goes on. [V-4]"""
    script = vendor(call(), Verified())
    account = build.person(is_proofed=False)
    at_details(account).send(DETAILS, details_of(account))
    later = build.browser(account)
    assert REFERENCE in build.text_of(later.open("/role-request/"))
    assert "Tick the box" in build.text_of(later.send(IDENTITY, {"contacted": ""}))
    assert "Your identity is verified" in build.text_of(later.send(IDENTITY, {"contacted": "on"}))
    assert len(script.requests) == 2


def test_unavailable_uses_nothing_up_and_says_so(vendor):
    """The vendor is down: try later. [V-3]"""
    vendor(Unavailable(), Verified())
    account = build.person(is_proofed=False)
    browser = at_details(account)
    page = build.text_of(browser.send(DETAILS, details_of(account)))
    assert "Nothing was used up" in page
    assert "Try again" in page
    assert "Your identity is verified" in build.text_of(browser.send(DETAILS, details_of(account)))


def test_not_verified_leads_to_documents(vendor):
    """Never verified: the page says what counts as evidence, and that nothing is lost. [V-5]"""
    vendor(NotVerified())
    account = build.person(is_proofed=False)
    page = build.text_of(at_details(account).send(DETAILS, details_of(account)))
    assert "One picture ID that has not expired" in page


def test_pressing_twice_counts_one_try(vendor):
    """A second press after the answer asks nobody. [V-6]"""
    script = vendor(Verified())
    account = build.person(is_proofed=False)
    browser = at_details(account)
    browser.send(DETAILS, details_of(account))
    page = build.text_of(browser.send(DETAILS, details_of(account)))
    assert "Find your organization" in page
    assert len(script.requests) == 1
