"""The pages of the forms: choosing, starting, coming back, filling in, reviewing (F-1, F-2, F-5, F-6, F-9)."""

import re

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.forms.models import Case, FileCheck, Version
from bailiwick.spot.rules.forms import State
from tests.spot.build_enrollment import enrolled
from tests.spot.build_form_pages import (
    CONTACT,
    KIND,
    STEPS,
    Browser,
    at_field,
    filled,
    newest_code,
    opened,
    started,
    texts,
)
from tests.spot.build_signing import mails, text_of

pytestmark = pytest.mark.django_db

NOBODYS = "F-HKMN-PQRT-WXY7"
BAD = {
    "missing": "",
    "only spaces": "   ",
    "too long": "x" * 400,
    "control character": "Pelican\x07 Cove",
    "NUL": "Pelican\x00Cove",
    "turned round": "Pelican \u202eevoC",
}


def test_instructions_are_readable_before_starting():
    """Every kind shows its instructions to anybody. [F-1]"""
    page = Client().get("/forms/")
    assert "<h1>Forms</h1>" in page.content.decode()
    for words in ("New organization: provider office", "Have at hand", "Track a form", "Tracking number"):
        assert words in texts(page)
    assert "Have at hand" in texts(Client().get(f"/forms/start/{KIND}/"))


def test_starting_mails_tracking_number_and_code():
    """Who starts a form gets its number and a code by mail, and proves the mailbox by using it. [F-9]"""
    browser = started()
    assert browser.tracking in text_of(mails(to=CONTACT["contact_email"])[-1])
    assert browser.case.contact_proven_at is None
    opened(browser)
    assert browser.case.contact_proven_at is not None
    assert browser.get(browser.at()).status_code == 200


