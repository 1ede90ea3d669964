"""The main job, from a submitter ID to accountable access: two people and a help desk in a real browser."""

from playwright.sync_api import expect

from tests.journeys.cast import AVERY, CORIN, known, staff
from tests.journeys.steps import create, decide, in_spot_until, pick, remove_role_of
from tests.journeys.walker import Walker


def test_from_a_submitter_id_to_my_idm_account_and_out_again(programs, person, axe):
    """An approver registers, is proofed, creates the organization, and decides for an end user. [R-1 S-1 S-3 V-2 G-2 Q-1 Q-4 M-1]"""
    submitter_id = known(programs)["submitter_ids"]["heronlake"]
    avery = Walker(person(), programs, axe, **AVERY)
    avery.register()
    avery.sign_in_by_mail()
    avery.add_authenticator()

    # Asks; a wrong submitter ID is refused without a word on which part was wrong.
    avery.start_role_request("FCSO - Provider Office Approver")
    avery.prove_identity()
    avery.press("Next", then="Create an Organization")
    create(avery, "ZZZZZZZZZZ")
    assert "do not match" in avery.read()
    create(avery, submitter_id)
    number = avery.submit_request("I am the approver on our enrollment form.")
    assert "SPOT" in avery.read()

    # Not yet: IDM says where the request stands, and SPOT lets nobody in.
    avery.enter_spot()
    expect(avery.page.locator("h1")).to_contain_text("You cannot enter")
    assert number in avery.read()

    # The help desk compares with the enrollment record and approves.
    todd = staff("todd.twomey", person(), programs, axe)
    decide(todd, number, "Approve")

    avery.enter_spot()
    expect(avery.page.locator("h1")).to_contain_text("Home")
    avery.go(f"{programs.spot_url}/account/")
    assert submitter_id in avery.read()
    assert "Heron Lake Pediatrics" in avery.read()

    # An end user of the same organization: asks, is approved by the organization's own approver, enters.
    corin = Walker(person(), programs, axe, **CORIN)
    corin.register()
    corin.sign_in_by_mail()
    corin.start_role_request("FCSO - SPOT End User")
    corin.prove_identity()
    corin.press("Next")
    pick(corin, "heron lake", "Heron Lake Pediatrics")
    asked = corin.submit_request("I check claim status at the front desk.")
    programs.wait_for_mail(str(AVERY["email"]), containing=asked)
    decide(avery, asked, "Approve")
    programs.wait_for_mail(str(CORIN["email"]), containing="approved")
    corin.enter_spot()
    corin.go(f"{programs.spot_url}/account/")
    assert submitter_id in corin.read()

    # The role is removed: the session in SPOT is over within five seconds.
    remove_role_of(avery, corin)
    assert in_spot_until(corin, lambda: "/account/" not in corin.page.url)
    corin.look()
