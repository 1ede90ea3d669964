"""The help desk stops an account that more than one person uses, closes it by two, opens it again. By keyboard alone."""

from playwright.sync_api import expect

from tests.journeys.cast import staff
from tests.journeys.conftest import PHONE
from tests.journeys.hands import Keys
from tests.journeys.steps import arrive
from tests.journeys.walker import Walker

SHARED = "eli.stone"
SECONDS_FOR_ALL_TO_END = 10_000


def opens_person(desk: Walker) -> None:
    """By the search, with a reason for looking."""
    desk.page.goto(f"{desk.programs.idm_url}/manage-users/")
    arrive(desk)
    desk.write("Search for a person", SHARED)
    desk.write("Reason", "Two voices, one name")
    desk.press("Search")
    desk.follow("Open")


def settles(desk: Walker, verdict: str) -> None:
    """The second person, from the person's page."""
    opens_person(desk)
    desk.follow("Agree, or send it back")
    desk.choose("Your decision", verdict)
    desk.write("Reason", "I spoke with both of them.")
    desk.press("Decide")
    desk.look()


def is_turned_away(walker: Walker, because: str) -> None:
    """With the right password."""
    walker.go(f"{walker.programs.idm_url}/")
    walker.write("User ID", SHARED)
    walker.write("Password", walker.password)
    walker.tick("I agree to the Terms & Conditions")
    walker.press("Sign In", then=because)


def test_a_shared_account_is_reported_suspended_archived_and_opened_again(programs, person, axe):
    """Report by tier 1, verdict by tier 3, a second agrees; SPOT's page is dead in between. [H-6 H-5 A-6 S-7 O-5 AX15]"""
    eli = staff(SHARED, person(viewport=PHONE), programs, axe, hands=Keys)
    eli.page.goto(f"{programs.idm_url}/home/")
    arrive(eli)
    eli.enter_spot()
    expect(eli.page.locator("h1")).to_contain_text("Home")

    tess = staff("tess.onley", person(), programs, axe, hands=Keys)
    opens_person(tess)
    tess.follow("Report that the account is shared")
    tess.write("Reason", "A colleague signs in under his name")
    tess.press("Report it", then="It is reported")

    thea = staff("thea.trent", person(), programs, axe, hands=Keys)
    thea.page.goto(f"{programs.idm_url}/manage-users/sharing/")
    arrive(thea)
    thea.look("Cases of sharing")
    thea.hands.press(thea.page.get_by_role("row", name="Somebody reported it").get_by_role("link"))
    thea.write("Reason", "Case from the queue")
    thea.press("Show the person", then="Case of sharing")
    thea.choose("Your decision", "It is shared: suspend the account, and propose to archive it")
    form = thea.page.locator("#decide")
    thea.hands.write(form.get_by_label("Reason"), "Both of them told me so")
    thea.hands.press(form.get_by_role("button", name="Decide"))
    thea.look("Case of sharing")
    assert "Account stopped" in thea.read()

    # His page at SPOT ends within seconds, and nobody signs in with his password any more.
    eli.page.wait_for_timeout(SECONDS_FOR_ALL_TO_END)
    eli.page.goto(f"{programs.spot_url}/home/")
    expect(eli.page.locator("body")).not_to_contain_text("Eli Stone")
    is_turned_away(eli, "This account is suspended")

    theo = staff("theo.third", person(viewport=PHONE), programs, axe, hands=Keys)
    settles(theo, "Agree: it is done at once")
    assert "Archived" in theo.read()
    is_turned_away(eli, "This account is archived")
    programs.wait_for_mail(f"{SHARED}@sandpiper.example", containing="closed your account")

    # It was not his fault: two open it again, and what he had is there.
    theo.follow("Open the archived account again")
    theo.write("Reason", "He got a new password")
    theo.press("Propose to open it again")
    settles(thea, "Agree: it is done at once")
    assert "Active" in thea.read()
    eli.page.goto(f"{programs.idm_url}/")
    eli.sign_in_by_authenticator()
    eli.enter_spot()
    expect(eli.page.locator("h1")).to_contain_text("Home")
