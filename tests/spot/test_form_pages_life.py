"""The life of a form as its contact sees it: conflicts, signature, correction, decision, withdrawal (F-7, F-8, F-9)."""

import hashlib
import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case, CaseSession, Invitation
from bailiwick.spot.rules.forms import State
from tests.spot.build_desk import by_of, desk, submitted_case, taken_case
from tests.spot.build_form_pages import (
    STEPS,
    Browser,
    at_field,
    filled,
    newest_code,
    opened,
    texts,
)
from tests.spot.build_forms import ANSWERS, awaiting_case, filled_case
from tests.spot.build_kinds import KEEP_ALL, NEW_APPROVER, pelican, taken, update_answers
from tests.spot.build_kinds import filled as filled_kind

pytestmark = pytest.mark.django_db


def visiting(case: Case) -> Browser:
    """A browser in which that case is open."""
    browser, key = Browser(), secrets.token_urlsafe(32)
    now = clock.now()
    CaseSession.objects.create(
        case=case, key_digest=hashlib.sha256(key.encode()).digest(), started_at=now, last_seen_at=now
    )
    browser.tracking = case.tracking
    browser.cookies[f"spot_form_{case.tracking}"] = key
    return browser


def step_of(case: Case, code: str) -> dict[str, str]:
    """What that step's page would send, unchanged; a TIN on file stays out of pages."""
    answers = queries.answers_of(case)
    codes = [one.code for one in queries.kind_of(case).block(code).fields]
    return {one: answers[one] for one in codes if one in answers and one != "tin"}


def returned_case(remarks: dict[str, str], note: str = "") -> Case:
    todd = desk()
    case = taken_case(todd)
    said = {"remarks": remarks, "note": note, "seen_revision": case.revision}
    return actions.return_case(case=case, desk=todd, by=by_of(todd), now=clock.now(), **said)


def test_a_conflict_keeps_what_was_typed():
    """Somebody saved in between: both answers are shown, what was typed stays in the fields, nothing is overwritten. [F-9]"""
    browser = filled()
    seen = browser.case.revision
    browser.send("people", {**STEPS["people"], "approver_name": "Ada Other"})
    page = browser.send("people", {**STEPS["people"], "approver_name": "Avery Quill"}, revision=seen)
    assert page.status_code == 409
    assert "Ada Other" in texts(page)
    assert 'value="Avery Quill"' in page.content.decode()
    assert f'name="revision" value="{browser.case.revision}"' in page.content.decode()
    assert browser.answers()["approver_name"] == "Ada Other"
    browser.send("people", {**STEPS["people"], "approver_name": "Avery Quill"})
    assert browser.answers()["approver_name"] == "Avery Quill"


@pytest.mark.parametrize("revision", ["", "x", "0", "-1", "99999999999999999999", "²"])
def test_a_page_that_does_not_say_what_it_showed_is_a_conflict(revision):
    """Without the revision it was made from, no page overwrites anything. [F-9]"""
    browser = filled()
    page = browser.send("people", {**STEPS["people"], "approver_name": "Avery Quill"}, revision=revision)
    assert page.status_code == 409
    assert browser.answers()["approver_name"] == "Avery Quillfeather"


def test_a_conflict_shows_no_tin():
    """Of a TIN that differs only the last four digits are told. [A-3]"""
    browser = filled()
    page = browser.send("provider", {**STEPS["provider"], "tin": "900450199"}, revision=1)
    assert page.status_code == 409
    assert "ends in 0199" in texts(page)
    assert "900450101" not in page.content.decode()


def test_what_was_typed_into_a_form_that_moved_on_is_shown():
    """The desk took the form up meanwhile: it cannot be saved, and nobody has to remember what they typed. [F-7]"""
    case = taken_case(desk())
    browser = visiting(case)
    page = browser.send("people", {**step_of(case, "people"), "approver_name": "Ada Later"})
    assert page.status_code == 409
    assert "Ada Later" in texts(page)
    assert browser.answers()["approver_name"] == ANSWERS["approver_name"]


