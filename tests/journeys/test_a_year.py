"""A year of one role in a browser: IDM, SPOT, their workers and PostgreSQL all live by a clock that the test turns."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.faults import steps
from tests.faults.cast import somebody, write_people
from tests.faults.client import Person
from tests.journeys.cast import staff
from tests.journeys.conftest import engines
from tests.journeys.steps import arrive, decide, pick
from tests.journeys.walker import CODE, Walker
from tests.timetravel.clock import INSTALL, library
from tests.timetravel.era import Era

ZONE = ZoneInfo("America/New_York")
NEW = "Violet-Willow-Marble-3928"
ANA = "ana.ruiz@sandpiper.example"
# A worker that wakes up weeks later has many rounds to make before it mails.
PATIENCE_SECONDS = 60
BETWEEN_TRIES_SECONDS, AWAY = 5, 503
FACTS = somebody(0)
PERSON = {
    name: getattr(FACTS, name)
    for name in ("first", "last", "birth", "ssn", "email", "phone", "address", "city", "state", "zip", "user_id")
}  # fmt: skip
LEFT = re.compile(r"stays active if you sign in (?:t)?here again by [^:]+: (\d+) days? left")
LEFT_AT_IDM = re.compile(r"stays active if you sign in there by [^:]+: (\d+) days? left")


@pytest.fixture(params=engines())
def era(request, tmp_path) -> Iterator[Era]:
    """Programs of this journey's own, under a clock of its own."""
    if library() is None:
        pytest.fail(f"libfaketime is not on this machine: {INSTALL}")
    with Era.begun(request.param, write_people(tmp_path / "people.toml", [FACTS])) as era:
        yield era


@pytest.mark.slow
def test_a_role_is_warned_of_rests_comes_back_and_is_certified(era, person, axe):
    """Day 0, 15, 29, 30, reset, back, and past 365: what pages, mails and doors say is right on each. [I-1 I-2 I-3 I-4 C-1 C-2 C-3 P-7 AR11 AR13 AX16]"""
    reach_noon(era)
    kay = Walker(person(), era.programs, axe, **PERSON)
    ana = staff("ana.ruiz", person(), era.programs, axe)
    kay.clock = ana.clock = era.clock.time
    begin(kay, ana)
    assert days_left(kay) == 30
    calendar = kay.page.request.get(f"{era.programs.spot_url}/home/sign-in-by.ics")
    assert "BEGIN:VCALENDAR" in calendar.text()

    # After 15 full days: a mail; signing in to IDM alone changes nothing.
    era.clock.pass_time(days=16)
    told(era, FACTS.email, ": 14 days left")
    at_home(kay)
    assert LEFT_AT_IDM.search(kay.read())[1] == "14"

    # After 29: the last mail, and the last day.
    era.clock.pass_time(days=14)
    told(era, FACTS.email, ": 0 days left")
    at_home(kay)
    assert LEFT_AT_IDM.search(kay.read())[1] == "0"
    helper = era.staff("ana.ruiz")
    comes_by(helper)

    # After 30: SPOT is closed, and says what opens it; a new password alone does not.
    era.clock.pass_time(days=1)
    told(era, FACTS.email, "is inactive")
    enters(kay)
    kay.look("Your role has been inactive since")
    reset_password(kay)
    # No number of an authenticator is good twice: after a minute there is another one.
    era.clock.pass_time(minutes=1)
    at_home(kay)
    assert "days left" not in kay.read()
    enters(kay)
    assert days_left(kay) == 30

    # The year goes by. Who looks after whom comes once a month; then the approver certifies what is due.
    other = era.person(FACTS)
    other.password, other.authenticator = NEW, kay.secret
    for _ in range(11):
        era.clock.pass_time(days=29)
        comes_by(helper)
        comes_by(other)
    era.clock.pass_time(minutes=1)
    certify(ana)

    # Past day 365, with nobody to run a job: the certified role goes on, and the one that nobody certified gives nothing.
    era.programs.kill("idm-worker")
    era.clock.pass_time(days=17)
    enters(kay)
    assert days_left(kay) == 30
    enters(ana)
    assert "You cannot enter" in ana.page.locator("h1").inner_text()
    era.programs.start("idm-worker")
    told(era, ANA, "nobody certified")