def test_starting_twice_is_one_form():
    """A page that is sent twice starts one form. [F-9]"""
    page = Client().get(f"/forms/start/{KIND}/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page).group(1)
    for _ in range(2):
        Client().post(f"/forms/start/{KIND}/", {**CONTACT, "once": once})
    assert Case.objects.count() == 1


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("field", ["contact_name", "contact_email"])
def test_a_bad_start_is_told_at_its_field(field, bad):
    """What cannot be a name or a mailbox gets a sentence at its field, and nothing is written. [F-6]"""
    page = Client().post(f"/forms/start/{KIND}/", {**CONTACT, field: bad})
    assert page.status_code == 200
    assert at_field(page, field)
    assert not Case.objects.exists()


def test_an_unknown_kind_is_not_found():
    """There are the forms of the list and no others. [F-1]"""
    assert Client().get("/forms/start/nothing/").status_code == 404
    assert Client().post("/forms/start/nothing/", CONTACT).status_code == 404


def test_tracking_answers_the_same_for_any_number():
    """Whether there is a form of that number cannot be told from the pages. [F-9]"""
    browser = started()
    pages = []
    for tracking in (browser.tracking, NOBODYS):
        stranger = Client()
        answer = stranger.post("/forms/track/", {"tracking": tracking})
        page = stranger.get(answer["Location"])
        again = stranger.post(f"/forms/{tracking}/code/send/")
        wrong = stranger.post(f"/forms/{tracking}/code/", {"code": "000000"})
        direct = stranger.get(f"/forms/{tracking}/")
        told = [answer["Location"], texts(page), again["Location"], texts(wrong), direct["Location"]]
        pages.append([text.replace(tracking, "N") for text in told])
    assert pages[0] == pages[1]


@pytest.mark.parametrize("typed", ["", "F-123", "x" * 400, "F-2222-3333-4444\x00", "G-2222-3333-4444"])
def test_what_is_no_tracking_number_is_told_at_the_field(typed):
    """A number that cannot be one is refused where it is typed. [F-9]"""
    page = Client().post("/forms/track/", {"tracking": typed})
    assert page.status_code == 200
    assert at_field(page, "tracking")


def test_a_tracking_number_may_be_typed_in_any_way():
    """Small letters, spaces for hyphens: the same number. [F-9]"""
    browser = started()
    typed = browser.tracking.lower().replace("-", " ")
    answer = Client().post("/forms/track/", {"tracking": f" {typed} "})
    assert browser.tracking in answer["Location"]


@pytest.mark.parametrize(
    "path",
    ["", "step/location/", "review/", "withdraw/", "mailbox/", "step/nothing/"],
)
def test_without_its_cookie_a_form_is_closed(path):
    """Each page of a form leads whoever has not opened it to the page of the code, and changes nothing. [F-9]"""
    browser = filled()
    other = opened(started(contact_email="somebody@else.example"))
    before = list(Entry.objects.values_list("pk", flat=True)), browser.case.revision
    for stranger in (Client(), other):
        for act in (stranger.get, stranger.post) if path else (stranger.get,):
            answer = act(browser.at(path))
            assert answer.status_code == 302
            assert answer["Location"] == browser.at("code/")
    assert (list(Entry.objects.values_list("pk", flat=True)), browser.case.revision) == before


def test_a_cookie_of_one_form_opens_no_other():
    """The key of one form under the name of another opens nothing. [F-9]"""
    browser, other = opened(), opened(started(contact_email="somebody@else.example"))
    [key] = [morsel.value for name, morsel in other.cookies.items() if name.startswith("spot_form_")]
    stranger = Client()
    stranger.cookies[f"spot_form_{browser.tracking}"] = key
    assert stranger.get(browser.at())["Location"] == browser.at("code/")


def test_two_forms_can_be_open_side_by_side():
    """Opening a second form in the same browser does not close the first. [F-9]"""
    first = opened()
    second = started(contact_email="somebody@else.example")
    first.post(second.at("code/"), {"code": newest_code("somebody@else.example")})
    assert first.get(first.at()).status_code == 200
    assert first.get(second.at()).status_code == 200


def test_closing_ends_the_visit():
    """Close the form on this computer: a new code is needed. [F-9]"""
    browser = opened()
    browser.post(browser.at("close/"))
    assert browser.get(browser.at())["Location"] == browser.at("code/")


def test_the_form_is_filled_in_step_by_step():
    """Next saves a step and leads to the following; after the last comes the review. [F-9]"""
    browser = opened()
    places = [browser.send(step)["Location"] for step in STEPS]
    codes = list(STEPS)
    expected = [browser.at(f"step/{code}/") for code in codes[1:]] + [browser.at("review/")]
    # The contact's own step is filled from the start page, but for the phone.
    assert places == expected
    assert browser.answers()["group_name"] == "Pelican Cove Dermatology"
    assert browser.answers()["contact_phone"] == "9415550101"


def test_every_step_shows_its_questions_and_what_is_saved():
    """One renderer draws every block of the schema, with the saved answers in it. [F-1, F-2]"""
    browser = filled()
    for step, answers in STEPS.items():
        page = browser.get(browser.at(f"step/{step}/"))
        assert page.status_code == 200
        content = page.content.decode()
        for code in answers:
            assert f'name="{code}"' in content
    assert 'value="Pelican Cove Dermatology"' in browser.get(browser.at("step/provider/")).content.decode()


def test_a_tin_on_file_never_comes_back():
    """Of a saved TIN pages show the last four digits; left empty, the field keeps it. [A-3, M-1]"""
    browser = filled()
    for path in ("step/provider/", "review/", ""):
        content = browser.get(browser.at(path)).content.decode()
        assert "900450101" not in content
        assert "45-0101" not in content
    assert "ends in 0101" in texts(browser.get(browser.at("step/provider/")))
    browser.send("provider", {**STEPS["provider"], "tin": "", "group_name": "Pelican Cove Skin Care"})
    assert browser.answers()["tin"] == "900450101"
    assert browser.answers()["group_name"] == "Pelican Cove Skin Care"


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("provider", "group_name"),
        ("provider", "group_npi"),
        ("provider", "tin"),
        ("contact", "contact_phone"),
        ("address", "zip"),
        ("location", "line_of_business"),
        ("official", "official_email"),
    ],
)
def test_bad_answers_are_told_at_their_field_and_nothing_is_written(step, field, bad):
    """Missing, too long, unreadable: a sentence at the field, and not even the good answers are saved. [F-6]"""
    browser = opened()
    before = Version.objects.count()
    page = browser.send(step, {**STEPS[step], field: bad})
    assert page.status_code == 200
    assert at_field(page, field)
    assert "data-error-summary" in page.content.decode()
    assert Version.objects.count() == before