def test_what_is_no_answer_is_shown_as_it_was_typed():
    """A day that is none, in a form that the desk took up: the page shows it, of a TIN the last four. [F-7, A-3]"""
    one = desk()
    case = taken(one, "update", update_answers(pelican(), **NEW_APPROVER))
    browser = visiting(case)
    page = browser.send(
        "changes", {**KEEP_ALL, **NEW_APPROVER, "handover_on": "end of May", "address_change": ""}
    )
    assert page.status_code == 409
    assert "end of May" in texts(page)
    page = browser.send("organization", {**step_of(case, "organization"), "tin": "900450109 ext"})
    assert "900450109" not in page.content.decode()


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "This day is over."), (0, ""), (90, ""), (91, "Enter a day within the next 90 days.")],
)
def test_the_last_day_of_the_former_approver_is_still_to_come_and_not_far_off(days, said):
    """A sentence at its field; whoever takes the day out again goes on. [G-8, F-9]"""
    browser = visiting(filled_kind("update", update_answers(pelican())))
    day = (timezone.localdate(clock.now()) + timedelta(days=days)).isoformat()
    page = browser.send("changes", {**KEEP_ALL, **NEW_APPROVER, "handover_on": day})
    assert said in at_field(page, "handover_on")
    assert (page.status_code == 302) is (not said)
    assert browser.send("changes", {**KEEP_ALL, **NEW_APPROVER, "handover_on": ""}).status_code == 302


def test_a_day_that_passed_while_the_form_lay_there_is_corrected_first():
    """The draft is kept; nobody signs a day that is over. [G-8, F-8]"""
    week = timedelta(days=7)
    day = timezone.localdate(clock.now() - week).isoformat()
    answers = update_answers(pelican(), **NEW_APPROVER, handover_on=day)
    case = filled_kind("update", answers, now=clock.now() - 2 * week)
    browser = visiting(case)
    assert "This day is over" in texts(browser.get(browser.at("review/")))
    browser.ask_for_signature()
    assert Case.objects.get(pk=case.pk).state == State.DRAFT
    assert browser.send("changes", {**KEEP_ALL, **NEW_APPROVER, "handover_on": ""}).status_code == 302


def test_what_was_typed_after_the_time_ran_out_is_shown():
    """A visit that idled out loses no typed text; the TIN is not sent back. [F-9]"""
    browser = opened()
    CaseSession.objects.update(last_seen_at=clock.now() - timedelta(minutes=31))
    page = browser.send("provider")
    assert page.status_code == 403
    assert "Pelican Cove Dermatology" in texts(page)
    assert "900450101" not in page.content.decode()
    assert "group_name" not in browser.answers()


def test_looking_at_a_signed_form_leaves_the_signature():
    """Next without a change saves nothing; a signature is not lost to a look. [F-8]"""
    case = submitted_case()
    browser = visiting(case)
    assert "signature no longer counts" in texts(browser.get(browser.at("step/people/")))
    browser.send("people", step_of(case, "people"))
    assert browser.case.state == State.SUBMITTED
    assert queries.live_signature(browser.case)


def test_changing_a_signed_form_makes_it_a_draft_again():
    """A change voids the signature, as the page has warned. [F-8]"""
    case = submitted_case()
    browser = visiting(case)
    browser.send("people", {**step_of(case, "people"), "approver_name": "Ada Other"})
    assert browser.case.state == State.DRAFT
    assert queries.live_signature(browser.case) is None
    assert "Changed, so that it has to be signed again" in texts(browser.get(browser.at()))


def test_remarks_are_shown_at_their_fields():
    """Returned: each remark stands on the form's page with a link, and at its field; Correct the form leads there. [B-1, F-7]"""
    case = returned_case(
        {"group_name": "Use the name of the W-9.", "approver_phone": "This is a fax."}, "Nearly there."
    )
    browser = visiting(case)
    page = browser.get(browser.at())
    for words in (
        "Returned for correction",
        "Use the name of the W-9.",
        "This is a fax.",
        "Nearly there.",
        "Correct the form",
    ):
        assert words in texts(page)
    assert f'href="{browser.at("step/provider/")}#id_group_name"' in page.content.decode()
    step = browser.get(browser.at("step/provider/"))
    assert "The help desk says: Use the name of the W-9." in texts(step)
    assert "This is a fax." not in texts(step)


def test_a_correction_leads_from_remark_to_remark_to_the_review():
    """Next goes to the steps that the desk remarked on and no others; then the official signs anew. [F-7, F-8]"""
    case = returned_case({"group_name": "Use the name of the W-9.", "approver_phone": "This is a fax."})
    browser = visiting(case)
    answer = browser.send(
        "provider", {**step_of(case, "provider"), "group_name": "Pelican Cove Skin Care", "tin": ""}
    )
    assert answer["Location"] == browser.at("step/people/")
    answer = browser.send("people", {**step_of(case, "people"), "approver_phone": "2025550199"})
    assert answer["Location"] == browser.at("review/")
    assert browser.case.state == State.RETURNED
    assert browser.ask_for_signature().status_code == 302
    assert browser.case.state == State.AWAITING_SIGNATURE