def reach_noon(era: Era) -> None:
    """Noon of tomorrow where the deployment is: whole days then keep away from midnight."""
    local = era.clock.now().astimezone(ZONE)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    era.clock.reach(noon)


def told(era: Era, to: str, words: str) -> None:
    """Wait for the mail that says so."""
    era.programs.wait_for_mail(to, containing=words, seconds=PATIENCE_SECONDS)


def begin(kay: Walker, ana: Walker) -> None:
    """Day 0: an account, a role, SPOT."""
    kay.register()
    kay.sign_in_by_mail()
    kay.add_authenticator()
    kay.start_role_request("FCSO - SPOT End User")
    kay.prove_identity()
    kay.press("Next")
    pick(kay, "sandpiper family", "Sandpiper Family Practice")
    decide(ana, kay.submit_request("I post the payments."), "Approve")
    kay.enter_spot()
    ana.enter_spot()


def days_left(walker: Walker) -> int:
    """As SPOT's home says it."""
    walker.go(f"{walker.programs.spot_url}/home/")
    return int(LEFT.search(walker.read())[1])


def at_home(walker: Walker) -> None:
    """IDM's home, in a session of this moment."""
    walker.page.goto(f"{walker.programs.idm_url}/home/")
    arrive(walker)
    walker.go(f"{walker.programs.idm_url}/home/")


def enters(walker: Walker) -> None:
    """Choose to sign in to SPOT, and sign in to IDM on the way where it asks for it."""
    walker.page.goto(f"{walker.programs.spot_url}/sign-in/")
    arrive(walker)


def comes_by(one: Person) -> None:
    """Somebody signs in to SPOT; where it cannot reach IDM, whose worker makes up for weeks, they try again as it says."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        one.forget_browser()
        steps.enter_spot(one)
        if one.page.status != AWAY or time.monotonic() > deadline:
            break
        time.sleep(BETWEEN_TRIES_SECONDS)
    assert one.page.status == 200, str(one.page)
    assert one.page.url.startswith(one.programs.spot_url), str(one.page)


def reset_password(walker: Walker) -> None:
    """From the page that says that the role rests to the new password, and signed in with it."""
    walker.follow("Set a new password", then="Forgot Password")
    walker.write("User ID", str(walker.facts["user_id"]))
    walker.press("Next")
    walker.tick("E-mail")
    walker.press("Send the code", then="is on its way")
    mail = walker.programs.wait_for_mail(str(walker.facts["email"]), containing="The code is")
    walker.write("Enter Code", CODE.search(mail["text"])[1])
    walker.press("Next", then="New password")
    walker.write("Answer to your security question", "A quiet street")
    walker.write("New password", NEW)
    walker.write("Confirm new password", NEW)
    walker.press("Set the new password", then="Your password was set")
    walker.password = NEW


def certify(approver: Walker) -> None:
    """What the mail of that day lists: looked at, and certified."""
    mail = approver.programs.wait_for_mail(ANA, containing="/certifications/", seconds=PATIENCE_SECONDS)
    assert FACTS.last in mail["text"]
    approver.page.goto(f"{approver.programs.idm_url}/certifications/")
    arrive(approver)
    approver.go(f"{approver.programs.idm_url}/certifications/")
    if approver.page.get_by_role("link", name="Verify it's you to certify").count():
        approver.follow("Verify it's you to certify")
        arrive(approver)
    row = approver.page.get_by_role("row", name=FACTS.last)
    approver.hands.tick(row.get_by_role("checkbox"))
    approver.press("Certify those I looked at")
    assert FACTS.last in approver.read()
