"""Steps 1 and 2 of the main job: from a form to accountable access, with every hand that it passes through."""

from playwright.sync_api import Page, expect

from tests.journeys.cast import BELLAMY
from tests.journeys.conftest import PHONE
from tests.journeys.formsteps import (
    PELICAN_COVE,
    answer,
    ask_for_signature,
    at_the_desk,
    fill_form,
    link_mailed,
    sign_form,
    start_form,
    take_case,
)
from tests.journeys.steps import create, decide
from tests.journeys.walker import Walker

CONTACT = PELICAN_COVE["Contact person's e-mail"]
ADDRESS = "Mailing address of the practice"
OFFICIAL = PELICAN_COVE["Official's e-mail"]


def test_from_the_form_to_access(programs, person, axe):
    """Filled in, signed, returned, corrected, signed again, approved; then the approver's way into SPOT. [F-2, F-7, F-8, F-9, F-11, B-1, G-2]"""
    contact = Walker(person(viewport=PHONE), programs, fitting(axe))
    official = Walker(person(viewport=PHONE), programs, fitting(axe))
    answers = PELICAN_COVE | {"ZIP code": "34230"}
    tracking = start_form(contact, answers)
    fill_form(contact, answers)
    ask_for_signature(contact)
    first_link = link_mailed(programs, OFFICIAL, 1)
    sign_form(official, first_link, answers)

    todd = at_the_desk("todd.twomey", person, programs, fitting(axe, PHONE))
    return_it(todd, tracking)
    correct_it(contact, tracking)
    second_link = link_mailed(programs, OFFICIAL, 2)
    official.go(first_link)
    assert "Your signature" not in official.read()
    sign_form(official, second_link, PELICAN_COVE)

    submitter_id = approve_it(todd, tracking)
    contact.go(f"{programs.spot_url}/forms/{tracking}/")
    assert submitter_id in contact.read()

    bellamy = Walker(person(), programs, axe, **BELLAMY)
    enter_as_approver(bellamy, todd, submitter_id)
    # An approver is not the desk.
    refused = bellamy.page.goto(f"{programs.spot_url}/desk/{tracking}/")
    assert refused.status == 403
    assert "Pelican Cove" not in bellamy.read()


def return_it(todd: Walker, tracking: str) -> None:
    """The desk compares with the payer file, and returns what differs, remark by remark."""
    take_case(todd, tracking)
    assert "34230" in todd.read()
    assert "34231" in todd.read()
    todd.press("Return", then="Return for correction")
    todd.page.locator("summary", has_text=ADDRESS).click()
    todd.look()
    todd.write("Remark on “ZIP code” (optional)", "The payer has another ZIP code.")
    todd.press("Return", then="Returned for correction")
    mail = todd.programs.wait_for_mail(CONTACT, containing="The payer has another ZIP code.")
    assert tracking in mail["text"]


def correct_it(contact: Walker, tracking: str) -> None:
    """The contact corrects what was remarked; the old signature is void; the official is asked anew."""
    contact.go(f"{contact.programs.spot_url}/forms/{tracking}/")
    assert "The payer has another ZIP code." in contact.read()
    contact.press("Correct the form")
    answer(contact, {"ZIP code": "34231"})
    contact.press("Next")
    contact.programs.wait_for_mail(OFFICIAL, containing="does not count for it any more")
    contact.go(f"{contact.programs.spot_url}/forms/{tracking}/review/")
    ask_for_signature(contact)


def approve_it(todd: Walker, tracking: str) -> str:
    """The desk sees what changed, and approves; the submitter ID comes by mail, and IDM takes the record."""
    take_case(todd, tracking)
    assert "What changed since revision" in todd.read()
    todd.press("Approve", then="Submitter ID")
    submitter_id = submitter_id_in(todd.programs.wait_for_mail(CONTACT, containing="Submitter ID:")["text"])
    letter = todd.programs.wait_for_mail(str(BELLAMY["email"]), containing=submitter_id)
    assert "Pelican Cove Dermatology" in letter["text"]
    wait_until(todd.page, "IDM has it")
    todd.look()
    return submitter_id


def enter_as_approver(bellamy: Walker, todd: Walker, submitter_id: str) -> None:
    """The approver named on the form creates the organization with what the letter says, and enters SPOT."""
    bellamy.register()
    bellamy.sign_in_by_mail()
    bellamy.add_authenticator()
    bellamy.start_role_request("FCSO - Provider Office Approver")
    bellamy.prove_identity()
    bellamy.press("Next", then="Create an Organization")
    create(bellamy, submitter_id, "Pelican Cove Dermatology", "900450101")
    number = bellamy.submit_request("I am the approver on our form.")
    decide(todd, number, "Approve")
    bellamy.enter_spot()
    expect(bellamy.page.locator("h1")).to_contain_text("Home")
    bellamy.go(f"{bellamy.programs.spot_url}/account/")
    assert submitter_id in bellamy.read()
    assert "Bellamy Thistledown" in bellamy.read()


def fitting(axe, *more_widths):
    """Examine each page as it stands, and then at those widths: accessible, and nothing sticks out to the side."""

    def examine(page: Page) -> None:
        page.wait_for_load_state("load")
        held = page.viewport_size
        for width in (held, *more_widths):
            page.set_viewport_size(width)
            axe(page)
            sideways = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert sideways <= 0, f"{page.url} is {sideways} px too wide at {width['width']} px"
        page.set_viewport_size(held)

    return examine


def submitter_id_in(text: str) -> str:
    return text.partition("Submitter ID:")[2].split()[0]


def wait_until(page: Page, words: str, seconds: int = 30) -> None:
    """Load the page again until it says so: the worker takes the record to IDM meanwhile."""
    for _ in range(seconds):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{page.url} never says {words!r}")
