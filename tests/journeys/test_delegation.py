"""An approver runs their own bailiwick, and nobody else's; everybody by keyboard alone."""

from playwright.sync_api import expect

from tests.journeys.cast import DELPHINE, ZOE, known, staff
from tests.journeys.hands import Keys
from tests.journeys.steps import arrive, create, decide, pick
from tests.journeys.walker import Walker


def test_creating_what_exists_becomes_associating_in_place(programs, person, axe):
    """A second create is turned into associate, with nothing to type again. [G-3 G-4]"""
    submitter_id = known(programs)["submitter_ids"]["sandpiper"]
    delphine = Walker(person(), programs, axe, hands=Keys, **DELPHINE)
    delphine.register()
    delphine.sign_in_by_mail()
    delphine.start_role_request("FCSO - Provider Office Approver")
    delphine.prove_identity()
    delphine.press("Next", then="Create an Organization")
    create(delphine, submitter_id, "SANDPIPER family practice", "900450001")
    expect(delphine.page.locator("main")).to_contain_text("This organization already exists")
    delphine.press("Next")
    number = delphine.submit_request("I take over from Ana Ruiz.")

    # The help desk sees that she is not the approver of record, and denies.
    todd = staff("todd.twomey", person(), programs, axe, hands=Keys)
    todd.page.goto(f"{programs.idm_url}/requests/{number}/")
    arrive(todd)
    todd.look(f"Request {number}")
    assert "Ana Ruiz" in todd.read()
    decide(todd, number, "Deny", reason="Not the approver of record: send an update form.")
    mail = programs.wait_for_mail(str(DELPHINE["email"]), containing="update form")
    assert number in mail["subject"] + mail["text"]


def test_a_denied_end_user_reads_why_and_another_approver_sees_nothing(programs, person, axe):
    """The reason is mailed and stands where SPOT refuses; the approver of B cannot see or decide A's. [Q-6 O-2 H-1]"""
    zoe = Walker(person(), programs, axe, hands=Keys, **ZOE)
    zoe.register()
    zoe.sign_in_by_mail()
    zoe.start_role_request("FCSO - SPOT End User")
    zoe.prove_identity()
    zoe.press("Next")
    pick(zoe, "practice sandpipr", "Sandpiper Family Practice")
    number = zoe.submit_request("I would like to look around.")

    bea = staff("bea.novak", person(), programs, axe, hands=Keys)
    answer = bea.page.goto(f"{programs.idm_url}/requests/{number}/")
    arrive(bea)
    answer = bea.page.goto(f"{programs.idm_url}/requests/{number}/")
    assert answer.status == 404
    assert "Zoë" not in bea.page.content()
    bea.go(f"{programs.idm_url}/manage-users/")
    bea.write("Search for a person", "zoe.fenn")
    bea.press("Search")
    assert "O'Marrow" not in bea.read()

    ana = staff("ana.ruiz", person(), programs, axe, hands=Keys)
    decide(ana, number, "Deny", reason="You do not work here yet.")
    programs.wait_for_mail(str(ZOE["email"]), containing="You do not work here yet.")
    zoe.enter_spot()
    expect(zoe.page.locator("h1")).to_contain_text("You cannot enter")
    assert "You do not work here yet." in zoe.read()
