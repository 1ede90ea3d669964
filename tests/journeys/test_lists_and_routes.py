"""Lists of providers and the way of a remittance, from the form to what is set up."""

import re
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook

from tests.journeys import payer
from tests.journeys.cast import known, staff
from tests.journeys.formsteps import (
    answer,
    ask_for_signature,
    at_the_desk,
    fill_form,
    link_mailed,
    links_mailed,
    sign_form,
    start_form,
    take_case,
)
from tests.journeys.test_update_form import A_DAY_PASSES
from tests.journeys.walker import Walker

OBJECT = re.compile(r"https?://\S+/object/[\w-]{43}/")
CONTACT = {
    "Contact person's full name": "Mona Teal",
    "Contact person's phone": "2025550192",
    "Contact person's e-mail": "mona.teal@calusacoast.example",
}
ADDRESS = {
    "Street address": "9 Shell Mound Road",
    "City": "Fort Myers",
    "State or territory of the address": "Florida",
    "ZIP code": "33901",
}
OFFICE = CONTACT | ADDRESS | {
    "State or territory": "Florida",
    "Line of business": "Part B",
    "Group or provider name": payer.GROUP,
    "Group PTAN": payer.affiliated(0)["ptan"],
    "Group NPI": payer.affiliated(0)["npi"],
    "TIN": payer.GROUP_TIN,
    "What kind of number is it?": "Employer identification number (EIN)",
    "What do you ask for?": "A new SPOT submitter ID",
    "Approver's full name": "Ines Coral",
    "Approver's e-mail": "ines.coral@calusacoast.example",
    "Approver's phone": "2025550193",
    "Do you name a backup approver?": "No",
    "Who sends the claims?": "The provider",
    "Do you want to send claims (837) with this submitter ID?": "Yes",
    "Do you want to use the PC-ACE software?": "No",
    "Remittance advice (ERA)": "Keep it as it is",
    "Do you bring a list of affiliated providers?": "Yes",
    "Official's full name": "Iris Delmar",
    "Official's title": "Owner",
    "Official's e-mail": "iris.delmar@calusacoast.example",
    "The official is": "Authorized official",
}  # fmt: skip
BILLING = ADDRESS | {
    "Legal business name": "Tidewater Billing Partners",
    "TIN": "900450201",
    "What kind of number is it?": "Employer identification number (EIN)",
    "Company phone": "2025550181",
    "Contact person's full name": "Cass Rowe",
    "Contact person's phone": "2025550184",
    "Contact person's e-mail": "cass.rowe@tidewater.example",
    "Technical contact: person or department": "File Desk",
    "Technical contact's phone": "2025550185",
    "Technical contact's e-mail": "files@tidewater.example",
    "Do you want to be on the public list of approved vendors?": "No",
    "Approver's full name": "Tess Harrow",
    "Approver's e-mail": "tess.harrow@tidewater.example",
    "Approver's phone": "2025550186",
    "Do you name a backup approver?": "No",
    "Do you bring a list of providers that you bill for already?": "Yes",
    "Official's full name": "Graham Ostrander",
    "Official's title": "President",
    "Official's e-mail": "graham.ostrander@tidewater.example",
    "The official is": "Authorized official",
}  # fmt: skip
CYPRESS = CONTACT | {
    "Contact person's e-mail": "desk@cypressbay.example",
    "Group or provider name": "Cypress Bay Clinic",
    "State or territory": "Florida",
    "Line of business": "Part B",
    "Group PTAN": "CB6126",
    "Group NPI": "1900410634",
    "TIN": "900450003",
    "What do you ask for?": "Change where the remittance (ERA) goes",
    "Submitter name": "Cypress Bay Clinic",
    "Remittance advice (ERA)": "Assign it to the submitter ID of this form",
    "Put payments together by": "NPI",
    "Do you bring a list of affiliated providers?": "No",
    "Official's full name": "Paul Reyes",
    "Official's title": "Owner",
    "Official's e-mail": "paul.reyes@cypressbay.example",
    "The official is": "Authorized official",
}  # fmt: skip
# A form of last year, by which Gulf Breeze got the clinic's remittance.
LAST_YEAR = """
from django.utils import timezone
from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services import actions
by, now, record, pair = By("command"), clock.now(), record_with({receiver!r}), Pair("CB6126", "1900410634", "B")
row = actions.affiliate(record=record, pair=pair, name="Cypress Bay Clinic", state="FL", is_own=False,
    services=frozenset({{Service.CLAIMS}}), on=timezone.localdate(now), by=by, now=now)
actions.route_era(provider=row.provider, receiver=record, on=timezone.localdate(now), seen=None, by=by, now=now)
"""


def fill_to_the_list(contact: Walker, answers: dict[str, str]) -> None:
    while "/list/" not in contact.page.url:
        answer(contact, answers)
        contact.press("Next")


def send_workbook(contact: Walker, lines: Sequence[Sequence[str]], directory: Path) -> None:
    """The page's own template, filled in with a spreadsheet and sent."""
    with contact.page.expect_download() as template:
        contact.page.get_by_role("link", name="XLSX").click()
    path = directory / "list.xlsx"
    template.value.save_as(path)
    book = load_workbook(path)
    for line in lines:
        book.active.append(list(line))
    book.save(path)
    contact.page.get_by_label("File", exact=True).set_input_files(path)
    contact.press("Add the lines of the file", then="On the list")


