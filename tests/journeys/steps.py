"""What people do in the middle of the main job, page by page."""

import time
from collections.abc import Callable

from tests.journeys.walker import Walker

DEAD_WITHIN_SECONDS = 5


def create(
    walker: Walker, submitter_id: str, name: str = "Heron Lake Pediatrics", tin: str = "900450004"
) -> None:
    """Fill in Create an Organization; what is compared is the submitter ID, the name and the TIN."""
    walker.write("Submitter ID", submitter_id)
    walker.write("Legal Business Name", name)
    walker.write("Taxpayer Identification Number (TIN)", tin)
    walker.write("Address", "77 Heron Lake Road")
    walker.write("City", "Orlando")
    walker.select("State or territory", "FL")
    walker.write("ZIP code", "32801")
    walker.write("Company phone", "2025550164")
    walker.press("Next")


def pick(walker: Walker, words: str, name: str) -> None:
    """Search and select an organization."""
    walker.write("Legal Business Name (optional)", words)
    walker.press("Search")
    walker.hands.press(walker.page.get_by_role("button", name=f"Select {name}"))
    walker.look()


def decide(walker: Walker, number: str, decision: str, reason: str = "") -> None:
    """Open the request as its decider does, verifying again where IDM asks for it."""
    walker.page.goto(f"{walker.programs.idm_url}/requests/{number}/")
    arrive(walker)
    walker.look(f"Request {number}")
    if reason:
        walker.write("Reason for denial", reason)
    walker.press(decision)
    assert "approved" in walker.read().lower() or "denied" in walker.read().lower()


def arrive(walker: Walker) -> None:
    """Sign in or step up, whatever stands between a person and the page."""
    if walker.page.get_by_role("heading", name="Sign in").count():
        walker.look()
        walker.sign_in_by_authenticator()
    elif walker.page.get_by_role("heading", name="Verify it's you").count():
        walker.look()
        walker.write("Enter Code", walker.fresh_number())
        walker.press("Verify")


def remove_role_of(approver: Walker, person: Walker) -> None:
    """Under Help Desk / Manage Users, as the approver of the organization."""
    approver.page.goto(f"{approver.programs.idm_url}/manage-users/")
    arrive(approver)
    approver.write("Search for a person", str(person.facts["user_id"]))
    approver.press("Search")
    link = approver.page.get_by_role("link", name="Remove")
    approver.hands.press(link.or_(approver.page.get_by_role("button", name="Remove")).first)
    arrive(approver)
    approver.look()
    approver.write("Reason", "Left the practice.")
    approver.press("Remove Role")


def in_spot_until(walker: Walker, is_so: Callable[[], bool]) -> bool:
    """Press Reload on My IDM Account until it is so; whether it was within the seconds in which a role that ended is gone."""
    started = time.monotonic()
    while time.monotonic() - started < DEAD_WITHIN_SECONDS:
        walker.page.goto(f"{walker.programs.spot_url}/account/")
        if is_so():
            return True
    return False
