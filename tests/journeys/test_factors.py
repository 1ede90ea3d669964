"""A person's devices in a real browser, by keyboard alone: passkey, sign-in without a password, phone, lost phone."""

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journeys.hands import Keys
from tests.journeys.walker import Walker

PRINTED = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")
MOBILE = "3015550188"


@pytest.fixture
def authenticator(page) -> CDPSession:
    """A phone's or laptop's own authenticator that knows its person by fingerprint."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    session.identifier = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    return session


class Keyboard(Walker):
    """Somebody who uses no mouse."""

    def __init__(self, page: Page, *told: object) -> None:
        super().__init__(page, *told, hands=Keys)

    def newest_code(self, to: str, before: int) -> str:
        for _ in range(200):
            found = self.programs.mailbox(to)
            if len(found) > before:
                return re.search(r"\b\d{6}\b", found[0]["text"])[0]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no code to {to}")

    def sign_out(self) -> None:
        self.press("Sign out", then="You are signed out")


def at_home(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")


def registered(walker: Keyboard, number: str) -> None:
    """A new person, signed in by mail. Registration has a journey of its own; here it goes by mouse."""
    mouse = Walker(
        walker.page, walker.programs, lambda _page: None,
        first="Tamsin", last="Quickwater", birth=("05", "17", "1983"), ssn=f"9001{number}",
        email=f"tamsin{number}@heronlake.example", phone="2025550119", address="5 Sedge Row",
        city="Orlando", state="FL", zip="32801", user_id=f"tamsin.{number}",
    )  # fmt: skip
    mouse.register()
    walker.facts, walker.password = mouse.facts, mouse.password
    mouse.sign_in_by_mail()
    at_home(walker.page)


def add_passkey(walker: Keyboard, name: str) -> None:
    walker.go(f"{walker.programs.idm_url}/profile/mfa/")
    walker.follow("Add another device", then="What do you want to add?")
    walker.tick("Passkey or security key")
    walker.press("Next", then="Give it a name")
    walker.write("Name of the device", name)
    walker.press("Verify MFA", then="The device is added")


def test_a_passkey_signs_in_without_a_password(page, programs, axe, authenticator):
    """Add a passkey, sign out, sign in with it alone; as second step, too; copied to nobody. [S-3, S-4]"""
    walker = Keyboard(page, programs, axe)
    registered(walker, f"1{programs.engine == 'sqlite':d}071")
    add_passkey(walker, "My laptop")
    held = authenticator.send("WebAuthn.getCredentials", {"authenticatorId": authenticator.identifier})
    assert [one["rpId"] for one in held["credentials"]] == ["localhost"]
    walker.sign_out()

    # Unticked terms are asked for on the passkey's own page.
    walker.press("Use a passkey", then="Sign in with a passkey")
    assert "Tick the box" in walker.read()
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Use a passkey")
    at_home(page)
    walker.sign_out()

    # From the sign-in page at once.
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Use a passkey")
    at_home(page)
    walker.sign_out()

    # After the password, as the second step: offered first.
    walker.write("User ID", str(walker.facts["user_id"]))
    walker.write("Password", walker.password)
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Sign In", then="Use your fingerprint, face or PIN")
    walker.press("Use your passkey")
    at_home(page)


def test_a_passkey_that_is_not_there_is_explained(page, programs, axe, authenticator):
    """Somebody without a passkey here is told what to do, and gets in another way. [S-3]"""
    walker = Keyboard(page, programs, axe)
    registered(walker, f"2{programs.engine == 'sqlite':d}072")
    add_passkey(walker, "My laptop")
    walker.sign_out()
    authenticator.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator.identifier, "isUserVerified": False}
    )
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Use a passkey", then="No passkey was used")
    walker.go(f"{programs.idm_url}/")
    walker.write("User ID", str(walker.facts["user_id"]))
    walker.write("Password", walker.password)
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Sign In", then="Verify it's you")
    before = len(programs.mailbox(str(walker.facts["email"])))
    walker.press("Send me an email", then="We sent a code")
    walker.write("Enter Code", walker.newest_code(str(walker.facts["email"]), before))
    walker.press("Verify")
    at_home(page)
    walker.go(f"{programs.idm_url}/profile/mfa/")
    assert "You can look, but not change" in walker.read()


def test_a_lost_phone_is_survived_with_a_recovery_code(page, programs, axe):
    """A phone for texts, ten codes on paper; the phone is lost, a code lets in, and the phone is replaced. [S-3, P-9]"""
    walker = Keyboard(page, programs, axe)
    registered(walker, f"3{programs.engine == 'sqlite':d}073")
    walker.go(f"{programs.idm_url}/profile/mfa/")
    walker.follow("Add another device", then="What do you want to add?")
    walker.tick("Code by text message")
    walker.press("Next", then="Mobile phone number")
    walker.write("Mobile phone number", MOBILE)
    walker.write("Name of the device", "My mobile")
    before = len(programs.mailbox(MOBILE))
    walker.press("Next", then="We sent a text")
    walker.write("Enter Code", walker.newest_code(MOBILE, before))
    walker.press("Verify MFA", then="The device is added")

    walker.follow("Make recovery codes", then="Ten codes to print")
    walker.press("Show my codes", then="Your recovery codes")
    codes = PRINTED.findall(walker.read())
    assert len(codes) == 10
    with page.expect_download() as download:
        walker.hands.press(page.get_by_role("link", name="Download"))
    assert PRINTED.findall(download.value.path().read_text()) == codes
    walker.write("Type one of the codes", codes[9].lower())
    walker.press("Verify MFA", then="Your recovery codes count from now on")
    walker.sign_out()

    walker.write("User ID", str(walker.facts["user_id"]))
    walker.write("Password", walker.password)
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Sign In", then="Code by text message")
    walker.follow("Use a recovery code", then="You have 10 recovery codes left")
    walker.write("Recovery code", codes[0])
    walker.press("Verify")
    at_home(page)
    walker.go(f"{programs.idm_url}/profile/mfa/")
    assert "9 codes left" in walker.read()
    walker.follow("Remove My mobile", then="It is your only device")
    walker.press("Remove", then="The device is removed")
    mail = programs.wait_for_mail(str(walker.facts["email"]), containing="removed from your account", count=2)
    assert mail["channel"] == "email"
    assert programs.wait_for_mail(MOBILE, containing="was removed")["channel"] == "sms"