def take_to_the_desk(contact: Walker, official: Walker, answers: dict[str, str]) -> None:
    """From the filled-in form to the signature."""
    fill_form(contact, answers)
    mailbox = answers["Official's e-mail"]
    known = links_mailed(contact.programs, mailbox)
    ask_for_signature(contact)
    sign_form(official, link_mailed(contact.programs, mailbox, known + 1), answers)


def test_a_provider_office_brings_300_providers_by_workbook(programs, person, axe, tmp_path):
    """Good lines are kept, the bad one is corrected on the page; the official sees all, and all are set up. [F-4, F-8, F-11, E-1]"""
    contact, official = (Walker(person(), programs, axe) for _ in range(2))
    tracking = start_form(contact, OFFICE)
    fill_to_the_list(contact, OFFICE)
    listed = [payer.affiliated(number) for number in range(1, payer.AFFILIATED + 1)]
    lines = [[one["name"], one["ptan"], one["npi"], "", "Part B", "FL", "837", ""] for one in listed]
    lines[150][2] = "1900410007"
    send_workbook(contact, lines, tmp_path)
    assert "1 line is not on the list yet" in contact.read()
    assert "On the list: 299 lines" in contact.read()
    wrong = contact.page.get_by_label("Lines", exact=True)
    wrong.fill(wrong.input_value().replace("1900410007", listed[150]["npi"]))
    contact.press("Add these lines", then="On the list: 300 lines")
    contact.press("Next")
    take_to_the_desk(contact, official, OFFICE)

    todd = at_the_desk("todd.twomey", person, programs, axe)
    take_case(todd, tracking)
    assert "bears out 300 of them" in todd.read()
    todd.press("Approve", then="Submitter ID")
    letter = programs.wait_for_mail(CONTACT["Contact person's e-mail"], containing="Submitter ID:")
    assert "Providers of the list that are set up: 300." in letter["text"]


def test_a_billing_service_brings_the_providers_that_it_works_for(programs, person, axe, tmp_path):
    """Those whom the payer knows it to serve are set up with their remittance; the other is left out and named. [F-3, F-4, E-2]"""
    contact, official = (Walker(person(), programs, axe) for _ in range(2))
    tracking = start_form(contact, BILLING, kind="New organization: billing service or clearinghouse")
    fill_to_the_list(contact, BILLING)
    clients = [payer.client(number) for number in range(payer.MIGRATED)] + [payer.affiliated(7)]
    send_workbook(
        contact,
        [
            [one["name"], one["ptan"], one["npi"], one["tin"], "B", "FL", "TW-0417", "837, ERA", "assign"]
            for one in clients
        ],
        tmp_path,
    )
    contact.press("Next")
    take_to_the_desk(contact, official, BILLING | {"Group PTAN": "Tidewater"})

    todd = at_the_desk("todd.twomey", person, programs, axe)
    take_case(todd, tracking)
    assert "bears out 20 of them" in todd.read()
    assert "Calusa Coast Clinic 007" in todd.read()
    programs.manage("spot", "shell", "-c", A_DAY_PASSES.format(tracking=tracking))
    todd.go(f"{programs.spot_url}/desk/{tracking}/")
    todd.press("Approve", then="Submitter ID")
    letter = programs.wait_for_mail(BILLING["Contact person's e-mail"], containing="Submitter ID:")["text"]
    assert "set up: 20. Remittance assigned: 20." in letter
    assert "Calusa Coast Clinic 007" in letter


def test_a_remittance_moves_from_one_receiver_to_another(programs, person, axe):
    """Said before it is signed; whoever loses it objects by a link, the desk finds out, a day passes, it moves. [E-2, F-8, E-5]"""
    ids = known(programs)["submitter_ids"]
    programs.manage("spot", "shell", "-c", LAST_YEAR.format(receiver=ids["gulfbreeze"]))
    answers = CYPRESS | {"Submitter ID": ids["cypress"]}
    contact, official = (Walker(person(), programs, axe) for _ in range(2))
    tracking = start_form(contact, answers, kind="Enrollment change by a provider")
    fill_form(contact, answers)
    assert "The remittance of this provider goes to Gulf Breeze Billing LLC" in contact.read()
    take_to_the_desk(contact, official, answers)

    loser = Walker(person(), programs, axe)
    told = programs.wait_for_mail("bea.novak@gulfbreeze.example", containing="Object with this link")
    loser.go(OBJECT.search(told["text"])[0])
    loser.write("What is not right?", "Nobody at the clinic told us.")
    loser.press("Object", then="is recorded")

    todd = at_the_desk("todd.twomey", person, programs, axe)
    take_case(todd, tracking)
    assert "Nobody at the clinic told us." in todd.read()
    assert not todd.page.get_by_role("button", name="Approve", exact=True).count()
    todd.page.get_by_label("I called the number on file, not a number from the form or the objection").check()
    todd.write("With whom you spoke, and what you found out", "Paul Reyes confirms the change.")
    todd.press("Settle the objection", then="Settled by Todd Twomey")
    assert "may object for a day" in todd.read()
    programs.manage("spot", "shell", "-c", A_DAY_PASSES.format(tracking=tracking))
    todd.go(f"{programs.spot_url}/desk/{tracking}/")
    todd.press("Approve", then="Decided by")
    programs.wait_for_mail("bea.novak@gulfbreeze.example", containing="no longer comes to your organization")

    bea = staff("bea.novak", person(), programs, axe)
    bea.page.goto(f"{programs.spot_url}/account/{ids['gulfbreeze']}/services/")
    bea.sign_in_by_authenticator()
    bea.go(f"{programs.spot_url}/account/{ids['gulfbreeze']}/services/")
    assert f"Cypress Bay Clinic ({ids['cypress']})" in bea.read()
