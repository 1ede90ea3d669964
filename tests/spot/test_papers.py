"""The signed form as a PDF: what it shows to whom, the same bytes each time, tagged, and nothing in it is markup (F-10)."""

import re
from dataclasses import replace
from datetime import UTC, timedelta

import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.utils import timezone, translation

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Busy
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.papers import typesetting
from bailiwick.spot.papers.queries import signed_form_pdf
from bailiwick.spot.papers.typesetting import typeset
from tests.spot.build_desk import by_of, desk, seated, submitted_case
from tests.spot.build_form_pages import filled
from tests.spot.build_forms import awaiting_case
from tests.spot.build_signing import code_for, newest_token, sign_now
from tests.spot.provider import grant

pytestmark = pytest.mark.django_db
TIN = "900450101"


def text_of(pdf: bytes) -> str:
    """Every page's text as a reader extracts it, line ends as spaces."""
    pages = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]
    return " ".join(" ".join(pages).split())


def asked_by_contact(case) -> None:
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=by_of(desk()), now=clock.now())


def signed_by_browser():
    """A form filled in on the pages and signed behind the mailed link; the contact's browser, and the link's token."""
    browser = filled()
    asked_by_contact(browser.case)
    token = newest_token()
    sign_now(token, browser.case)
    return browser, token


def test_contact_official_and_desk_get_the_signed_form(provider, settings):
    """Whole TINs for the desk, and where the official has just typed the code; a link alone is anybody's. [F-10, A-3]"""
    browser, official = filled(), Client()
    asked_by_contact(browser.case)
    token = newest_token()
    signing = {"digest": queries.version_of(browser.case).digest, "title": "on", "standing": "authorized"}
    signing |= {"full_name": "Nora Castellan", "code": code_for(token)}
    assert official.post(f"/sign/{token}/", signing).status_code == 302
    forger, todd = Client(), seated(provider)[0]
    forger.cookies["spot_signed"] = official.cookies["spot_signed"].value + "x"
    for client, path, is_whole in (
        (browser, browser.at("signed.pdf"), False),
        (official, f"/sign/{token}/signed.pdf", True),
        (Client(), f"/sign/{token}/signed.pdf", False),
        (forger, f"/sign/{token}/signed.pdf", False),
        (todd, f"/desk/{browser.tracking}/signed.pdf", True),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'attachment; filename="{browser.tracking}.pdf"'
        assert "no-store" in answer["Cache-Control"]
        text = text_of(answer.content)
        assert "Pelican Cove Dermatology" in text
        assert (TIN in text) is is_whole
        assert "ends in 0101" in text or is_whole
    short = {"idle_warned_after": timedelta(microseconds=1), "idle_ends_after": timedelta(microseconds=2)}
    settings.LIMITS = replace(settings.LIMITS, **short)
    assert TIN not in text_of(official.get(f"/sign/{token}/signed.pdf").content)


def test_the_evidence_is_its_last_page(provider):
    """Name as typed, mailbox, time with its zone, address of origin, SHA-256, versions, authority. [F-8, F-10]"""
    signature = queries.live_signature(submitted_case())
    pages = pdfium.PdfDocument(signed_form_pdf(signature, shows_tin=False))
    text = " ".join(pages[len(pages) - 1].get_textpage().get_text_range().split())
    assert text.startswith("Evidence of the signature")
    for shown in (
        signature.typed_name,
        signature.email,
        signature.zone,
        signature.source,
        signature.agreement_version,
        "In the payer file with this name and mailbox.",
    ):
        assert shown in text
    assert signature.digest in text.replace(" ", "")


def test_the_same_signature_gives_the_same_bytes(provider):
    """In another process, language and time zone, byte for byte; its one date is that of the signature, in any year. [F-10]"""
    signature = queries.live_signature(submitted_case())
    first = signed_form_pdf(signature, shows_tin=False)
    with translation.override("es"), timezone.override("Pacific/Auckland"):
        assert signed_form_pdf(signature, shows_tin=False) == first
    assert signed_form_pdf(signature, shows_tin=True) != first
    document, signed_at = pdfium.PdfDocument(first), signature.signed_at.astimezone(UTC)
    dates = {document.get_metadata_value(name) for name in ("CreationDate", "ModDate")}
    assert {one[:16] for one in dates} == {f"D:{signed_at:%Y%m%d%H%M%S}"}
    told = re.findall(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}", first)
    assert {one.decode() for one in told} == {f"{signed_at:%Y-%m-%dT%H:%M:%S}"}


def test_it_is_tagged_titled_and_in_its_language(provider):
    """What PDF/UA-1 asks of a document: marked content, a structure tree, title shown, language, the standard's mark. [F-10]"""
    pdf = signed_form_pdf(queries.live_signature(submitted_case()), shows_tin=False)
    document = pdfium.PdfDocument(pdf)
    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "New organization: provider office"
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", pdf)
    assert re.search(rb"/Lang ?\(en\)", pdf)
    assert b"/DisplayDocTitle true" in pdf
    for page in document:
        darkest, lightest = page.render(scale=2).to_pil().convert("L").getextrema()
        assert darkest < 60
        assert lightest == 255


@pytest.mark.parametrize(
    "name",
    [
        '#sys.inputs.document #eval("1")',
        "*bold* _x_ $a^2$ @ref <label> `raw` // no comment",
        '{{ 7*7 }} {% debug %} \\u{41} #read("/etc/passwd")',
        "Ñandú Łukasz O’Brien – “Praxis” GmbH & Co.",
        "李 عيادة 😀",
    ],
)
def test_nothing_that_was_typed_is_markup(provider, name):
    """Typesetter's commands, templates and letters without a glyph stand on the page as they were typed. [F-10, AX23]"""
    case, token = awaiting_case(group_name=name)
    sign_now(token, case)
    text = text_of(signed_form_pdf(queries.live_signature(case), shows_tin=False))
    kept = "".join(typesetting.showable(name).split())
    assert kept in "".join(text.split())


def test_too_many_at_once_wait_and_are_then_told_to_come_back(monkeypatch):
    """No more than two are made at a time; who waits too long is told to try again. [SR-39]"""
    monkeypatch.setattr(typesetting, "WAIT_SECONDS", 0.05)
    with typesetting._places, typesetting._places, pytest.raises(Busy):
        typeset("signed_form.typ", {}, made_at=clock.now())


def test_without_a_signature_there_is_no_paper(provider):
    """A draft, a form changed after signing, an unused link, an invented token: 404. [F-8, F-10]"""
    browser = filled()
    assert browser.get(browser.at("signed.pdf")).status_code == 404
    asked_by_contact(browser.case)
    token = newest_token()
    assert Client().get(f"/sign/{token}/signed.pdf").status_code == 404
    assert Client().get(f"/sign/{'x' * 43}/signed.pdf").status_code == 404
    todd, _ = seated(provider)
    assert todd.get(f"/desk/{browser.tracking}/signed.pdf").status_code == 404


def test_the_paper_is_behind_the_same_doors_as_the_form(provider):
    """Without the contact's code, or the desk's role, nobody gets it. [F-9, B-1]"""
    browser, _ = signed_by_browser()
    stranger = Client().get(browser.at("signed.pdf"))
    assert stranger.status_code == 302
    assert b"%PDF" not in stranger.content
    approver, _ = seated(provider, grants=[grant()])
    assert approver.get(f"/desk/{browser.tracking}/signed.pdf").status_code == 403
