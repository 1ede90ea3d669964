"""A person in front of a browser: reads labels, presses buttons, reads codes from the mailbox. Every page passes axe.

With a mouse, or with `hands=Keys` by keyboard alone.
"""

import re
import subprocess
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.hands import Mouse
from tests.programs import Programs

CODE = re.compile(r"\b(\d{6})\b")
# The last number of each authenticator: a person of the fictitious world can walk in several tests.
USED: dict[str, str] = {}
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")
QUESTION = "childhood_street"


class Walker:
    """One person. `facts`: first, last, birth (month, day, year), ssn, email, phone, address, city, state, zip, user_id."""

    def __init__(
        self,
        page: Page,
        programs: Programs,
        examine: Callable[[Page], None],
        *,
        hands: type[Mouse] = Mouse,
        **facts: object,
    ) -> None:
        self.page, self.programs, self.examine = page, programs, examine
        self.hands = hands(page)
        # Where a test moves the programs' clock, the authenticator goes by that one.
        self.clock: Callable[[], float] | None = None
        self.facts = facts
        self.password = "Quiet-Harbor-4711-Lantern"
        self.secret = ""
        self.seen: list[str] = []

    # What a person does on any page.

    def go(self, url: str) -> None:
        self.page.goto(url)
        self.look()

    def look(self, heading: str = "") -> None:
        """Wait for the page of that heading, and examine it."""
        if heading:
            expect(self.page.locator("main")).to_contain_text(heading)
        self.examine(self.page)
        self.seen.append(self.page.url)

    def press(self, name: str, *, then: str = "") -> None:
        """What looks like a button: a button, or a link that goes on."""
        button = self.page.get_by_role("button", name=name, exact=True)
        self.hands.press(button.or_(self.page.get_by_role("link", name=name, exact=True)).first)
        self.look(then)

    def follow(self, name: str, *, then: str = "") -> None:
        self.hands.press(self.page.get_by_role("link", name=name).first)
        self.look(then)

    def fill(self, **labels: str) -> None:
        for label, value in labels.items():
            self.write(label.replace("_", " "), value)

    def write(self, label: str, value: str) -> None:
        self.hands.write(self.page.get_by_label(label, exact=True).first, value)

    def choose(self, question: str, answer: str) -> None:
        """One answer of a group of radio buttons."""
        self.hands.tick(self.page.get_by_role("group", name=question).get_by_label(answer, exact=True))

    def tick(self, label: str) -> None:
        """A box, or a radio button whose label is enough to find it."""
        self.hands.tick(self.page.get_by_label(label).first)

    def select(self, label: str, option: str) -> None:
        self.hands.select(self.page.get_by_label(label).first, option)

    def read(self) -> str:
        return self.page.locator("main").inner_text()

    # Registration, steps 1 to 3.

    def register(self) -> None:
        f = self.facts
        self.go(f"{self.programs.idm_url}/")
        self.follow("New User Registration", then="Personal Information")
        self.write("First name", str(f["first"]))
        self.write("Last name", str(f["last"]))
        self.write_birth_date()
        self.write("Social Security number", str(f["ssn"]))
        self.write("E-mail address", str(f["email"]))
        self.write("Confirm e-mail address", str(f["email"]))
        self.tick("I agree to the Terms")
        self.press("Next", then="Contact Information")
        self.choose("Is your home address in the US", "Yes")
        self.write("Home address", str(f["address"]))
        self.write("City", str(f["city"]))
        self.select("State or territory", str(f["state"]))
        self.write("ZIP code", str(f["zip"]))
        self.write("Primary phone", str(f["phone"]))
        self.choose("Can this phone receive text messages", "No")
        self.press("Next", then="User ID and Password")
        self.write("User ID", str(f["user_id"]))
        self.write("Password", self.password)
        self.write("Confirm password", self.password)
        self.select("Security question", QUESTION)
        self.write("Answer", "A quiet street")
        self.press("Submit")
        mail = self.programs.wait_for_mail(str(f["email"]), containing=str(f["user_id"]))
        assert str(f["user_id"]) in mail["text"]
        self.follow("Return", then="Sign in")

    def write_birth_date(self) -> None:
        month, day, year = self.facts["birth"]
        self.write("Month", month)
        self.write("Day", day)
        self.write("Year", year)

    # Signing in.

    def give_password(self) -> None:
        self.write("User ID", str(self.facts["user_id"]))
        self.write("Password", self.password)
        self.tick("I agree to the Terms & Conditions")
        self.press("Sign In", then="Verify it's you")

    def code_by_mail(self) -> str:
        already = len([m for m in self.programs.mailbox(str(self.facts["email"])) if CODE.search(m["text"])])
        self.press("Send me an email")
        mail = self.programs.wait_for_mail(str(self.facts["email"]), containing="code", count=1)
        for _ in range(100):
            mails = [m for m in self.programs.mailbox(str(self.facts["email"])) if CODE.search(m["text"])]
            if len(mails) > already:
                mail = mails[0]
                break
            self.page.wait_for_timeout(100)
        return CODE.search(mail["text"])[1]

    def sign_in_by_mail(self) -> None:
        self.give_password()
        code = self.code_by_mail()
        self.write("Enter Code", code)
        self.press("Verify")

    def numbers(self) -> list[str]:
        """What the authenticator shows, and what it shows next, by a tool that is not ours."""
        when = [f"--now=@{int(self.clock())}"] if self.clock else []
        command = ["oathtool", "--totp", "--window=1", *when, "-b", self.secret]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    def fresh_number(self) -> str:
        """One that was not used yet: the next one, of a clock that is fast, or after waiting for the one after that."""
        used = USED.get(self.secret)
        shown, following = self.numbers()
        while used == following:
            self.page.wait_for_timeout(500)
            shown, following = self.numbers()
        USED[self.secret] = following if used == shown else shown
        return USED[self.secret]

    def sign_in_by_authenticator(self) -> None:
        self.give_password()
        self.write("Enter Code", self.fresh_number())
        self.press("Verify")

    def add_authenticator(self) -> None:
        self.go(f"{self.programs.idm_url}/profile/mfa/")
        self.follow("Add another device")
        self.choose_authenticator()
        self.secret = SECRET.search(self.read().replace(" ", ""))[0]
        self.write("Enter Code", self.fresh_number())
        self.press("Verify MFA")

    def choose_authenticator(self) -> None:
        self.tick("Authenticator app")
        self.press("Next", then="Name of the device")
        self.write("Name of the device", "My phone")
        self.press("Next")

    # Asking for a role.

    def start_role_request(self, role: str) -> None:
        self.go(f"{self.programs.idm_url}/home/")
        self.follow("Role Request", then="Select an Application")
        offered = self.page.get_by_role("option", name=re.compile("SPOT")).first
        self.hands.take(self.page.get_by_label("Select an Application").first, "SPOT", offered)
        self.press("Next", then="Select a Role")
        self.tick(role)
        self.press("Next")

    def prove_identity(self) -> None:
        self.look("Identity verification")
        self.tick("I agree to the terms of identity verification")
        self.press("Next")
        self.press("Verify my identity")

    def submit_request(self, reason: str) -> str:
        self.look("Review Request")
        self.write("Reason for request", reason)
        self.press("Submit Role Request")
        return re.search(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", self.read())[0]

    # SPOT.

    def enter_spot(self) -> None:
        self.page.goto(f"{self.programs.spot_url}/")
        self.look()
        self.follow("Sign in")
