"""Proofing when the vendor cannot: the call, the way back, documents, and two people at the security desk."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ground.build_uploads import document, picture
from tests.journeys.cast import staff
from tests.journeys.conftest import PHONE
from tests.journeys.steps import arrive
from tests.journeys.walker import Walker

GRAHAM = {
    "first": "Graham", "last": "Nettlewick", "birth": ("12", "12", "1966"), "ssn": "900400001",
    "email": "graham@alder.example", "phone": "2025550131", "address": "21 Alder Close",
    "city": "Pensacola", "state": "FL", "zip": "32501", "user_id": "graham.nettle",
}  # fmt: skip
SECURITY_DESK = ("thea.trent", "theo.third")
PICTURES = os.environ.get("BAILIWICK_PICTURES", "")


@pytest.fixture
def examine(axe):
    """Axe on each page, no sideways scrolling, and a picture of it where a directory is named for them."""
    count = iter(range(1000))

    def look(page: Page) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        if PICTURES:
            name = page.url.partition("//")[2].partition("/")[2].replace("/", "_")[:60]
            width = page.viewport_size["width"]
            page.screenshot(path=Path(PICTURES) / f"{width}-{next(count):02}-{name}.png", full_page=True)

    return look


def adds(walker: Walker, kind: str, name: str, content_type: str, data: bytes) -> None:
    walker.page.get_by_label("Which document is it?").select_option(label=kind)
    walker.page.get_by_label("The scan or picture of it").set_input_files(
        {"name": name, "mimeType": content_type, "buffer": data}
    )
    walker.press("Add document")


def opens_case(walker: Walker, name: str) -> None:
    """From the queue, with a reason for looking."""
    walker.page.goto(f"{walker.programs.idm_url}/manage-users/proofing/")
    arrive(walker)
    walker.look("Documents to check")
    walker.page.get_by_role("row", name=name).get_by_role("link").click()
    arrive(walker)
    walker.look()
    if walker.page.get_by_label("Reason", exact=True).count():
        walker.write("Reason", "Document check of the queue")
        walker.press("Show the person")
        walker.page.goto(f"{walker.programs.idm_url}/manage-users/proofing/")
        walker.page.get_by_role("row", name=name).get_by_role("link").click()
    walker.look("Document check")


def test_whom_the_vendor_never_finds_is_verified_with_documents(programs, person, examine):
    """On a phone: told to call, back, not verified, documents; at the desk two people decide. [V-3 V-4 V-5 V-7 H-5]"""
    graham = Walker(person(viewport=PHONE), programs, examine, **GRAHAM)
    graham.register()
    graham.sign_in_by_mail()
    graham.start_role_request("FCSO - SPOT End User")
    graham.prove_identity()
    assert "Review reference number" in graham.read()
    graham.tick("I have contacted")
    graham.press("Next", then="What counts")
    adds(graham, "Passport", "evil.pdf", "application/pdf", b"<html><script>alert(1)</script>")
    assert "not a PDF, JPEG or PNG" in graham.read()
    adds(graham, "Passport", "me.png", "image/png", picture(size=(600, 400)))
    adds(graham, "Lease or mortgage statement", "lease.pdf", "application/pdf", document())
    graham.tick("These documents are mine")
    graham.press("Hand in the documents", then="Case number")

    first, second = (staff(name, person(), programs, examine) for name in SECURITY_DESK)
    opens_case(first, "Graham Nettlewick")
    with first.page.expect_download() as download:
        first.page.get_by_role("link", name="Passport").click()
    assert download.value.suggested_filename.endswith(".png")
    for words in ("The picture ID is genuine", "The legal name", "The birth date", "The home address"):
        first.tick(words)
    first.choose("Your decision", "Verify this person")
    first.page.locator("#propose").get_by_label("Why").fill("Passport and lease agree with the account.")
    first.page.locator("#propose").get_by_role("button", name="Decide").click()
    first.look("Another member of the security desk")

    opens_case(second, "Graham Nettlewick")
    second.choose("The proposal", "Confirm it: it is decided")
    second.press("Decide")
    expect(second.page.locator("main")).to_contain_text("Verified")

    graham.go(f"{programs.idm_url}/role-request/")
    assert "Find your organization" in graham.read()
    programs.wait_for_mail(GRAHAM["email"], containing="identity was verified")
