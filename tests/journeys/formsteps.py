"""What contact, official and desk do with a signed form, page by page."""

import re

from tests.journeys.cast import staff
from tests.journeys.steps import arrive
from tests.journeys.walker import CODE, Walker
from tests.programs import Programs

LINK = re.compile(r"https?://\S+/sign/[\w-]{43}/")
TRACKING = re.compile(r"F(?:-[0-9A-Z]{4}){3}")

# A practice of the payer's sample file that nobody has enrolled; its official is on file with this mailbox.
PELICAN_COVE = {
    "State or territory": "Florida",
    "Line of business": "Part B",
    "Group or provider name": "Pelican Cove Dermatology",
    "Group PTAN": "PC2041",
    "Group NPI": "1900410006",
    "TIN": "900450101",
    "What kind of number is it?": "Employer identification number (EIN)",
    "Contact person's full name": "Carla Wynn",
    "Contact person's phone": "2025550180",
    "Contact person's e-mail": "carla.wynn@pelicancove.example",
    "Street address": "31 Pelican Cove Way",
    "City": "Sarasota",
    "State or territory of the address": "Florida",
    "ZIP code": "34231",
    "What do you ask for?": "A new SPOT submitter ID",
    "Approver's full name": "Bellamy Thistledown",
    "Approver's e-mail": "bellamy@pelicancove.example",
    "Approver's phone": "2025550102",
    "Do you name a backup approver?": "No",
    "Who sends the claims?": "The provider",
    "Do you want to send claims (837) with this submitter ID?": "Yes",
    "Do you want to use the PC-ACE software?": "No",
    "Remittance advice (ERA)": "Keep it as it is",
    "Do you bring a list of affiliated providers?": "No",
    "Official's full name": "Nora Castellan",
    "Official's title": "Owner",
    "Official's e-mail": "nora.castellan@pelicancove.example",
    "The official is": "Authorized official",
}
MOST_STEPS = 20


def mailed_code(programs: Programs, to: str, known: int) -> str:
    """The code of the newest mail, once there are more mails with a code than were `known`."""
    mail = programs.wait_for_mail(to, containing="code", count=known + 1)
    return CODE.search(mail["text"])[1]


def mails_with_code(programs: Programs, to: str) -> int:
    return len([mail for mail in programs.mailbox(to) if "code" in mail["subject"] + mail["text"]])


def start_form(
    contact: Walker, answers: dict[str, str], kind: str = "New organization: provider office"
) -> str:
    """From SPOT's start page to the opened form; returns its tracking number."""
    mailbox = answers["Contact person's e-mail"]
    contact.go(f"{contact.programs.spot_url}/forms/")
    contact.press(f"Start {kind}")
    contact.write("Your name", answers["Contact person's full name"])
    contact.write("Your e-mail address", mailbox)
    known = mails_with_code(contact.programs, mailbox)
    contact.press("Start the form")
    contact.write("Code", mailed_code(contact.programs, mailbox, known))
    contact.press("Open the form")
    contact.press("Go on filling in")
    return TRACKING.search(contact.page.url)[0]


def answer(walker: Walker, answers: dict[str, str]) -> None:
    """Answer every question of this step that has an answer: by typing, choosing or selecting."""
    for question, said in answers.items():
        group = walker.page.get_by_role("group", name=question, exact=True)
        field = walker.page.get_by_label(question, exact=True)
        if group.count():
            group.get_by_label(said, exact=True).check()
        elif field.count() and field.first.evaluate("field => field.tagName") == "SELECT":
            field.first.select_option(label=said)
        elif field.count():
            field.first.fill(said)


def fill_form(contact: Walker, answers: dict[str, str]) -> None:
    """Every step in its order, to the review."""
    for _ in range(MOST_STEPS):
        if contact.page.url.endswith("/review/"):
            break
        answer(contact, answers)
        contact.press("Next")
    contact.look("Nothing is missing")


def ask_for_signature(contact: Walker) -> None:
    contact.press("Ask for signature", then="Waiting for the signature")


def link_mailed(programs: Programs, to: str, count: int) -> str:
    """The link of the official's newest invitation, of `count` in all."""
    mail = programs.wait_for_mail(to, containing="/sign/", count=count)
    return LINK.search(mail["text"])[0]


def links_mailed(programs: Programs, to: str) -> int:
    """How many invitations to sign that mailbox has: an official of the fictitious world may have one already."""
    return len([mail for mail in programs.mailbox(to) if "/sign/" in mail["text"]])


def sign_form(official: Walker, link: str, answers: dict[str, str]) -> None:
    """Read the form behind the link, and sign it with name, title, standing and a mailed code."""
    mailbox = answers["Official's e-mail"]
    official.go(link)
    assert answers["Group PTAN"] in official.read()
    known = mails_with_code(official.programs, mailbox)
    send_code(official)
    name = answers["Official's full name"]
    official.page.get_by_label(re.compile(f"I am {name}, and my title is")).check()
    official.page.get_by_label("I am an authorized official").check()
    official.write("Full name", name)
    official.write("Code", mailed_code(official.programs, mailbox, known))
    official.press("Sign", then="The form is signed")


def send_code(official: Walker) -> None:
    """Press until a code is sent: the next one for the same form is sent 30 seconds after the last."""
    for _ in range(8):
        official.press("Send me a code")
        if official.page.get_by_label("Full name", exact=True).count():
            return
        official.page.wait_for_timeout(5000)


def open_desk(walker: Walker) -> None:
    """Sign in to SPOT as somebody of the desk, and open the inbox."""
    walker.page.goto(f"{walker.programs.spot_url}/desk/")
    arrive(walker)
    if "/desk/" not in walker.page.url:
        walker.page.goto(f"{walker.programs.spot_url}/desk/")
    walker.look("Forms that wait for the desk")


def take_case(walker: Walker, tracking: str) -> None:
    """Find the form in the inbox and take it."""
    walker.go(f"{walker.programs.spot_url}/desk/")
    walker.follow(tracking, then="side by side")
    walker.press("Take", then="Your decision")


def at_the_desk(name: str, person, programs: Programs, axe) -> Walker:
    walker = staff(name, person(), programs, axe)
    open_desk(walker)
    return walker