@pytest.mark.parametrize(
    ("step", "field", "typed", "words"),
    [
        ("provider", "group_npi", "1900410007", "NPI"),
        ("provider", "group_ptan", "P!", "PTAN"),
        ("provider", "tin", "12345", "9"),
        ("contact", "contact_phone", "555", "10"),
        ("contact", "contact_email", "nobody", "e-mail"),
        ("address", "zip", "3423", "ZIP"),
        ("address", "zip", "10001", "Florida"),
        ("people", "approver_name", "Avery", "name"),
    ],
)
def test_shapes_are_checked_while_filling(step, field, typed, words):
    """Check digit, shapes, the state's ZIP codes: checked at Next, in words at the field. [F-6]"""
    browser = opened()
    browser.send("request")
    page = browser.send(step, {**STEPS[step], field: typed})
    assert page.status_code == 200, texts(page)
    assert words in at_field(page, field)


def test_an_answer_that_comes_twice_is_refused():
    """Two answers to one question are none. [F-6]"""
    browser = opened()
    page = browser.send("provider", {**STEPS["provider"], "group_name": ["One Practice", "Another Practice"]})
    assert "twice" in at_field(page, "group_name")
    assert "group_name" not in browser.answers()


def test_what_was_typed_stays_on_the_page():
    """A page that is refused keeps every answer that was typed. [F-6]"""
    browser = opened()
    page = browser.send("provider", {**STEPS["provider"], "group_npi": "1"}).content.decode()
    assert 'value="Pelican Cove Dermatology"' in page
    assert 'value="900450101"' in page


def test_the_field_just_left_is_checked_without_saving():
    """The page's script asks about one field; the answer is a sentence, and nothing is written. [F-6]"""
    browser = opened()
    before = Version.objects.count(), FileCheck.objects.count()
    sent = {**STEPS["provider"], "group_npi": "1900410007", "group_name": ""}
    answer = browser.post(
        browser.at("step/provider/check/"),
        sent,
        headers={"HX-Request": "true", "HX-Trigger-Name": "group_npi"},
    )
    assert "NPI" in texts(answer)
    silent = browser.post(
        browser.at("step/provider/check/"),
        sent,
        headers={"HX-Request": "true", "HX-Trigger-Name": "group_name"},
    )
    assert texts(silent) == ""
    assert (Version.objects.count(), FileCheck.objects.count()) == before


def test_save_and_continue_later_takes_what_is_there():
    """Half a step can be saved; the page says how to come back. [F-9]"""
    browser = opened()
    answer = browser.send("provider", {"group_name": "Pelican Cove Dermatology"}, later="1")
    page = browser.get(answer["Location"])
    assert "Saved" in texts(page)
    assert browser.tracking in texts(page)
    assert browser.answers()["group_name"] == "Pelican Cove Dermatology"
    assert 'value="Pelican Cove Dermatology"' in browser.get(browser.at("step/provider/")).content.decode()


def test_save_and_continue_later_still_refuses_nonsense():
    """What has the wrong shape is not saved half-way either. [F-6]"""
    browser = opened()
    page = browser.send("provider", {"group_npi": "1900410007"}, later="1")
    assert "NPI" in at_field(page, "group_npi")


def test_questions_that_an_answer_opens_come_without_a_script():
    """Without a script the questions behind an answer come on the same step after Next. [F-2]"""
    browser = opened()
    asked = {"asked": ["claims_sender", "claims_837"]}
    answer = browser.send("claims", {"claims_sender": "provider", "claims_837": "yes", **asked})
    assert answer["Location"].startswith(browser.at("step/claims/?more"))
    assert browser.answers()["claims_837"] == "yes"
    assert "PC-ACE" in texts(browser.get(browser.at("step/claims/?more")))
    answer = browser.send(
        "claims", {"claims_sender": "provider", "claims_837": "yes", "asked": [*asked["asked"], "pc_ace"]}
    )
    assert at_field(answer, "pc_ace")


