"""One person works for three organizations with one account; each of them sees, and ends, its own part. By keyboard alone."""

import pytest

from tests.journeys.cast import staff
from tests.journeys.hands import Keys
from tests.journeys.steps import arrive, create, decide, in_spot_until, pick, remove_role_of

OWN, TIN = "Saltmarsh Claims Service", "900450654"
SANDPIPER, GULF_BREEZE = "Sandpiper Family Practice", "Gulf Breeze Billing LLC"
RECORD = f"""\
legal_name = "{OWN}"
kind = "billing_service"
tin = "{TIN}"
tin_tag = "ein"
address = "8 Saltmarsh Road"
city = "Yankeetown"
state = "FL"
zip = "34498"
phone = "3525550188"

[approver]
name = "Eli Stone"
email = "eli.stone@sandpiper.example"
"""


@pytest.mark.slow
def test_one_person_works_for_three_organizations(programs, person, axe, tmp_path):
    """End user of two and approver of a third: all in one sign-in; one of them ends its part, and the others stay. [Q-2 Q-7 H-1 M-1 O-5]"""
    path = tmp_path / "saltmarsh.toml"
    path.write_text(RECORD)
    submitter_id = programs.manage("spot", "enroll", "--file", str(path)).strip().splitlines()[-1]
    eli, bea, todd = (
        staff(name, person(), programs, axe, hands=Keys) for name in ("eli.stone", "bea.novak", "todd.twomey")
    )
    eli.page.goto(f"{programs.idm_url}/home/")
    arrive(eli)
    eli.start_role_request("FCSO - Business Office Approver")
    create(eli, submitter_id, OWN, TIN)
    decide(todd, eli.submit_request("It is my own business."), "Approve")
    eli.start_role_request("FCSO - SPOT End User")
    pick(eli, "gulf breze", GULF_BREEZE)
    decide(bea, eli.submit_request("They bill for me."), "Approve")

    eli.go(f"{programs.idm_url}/roles/")
    assert all(name in eli.read() for name in (SANDPIPER, GULF_BREEZE, OWN))
    eli.enter_spot()
    eli.go(f"{programs.spot_url}/account/")
    assert all(name in eli.read() for name in (SANDPIPER, GULF_BREEZE, OWN))

    # Bea's part is hers to see and to end; what he has elsewhere is neither.
    remove_role_of(bea, eli)
    assert not [name for name in (SANDPIPER, OWN) if name in bea.read()]
    assert in_spot_until(eli, lambda: GULF_BREEZE not in eli.read())
    eli.enter_spot()
    eli.go(f"{programs.spot_url}/account/")
    assert all(name in eli.read() for name in (SANDPIPER, OWN))
    assert GULF_BREEZE not in eli.read()