def test_a_remark_that_is_markup_is_text():
    """What the desk types is shown as it was typed. [AX23]"""
    browser = visiting(returned_case({"group_name": "<b>not</b> <script>alert(1)</script>"}))
    for path in ("", "step/provider/"):
        assert "<script>alert" not in browser.get(browser.at(path)).content.decode()


@pytest.mark.parametrize("path", ["step/provider/", "review/"])
def test_a_form_at_the_desk_can_be_read_and_not_changed(path):
    """In review the pages show and do not change. [F-7]"""
    browser = visiting(taken_case(desk()))
    page = browser.get(browser.at(path), follow=True)
    assert page.status_code == 200
    assert "Ask for signature" not in texts(page)
    assert "Change “" not in texts(page)


def test_a_denied_form_says_why():
    """Denied, with the reason that was given. [B-1]"""
    todd = desk()
    case = taken_case(todd)
    actions.deny(
        case=case,
        desk=todd,
        reason="The group has closed.",
        seen_revision=case.revision,
        by=by_of(todd),
        now=clock.now(),
    )
    page = texts(visiting(case).get(f"/forms/{case.tracking}/"))
    assert "Denied" in page
    assert "The group has closed." in page


def test_the_link_can_be_sent_again():
    """The contact sends the official a new link; the page counts down; too soon is told in words. [F-8]"""
    case, _ = awaiting_case(now=clock.now() - timedelta(minutes=5))
    browser = visiting(case)
    assert browser.post(browser.at("send-link-again/"))["Location"] == browser.at()
    assert Invitation.objects.count() == 2
    assert "4 more times" in texts(browser.get(browser.at()))
    assert "This was not done" in texts(browser.post(browser.at("send-link-again/")))


def test_withdrawing_is_asked_once_more_and_is_for_good():
    """A withdrawn form is closed; the page says so and where to start anew. [F-7]"""
    browser = visiting(filled_case())
    assert "Withdraw this form?" in texts(browser.get(browser.at("withdraw/")))
    assert browser.case.state == State.DRAFT
    browser.post(browser.at("withdraw/"))
    assert browser.case.state == State.WITHDRAWN
    page = texts(browser.get(browser.at()))
    assert "Withdrawn" in page
    assert "Withdraw this form" not in page
    assert browser.post(browser.at("withdraw/")).status_code == 302


def test_a_new_mailbox_of_the_contact_is_confirmed_by_a_code():
    """The form names another address: news go to the old one until a code from the new one is typed. [F-9]"""
    browser = opened()
    browser.send("contact", {**STEPS["contact"], "contact_email": "new.person@pelicancove.example"})
    assert "not confirmed yet" in texts(browser.get(browser.at()))
    browser.post(browser.at("mailbox/send/"))
    wrong = browser.post(browser.at("mailbox/"), {"code": "000000"})
    assert at_field(wrong, "code")
    browser.post(browser.at("mailbox/"), {"code": newest_code("new.person@pelicancove.example")})
    assert browser.case.contact_email == "new.person@pelicancove.example"
    assert browser.get(browser.at("mailbox/"))["Location"] == browser.at()


def test_an_expired_draft_says_so_before_any_job_has_run():
    """Time ends a draft; the page knows it at once. [F-7, I-2]"""
    case = filled_case()
    Case.objects.filter(pk=case.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    browser = visiting(case)
    assert "Expired" in texts(browser.get(browser.at()))
    page = browser.send("people", {**step_of(case, "people"), "approver_name": "Ada Later"})
    assert page.status_code == 409


def test_each_state_says_who_has_to_act_by_when_and_what_else():
    """Draft, waiting, submitted, in review, returned: nobody is left to guess. [F-9]"""
    cases = {
        "You: fill in": filled_case(),
        "The SPOT Help Desk: take up": submitted_case(
            group_ptan="CV3308", group_npi="1900410287", tin="900450104"
        ),
    }
    for words, case in cases.items():
        page = texts(visiting(case).get(f"/forms/{case.tracking}/"))
        assert words in page
        assert "Since" in page
        assert "If nobody does" in page


def test_what_visitors_do_is_on_the_ledger_without_their_names():
    """Nobody is signed in: the ledger says that a visitor did it, and nothing personal. [L-1]"""
    filled().ask_for_signature()
    entries = Entry.objects.all()
    assert {entry.actor for entry in entries} == {"visitor"}
    for personal in ("Whitlock", "pelicancove", "900450101", "Castellan"):
        assert not any(personal in str(vars(entry)) for entry in entries)