def test_questions_wait_in_templates_for_the_script():
    """What an answer on the page may open is sent along unseen, with the answers that open it. [F-2]"""
    browser = opened()
    content = browser.get(browser.at("step/claims/")).content.decode()
    assert re.search(r'<template data-question="pc_ace" data-shown-when="[^"]*claims_837[^"]*yes', content)
    content = browser.get(browser.at("step/request/")).content.decode()
    assert '<template data-question="submitter_id"' in content


def test_a_step_that_asks_nothing_is_left_out():
    """Who is added to an existing submitter ID names no approver. [F-2]"""
    browser, record = opened(), enrolled()
    pair = {"submitter_id": record.submitter_id, "submitter_name": record.legal_name}
    browser.send("request", {"request_type": "add", **pair})
    assert browser.answers()["request_type"] == "add"
    assert browser.get(browser.at("step/people/"))["Location"] == browser.at("review/")
    assert "Approver and backup" not in texts(browser.get(browser.at("step/claims/")))


def test_facts_that_are_not_on_file_are_told_at_once_and_never_which():
    """PTAN, NPI and TIN are compared when they are saved; a mismatch is shown before signing, never its part. [F-6]"""
    browser = opened()
    answer = browser.send("provider", {**STEPS["provider"], "group_ptan": "PC9999"})
    assert answer["Location"] == browser.at("step/provider/")
    page = texts(browser.get(answer["Location"]))
    assert "do not match the payer" in page
    assert "we do not say which" in page
    # Nothing new to ask: Next goes on.
    answer = browser.send("provider", {**STEPS["provider"], "group_ptan": "PC9999"})
    assert answer["Location"] == browser.at("step/contact/")
    assert FileCheck.objects.count() == 1


def test_a_wrong_pair_is_told_at_once_and_never_which():
    """Submitter ID and name that do not belong together are told at the step. [F-5]"""
    record, other = enrolled(), enrolled(legal_name="Some Practice")
    browser, told = opened(), set()
    for wrong in ((record.submitter_id, "Some Practice"), (other.submitter_id, "Harborview")):
        sent = dict(zip(("submitter_id", "submitter_name"), wrong, strict=True))
        page = texts(browser.get(browser.send("request", {"request_type": "add", **sent})["Location"]))
        assert "do not belong together" in page
        told.add(re.search(r"[^.]*do not belong together[^.]*", page)[0])
    assert len(told) == 1


def test_the_review_shows_everything_and_what_is_missing():
    """All answers on one page, TIN masked; each gap with a link to its question; no asking before it is whole. [F-9]"""
    browser = opened()
    browser.fill_in(but=("official", "address"))
    page = browser.get(browser.at("review/"))
    content = page.content.decode()
    assert f'href="{browser.at("step/official/")}#id_official_name"' in content
    assert f'href="{browser.at("step/address/")}#id_zip"' in content
    assert "Ask for signature" not in texts(page)
    browser.send("official")
    browser.send("address")
    page = texts(browser.get(browser.at("review/")))
    for words in (
        "Pelican Cove Dermatology",
        "PC2041",
        "ends in 0101",
        "Florida",
        "941 555 0101",
        "Ask for signature",
    ):
        assert words in page
    assert "900450101" not in page


def test_asking_for_signature_invites_the_official():
    """With nothing missing the official gets the link, and the page says who has to act, by when, and else what. [F-8, F-9]"""
    browser = filled()
    answer = browser.ask_for_signature()
    assert answer["Location"] == browser.at(), texts(answer)
    assert browser.case.state == State.AWAITING_SIGNATURE
    assert mails(to="nora.castellan@pelicancove.example")
    page = texts(browser.get(browser.at()))
    for words in (
        "Waiting for the signature",
        "Nora Castellan",
        "By when",
        "If nobody does",
        "Send the link again",
    ):
        assert words in page


def test_asking_too_early_is_refused_in_words():
    """A form that lacks something is not sent out to be signed. [F-8]"""
    browser = opened()
    page = browser.ask_for_signature()
    assert page.status_code == 200
    assert "This was not done" in texts(page)
    assert browser.case.state == State.DRAFT


def test_the_browser_of_these_tests_is_a_stranger_to_sign_in():
    """No account is needed to fill in a form. [F-9]"""
    assert "spot_session" not in Browser().cookies
    assert opened().get("/home/").status_code == 302
