"""Nobody is stranded: an approver is succeeded, the backup acts, the last one goes, the desk takes over. By keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import staff
from tests.journeys.hands import Keys
from tests.journeys.steps import arrive, create, decide, pick
from tests.journeys.walker import Walker

NAME = "Tidewater Podiatry"
RECORD = """\
legal_name = "Tidewater Podiatry"
kind = "provider_office"
tin = "900450321"
tin_tag = "ein"
address = "3 Tidewater Lane"
city = "Ponce Inlet"
state = "FL"
zip = "32127"
phone = "3865550177"

[approver]
name = "Paul Reyes"
email = "paul.reyes@cypressbay.example"

[backup]
name = "Bob Banks"
email = "bob.banks@sandpiper.example"
"""
# What the desk's approval of an update form does to the record (F-12): Dina Cole instead of Paul Reyes.
UPDATE = """
from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.actions import change
from bailiwick.spot.enrollment.queries import record_with
change(
    record=record_with({submitter_id!r}),
    changes={{"approver": {{"name": "Dina Cole", "email": "dina.cole@desk.example"}}}},
    by=By("command"),
    now=clock.now(),
)
"""


@pytest.mark.slow
def test_an_organization_goes_on_whoever_leaves(programs, person, axe, tmp_path):
    """The old approver goes when the new one comes, a backup decides, the last one goes, tier 2 takes over. [G-6 G-7 G-8 Q-9]"""
    path = tmp_path / "tidewater.toml"
    path.write_text(RECORD)
    submitter_id = programs.manage("spot", "enroll", "--file", str(path)).strip().splitlines()[-1]
    paul, bob, dina, eli, todd = (
        staff(name, person(), programs, axe, hands=Keys)
        for name in ("paul.reyes", "bob.banks", "dina.cole", "eli.stone", "todd.twomey")
    )
    first = asks(paul, "FCSO - Provider Office Approver", submitter_id)
    decide(todd, first, "Approve")
    second = asks(bob, "FCSO - Provider Office Backup Approver")
    decide(todd, second, "Approve")
    assert "Nothing is missing" in my_organization(paul)

    # The approver leaves: the form names another one, who asks for the role; the old one's ends in the same act.
    programs.manage("spot", "shell", "-c", UPDATE.format(submitter_id=submitter_id))
    programs.wait_for_mail("paul.reyes@cypressbay.example", containing="names somebody else")
    page = my_organization(paul)
    assert "not the one named on the enrollment form" in page
    assert "Paul Reyes" in page
    third = asks(dina, "FCSO - Provider Office Approver")
    decide(todd, third, "Approve")
    programs.wait_for_mail("paul.reyes@cypressbay.example", containing="has ended")
    assert "of any organization now" in my_organization(paul)
    assert "Bob Banks, Dina Cole" in my_organization(dina)

    # The backup acts.
    fourth = asks(eli, "FCSO - SPOT End User")
    decide(bob, fourth, "Approve")

    # Both give up; the last one says in words that nobody is left. What waits goes to the desk, and its owner is told.
    gives_up(bob)
    waiting = asks(paul, "FCSO - SPOT End User")
    gives_up(dina, is_last=True)
    programs.wait_for_mail("todd.twomey@desk.example", containing=f"{NAME} has no approver now")
    programs.wait_for_mail("paul.reyes@cypressbay.example", containing="Your request was not lost")
    paul.go(f"{programs.idm_url}/requests/{waiting}/")
    assert "no approver who can decide now" in paul.read()
    todd.page.goto(f"{programs.idm_url}/manage-users/organizations/")
    arrive(todd)
    todd.look("Organizations where nobody can decide")
    todd.follow(NAME, then="Nobody can approve for this organization")
    decide(todd, waiting, "Approve")
    eli.go(f"{programs.idm_url}/roles/")
    assert NAME in eli.read()


def asks(walker: Walker, role: str, submitter_id: str = "") -> str:
    """For a role there: by creating Tidewater where its ID is given, else by finding it, misspelled; the request's number."""
    walker.page.goto(f"{walker.programs.idm_url}/home/")
    arrive(walker)
    walker.start_role_request(role)
    if submitter_id:
        create(walker, submitter_id, NAME, "900450321")
    else:
        if "Approver" in role and "Backup" not in role:
            walker.follow("Associate to an Existing Organization")
        pick(walker, "Podiatry Tidewatr", NAME)
    return walker.submit_request("I work there.")


def my_organization(walker: Walker) -> str:
    walker.page.goto(f"{walker.programs.idm_url}/home/")
    arrive(walker)
    walker.go(f"{walker.programs.idm_url}/my-organization/")
    expect(walker.page.locator("h1")).to_have_text("My Organization")
    return walker.read()


def gives_up(walker: Walker, *, is_last: bool = False) -> None:
    walker.go(f"{walker.programs.idm_url}/roles/")
    walker.hands.press(walker.page.get_by_role("link", name="Remove Role").first)
    arrive(walker)
    walker.look("Are you sure")
    if is_last:
        walker.press("Remove Role", then="There is a problem")
        walker.tick("I understand that this organization will have no approver")
    walker.press("Remove Role")
