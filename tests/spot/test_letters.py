"""Letters as papers: approval, PC-ACE, denial, return; the same words as the mail, tagged, for contact and desk alone."""

import json
import re

import pypdfium2 as pdfium
import pytest
from django.core import mail as django_mail
from django.test import Client
from django.utils import translation

from bailiwick.ground.outbox.channels import send_by_smtp
from bailiwick.ground.outbox.delivery import Parcel
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions
from bailiwick.spot.papers import typesetting
from bailiwick.spot.papers.enclosing import enclosing
from bailiwick.spot.papers.letters import letter_of, letter_pdf, letters_of, parts_of
from tests.spot.build_desk import approving, by_of, desk, seated, taken_case
from tests.spot.build_form_pages import filled
from tests.spot.build_signing import mails, text_of
from tests.spot.test_papers import signed_by_browser
from tests.spot.test_papers import text_of as pdf_text

pytestmark = pytest.mark.django_db


def pdf_of(case, number):
    letter = letter_of(case, number)
    return letter_pdf(case, subject=letter.subject, text=letter.text, at=letter.at)


def in_one_line(text):
    return "".join(text.split())


def test_an_approval_and_a_pc_ace_letter_say_what_was_mailed():
    """Submitter ID and legal name; the data to type into PC-ACE; tagged, titled, the same bytes each time. [F-11, E-4]"""
    one = desk()
    case = taken_case(one, pc_ace="yes", pc_ace_license="yes")
    record = approving(case, one)
    case.refresh_from_db()
    by_subject = {letter.subject.split(":")[0]: letter.number for letter in letters_of(case)}
    assert set(by_subject) == {"Approved", "PC-ACE"}
    approval, pc_ace = pdf_of(case, by_subject["Approved"]), pdf_of(case, by_subject["PC-ACE"])
    for pdf in (approval, pc_ace):
        assert record.submitter_id in pdf_text(pdf)
        assert pdfium.PdfDocument(pdf).is_tagged()
        assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", pdf)
    assert record.legal_name in pdf_text(approval)
    assert "install PC-ACE" in pdf_text(pc_ace)
    mailed = text_of(mails(to=case.contact_email, kind="pcace-approved")[-1])
    for line in filter(None, mailed.split("\n\n")[2].splitlines()):
        assert in_one_line(line.partition(": ")[2]) in in_one_line(pdf_text(pc_ace))
    with translation.override("es"):
        assert pdf_of(case, by_subject["Approved"]) == approval


def test_a_return_and_a_denial_are_letters_too(provider):
    """The contact finds them on the tracking page, the desk on the case; both as PDF. [F-7, F-11]"""
    browser, _token = signed_by_browser()
    todd, _session = seated(provider)
    one = desk()
    case = browser.case
    case = actions.take(case=case, desk=one, by=by_of(one), now=clock.now())
    remarks = {"group_name": "Write it as the payer's letter does.\nNot short."}
    said = {"desk": one, "seen_revision": case.revision, "by": by_of(one)}
    actions.return_case(case=case, remarks=remarks, note="", now=clock.now(), **said)
    (letter,) = letters_of(case)
    page = browser.get(browser.at("")).content.decode()
    path = browser.at(f"letters/{letter.number}.pdf")
    assert f'href="{path}"' in page
    answer = browser.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert "Write it as the payer" in pdf_text(answer.content)
    desk_path = f"/desk/{browser.tracking}/letters/{letter.number}.pdf"
    assert desk_path in todd.get(f"/desk/{browser.tracking}/").content.decode()
    assert todd.get(desk_path).content == answer.content
    assert Client().get(path).status_code == 302
    assert Client().get(desk_path).status_code == 302
    other = filled()
    assert other.get(other.at(f"letters/{letter.number}.pdf")).status_code == 404


def test_a_denial_says_why():
    """In its letter as in its mail. [F-7]"""
    one = desk()
    case = taken_case(one)
    said = {"desk": one, "seen_revision": case.revision, "by": by_of(one), "now": clock.now()}
    actions.deny(case=case, reason="#eval(1) *No such* <b>group</b>.", **said)
    (letter,) = letters_of(case)
    assert "#eval(1)*Nosuch*<b>group</b>." in in_one_line(pdf_text(pdf_of(case, letter.number)))


def test_a_mail_becomes_paragraphs_lists_and_tables():
    """As its lines are: two facts or more are a table, points are a list. [F-10]"""
    text = "Hello,\n\nID: FL1\nName: A: B\n\nLeft out:\n- one: x\n- two\n\nWhy: because. So.\n"
    assert list(parts_of(text)) == [
        {"kind": "text", "text": "Hello,"},
        {"kind": "facts", "rows": [("ID", "FL1"), ("Name", "A: B")]},
        {"kind": "text", "text": "Left out:"},
        {"kind": "list", "items": ["one: x", "two"]},
        {"kind": "text", "text": "Why: because. So."},
    ]


def test_a_letter_is_mailed_with_itself_as_a_pdf(settings, monkeypatch):
    """To whoever gets it; and where it cannot be typeset the words go out all the same. [F-11, N-1]"""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    one = desk()
    approving(taken_case(one), one)

    def hand_over():
        django_mail.outbox = []
        send = enclosing(send_by_smtp)
        for message in mails(kind="form-approved") + mails(kind="form-signed"):
            body = json.loads(unseal(message.body, key=message.key))
            told = (message.key, "email", message.kind, message.to, message.subject, body, clock.now())
            send(Parcel(*told))
        return {mail.subject.split(":")[0]: mail.attachments for mail in django_mail.outbox}

    sent = hand_over()
    ((name, pdf, kind),) = sent.pop("Approved")
    assert (name[:2], kind) == ("F-", "application/pdf")
    assert "your organization is enrolled" in pdf_text(pdf)
    assert not any(sent.values())
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.001)
    assert hand_over()["Approved"] == []
