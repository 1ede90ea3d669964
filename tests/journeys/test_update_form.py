"""An approver leaves: the update form, through SPOT's desk and IDM, until the old one is out and the new one in.

The last of the files by name: in the world of all journeys, Ana decides for Sandpiper until here.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import known, staff
from tests.journeys.conftest import PHONE
from tests.journeys.formsteps import (
    answer,
    ask_for_signature,
    at_the_desk,
    fill_form,
    link_mailed,
    sign_form,
    start_form,
    take_case,
)
from tests.journeys.steps import arrive, decide, pick
from tests.journeys.test_signed_form import fitting
from tests.journeys.walker import Walker

NAME = "Sandpiper Family Practice"
ANSWERS = {
    "What kind of organization is it?": "Provider office",
    "Submitter name": NAME,
    "TIN": "900450001",
    "Group PTAN": "SP8804",
    "Group NPI": "1900410568",
    "Contact person's full name": "Wanda Finch",
    "Contact person's phone": "2025550195",
    "Contact person's e-mail": "wanda.finch@sandpiper.example",
    "Official's full name": "Walter Finch",
    "Official's title": "Owner",
    "Official's e-mail": "walter.finch@sandpiper.example",
    "The official is": "Authorized official",
}
NEW_APPROVER = {
    "New approver's full name": "Eli Stone",
    "New approver's e-mail": "eli.stone@sandpiper.example",
    "New approver's phone": "2025550135",
}
ANA, ELI = "ana.ruiz@sandpiper.example", "eli.stone@sandpiper.example"
# A day on which nobody objects, without waiting for it.
A_DAY_PASSES = """
from datetime import timedelta
from django.db.models import F
from bailiwick.spot.forms.models import Signature
Signature.objects.filter(case__tracking={tracking!r}).update(signed_at=F("signed_at") - timedelta(hours=25))
"""


@pytest.mark.slow
def test_an_update_brings_the_new_approver_in_and_the_old_one_out(programs, person, axe):
    """Filled in, signed, open to objection for a day, approved; IDM ends the old role when the new one starts. [F-12, F-8, G-8, F-11]"""
    submitter_id = known(programs)["submitter_ids"]["sandpiper"]
    contact = Walker(person(viewport=PHONE), programs, fitting(axe))
    tracking = fill_in(contact, {**ANSWERS, "Submitter ID": submitter_id})
    official = Walker(person(), programs, axe)
    sign_form(official, link_mailed(programs, ANSWERS["Official's e-mail"], 1), ANSWERS)
    assert "you can object until then" in programs.wait_for_mail(ANA, containing=tracking)["text"]

    todd = at_the_desk("todd.twomey", person, programs, axe)
    take_case(todd, tracking)
    page = todd.read()
    assert "Ana Ruiz" in page
    assert "Eli Stone" in page
    assert "may object for a day" in page
    assert not todd.page.get_by_role("button", name="Approve", exact=True).count()
    programs.manage("spot", "shell", "-c", A_DAY_PASSES.format(tracking=tracking))
    todd.go(f"{programs.spot_url}/desk/{tracking}/")
    todd.press("Approve", then="Decided by")
    programs.wait_for_mail(ANA, containing="not on the record any more")
    letter = programs.wait_for_mail(ELI, containing="approver of record now")
    assert submitter_id in letter["text"]
    programs.wait_for_mail(ANA, containing="names somebody else")

    eli = staff("eli.stone", person(), programs, axe)
    request = asks_to_approve(eli)
    decide(todd, request, "Approve")
    programs.wait_for_mail(ANA, containing="has ended")
    ana = staff("ana.ruiz", person(), programs, axe)
    ana.page.goto(f"{programs.idm_url}/home/")
    arrive(ana)
    ana.go(f"{programs.idm_url}/roles/")
    assert NAME not in ana.read()
    eli.enter_spot()
    expect(eli.page.locator("h1")).to_contain_text("Home")
    eli.go(f"{programs.spot_url}/account/")
    assert "FCSO - Provider Office Approver" in eli.read()
    assert submitter_id in eli.read()


def fill_in(contact: Walker, answers: dict[str, str]) -> str:
    """The update form, to the request for a signature; the new person's questions come with the answer that opens them."""
    tracking = start_form(contact, answers, kind="Update of an organization")
    for _block in ("organization", "contact"):
        answer(contact, answers)
        contact.press("Next")
    answer(contact, {"Approver": "Name another approver"})
    contact.look("New approver's full name")
    answer(contact, NEW_APPROVER)
    contact.press("Next")
    fill_form(contact, answers)
    ask_for_signature(contact)
    return tracking


def asks_to_approve(walker: Walker) -> str:
    """For the approver's role at an organization that is there: it is not created again."""
    walker.page.goto(f"{walker.programs.idm_url}/home/")
    arrive(walker)
    walker.start_role_request("FCSO - Provider Office Approver")
    walker.follow("Associate to an Existing Organization")
    pick(walker, "Sandpiper", NAME)
    return walker.submit_request("I am the approver on our update form.")
