"""The pages of proofing by hand: the person's, and those of tier 3. (V-5, H-2, H-3, H-5)"""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.models import Manual
from bailiwick.idm.proofing.queries import evidence_of, is_proofed, open_manual_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.manual import Document, State
from tests.ground.build_uploads import document, opens_with, picture
from tests.idm import build_desk, build_pages
from tests.idm import build_manual as build

pytestmark = pytest.mark.django_db
HAND_IN = f"{build.BY_HAND}hand-in/"
QUEUE = "/manage-users/proofing/"


def url(manual, rest=""):
    return f"/manage-users/people/{manual.account_id}/proofing/{rest}"


def looks(manual, member=None):
    return build_desk.looking(manual.account, member or build_desk.tier(3))


def proposal(**changes):
    return {"verdict": "verify", "why": build.WHY, **build.checks(), **changes}


# --- The person -------------------------------------------------------------------------------------


def test_the_whole_way_by_hand_through_the_pages():
    """Add, hand in, two people decide, and the role request goes on where it stood. [V-5]"""
    account = build.unproven()
    browser = build.in_wizard(account)
    assert "What counts" in build_pages.text_of(browser.open("/role-request/"))
    build.sends(browser, Document.PASSPORT)
    page = build_pages.text_of(build.sends(browser, Document.LEASE, document()))
    assert "Lease or mortgage statement" in page
    page = build_pages.text_of(browser.send(HAND_IN, {"mine": "on"}))
    manual = open_manual_of(account)
    assert f"Case number {manual.number}" in page
    first, second = looks(manual), looks(manual)
    page = build_pages.text_of(first.send(url(manual, "propose/"), proposal()))
    assert "Another member of the security desk confirms it" in page
    second.send(url(manual, "settle/"), {"settling": "confirm", "why": ""})
    assert is_proofed(account)
    assert "Find your organization" in build_pages.text_of(browser.open("/role-request/"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty"),
        (b"<html><script>alert(1)</script>", "not a PDF, JPEG or PNG"),
        (document(opens_with("/JavaScript", JS="1")), "contains a program"),
        (document(password="x"), "protected by a password"),
        (picture()[:-20], "damaged"),
    ],
)
def test_a_file_that_is_not_taken_is_said_at_the_field(data, words):
    """And nothing is kept. [AR15]"""
    account = build.unproven()
    page = build_pages.text_of(build.sends(build.in_wizard(account), Document.PASSPORT, data))
    assert words in page
    assert not Manual.objects.exists()


def test_handing_in_asks_for_what_is_missing():
    """In words, on the same page. [V-5]"""
    account = build.unproven()
    browser = build.in_wizard(account)
    build.sends(browser, Document.PASSPORT)
    assert "Proof of your home address is missing" in build_pages.text_of(
        browser.send(HAND_IN, {"mine": "on"})
    )
    assert "Tick the box" in build_pages.text_of(browser.send(HAND_IN, {}))


def test_what_the_desk_asks_for_is_read_by_the_person():
    """Word for word, and the documents are still there. [V-5]"""
    manual = build.waiting()
    looks(manual).send(url(manual, "more/"), {"missing": build.MISSING})
    page = build_pages.text_of(build.in_wizard(manual.account).open(build.BY_HAND))
    assert build.MISSING in page
    assert "Utility bill" in page


def test_a_refused_person_is_told_what_helps():
    """A corrected file at the vendor. [V-5]"""
    manual = build.waiting()
    browser = build.in_wizard(manual.account)
    build.decided(manual, build.Verdict.REFUSE)
    page = build_pages.text_of(browser.open("/role-request/"))
    assert "only a corrected file helps" in page
    assert manual.number in page


def test_who_was_never_asked_online_finds_no_documents_page():
    """The page that is due is shown. [V-5, AX02]"""
    account = build_pages.person(is_proofed=False)
    browser = build.in_wizard(account)
    for page in (browser.open(build.BY_HAND), build.sends(browser, Document.PASSPORT)):
        assert "soft inquiry" in build_pages.text_of(page)
    assert not Manual.objects.exists()


# --- Tier 3 ---------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_the_longest_first():
    """To tier 3 alone. [H-2]"""
    one, two = build.waiting(), build.waiting()
    page = build_pages.text_of(build_desk.browser(build_desk.tier(3)).open(QUEUE))
    assert page.index(one.number) < page.index(two.number)


@pytest.mark.parametrize("tier", [1, 2])
def test_other_tiers_find_neither_queue_nor_case(tier):
    """It is not theirs; reaching for it leaves an entry. [H-2, L-2]"""
    manual = build.waiting()
    member = build_desk.tier(tier)
    browser = build_desk.browser(member)
    browser.open(QUEUE, status=403)
    browser.open(url(manual), status=404)
    browser.send(url(manual, "propose/"), proposal(), status=404)
    found = evidence_of(manual)[0]
    browser.open(url(manual, f"evidence/{found.pk}/"), status=404)
    assert build_desk.refusals(manual.account)


def test_strangers_and_the_person_themselves_decide_nothing():
    """Not even with tier 3: nobody decides on their own case. [Q-5, H-5]"""
    member = build.unproven()
    build_pages.grant(member, "tier-3", application="idm")
    manual = build.waiting(member)
    own = build_desk.browser(member)
    own.open(url(manual), status=403)
    assert manual.number not in build_pages.text_of(own.open(QUEUE))
    build_pages.browser(build_pages.person()).open(url(manual), status=404)
    manual.refresh_from_db()
    assert manual.state == State.WAITING


def test_the_case_is_closed_without_a_reason_for_looking():
    """The reason is asked first, and lands on the ledger. [H-3]"""
    manual = build.waiting()
    page = build_desk.browser(build_desk.tier(3)).open(url(manual))
    assert "Reason" in build_pages.text_of(page)
    assert manual.number not in build_pages.text_of(page)


def test_the_case_page_shows_no_value_unmasked():
    """Neither SSN, birth date nor address, before each is revealed with a reason. [A-3, H-3, AX21]"""
    manual = build.waiting(build.unproven(ssn="987654321"))
    html = looks(manual).open(url(manual)).content.decode()
    facts = personal_facts(manual.account)
    for secret in (
        facts.ssn,
        facts.ssn[-4:],
        facts.birth_date.isoformat(),
        str(facts.birth_date.year),
        facts.address.line_1,
    ):
        assert secret not in html


def test_a_document_opens_as_an_attachment_and_that_is_on_the_ledger():
    """With its kind, not its content; for tier 3 alone. [H-3, AR15]"""
    manual = build.waiting()
    found = evidence_of(manual)[0]
    response = looks(manual).open(url(manual, f"evidence/{found.pk}/"))
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    entry = Entry.objects.get(deed=Deed.MANUAL_EVIDENCE_SEEN)
    assert entry.about["document"] == Document.PASSPORT


def test_somebody_elses_document_is_not_found_under_this_case():
    """A guessed address opens nothing. [AR15]"""
    mine, other = build.waiting(), build.waiting()
    theirs = evidence_of(other)[0]
    looks(mine).open(url(mine, f"evidence/{theirs.pk}/"), status=404)


def test_what_is_not_handed_in_yet_is_the_persons_alone():
    """The desk finds no case. [V-5]"""
    manual = build.collecting()
    looks(manual).open(url(manual), status=404)


def test_nobody_confirms_their_own_proposal_on_the_page():
    """The form is not there, and forced it is refused in words. [H-5]"""
    manual = build.waiting()
    browser = looks(manual)
    page = browser.send(url(manual, "propose/"), proposal())
    assert "Second decision" not in build_pages.text_of(page)
    page = browser.send(url(manual, "settle/"), {"settling": "confirm", "why": ""}, status=422)
    assert "Another member of the security desk" in build_pages.text_of(page)
    assert not is_proofed(manual.account)


def test_a_proposal_without_checks_is_refused_in_words():
    """What is missing is said. [V-5]"""
    manual = build.waiting()
    data = {"verdict": "verify", "why": build.WHY}
    page = looks(manual).send(url(manual, "propose/"), data, status=422)
    assert "check that a document is genuine" in build_pages.text_of(page)


def test_a_case_number_finds_the_person():
    """The caller reads it out. [H-1]"""
    manual = build.waiting()
    browser = build_desk.browser(build_desk.tier(3))
    page = browser.send("/manage-users/", {"text": manual.number, "reason": "Call 4711"})
    assert manual.account.user_id in build_pages.text_of(page)


def test_nothing_of_a_whole_case_is_readable_on_the_ledger():
    """Neither the facts nor the file. [L-1, AX21]"""
    manual = build.waiting()
    build.decided(manual)
    facts = personal_facts(manual.account)
    lines = [f"{entry.why} {entry.about}" for entry in Entry.objects.all()]
    for secret in (facts.ssn, facts.birth_date.isoformat(), facts.address.line_1, facts.last, facts.email):
        assert not any(secret in line for line in lines)
