"""Roles that are held: why, until when, and who had them; on a phone and at a desk."""

import csv
import io
from pathlib import Path

from tests.journeys.cast import known, staff
from tests.journeys.conftest import PHONE
from tests.journeys.steps import arrive


def test_an_approver_answers_who_had_access_and_why(programs, person, axe):
    """From the organization to the day, to one role's chain, to the file; the same pages fit a phone. [Q-10, Q-11]"""
    submitter_id = known(programs)["submitter_ids"]["sandpiper"]
    ana = staff("ana.ruiz", person(viewport=PHONE), programs, axe)
    ana.page.goto(f"{programs.idm_url}/home/")
    arrive(ana)
    ana.go(f"{programs.idm_url}/organizations/{submitter_id}/")
    ana.follow("Who had access on a day", then="Roles that were held on that day")
    assert "ana.ruiz" in ana.read()
    with ana.page.expect_download() as taken:
        ana.page.get_by_role("button", name="Download the list (CSV)").click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert "ana.ruiz" in {row[1] for row in rows}
    ana.page.get_by_role("link", name="Why? FCSO - Provider Office Approver of Ana Ruiz").click()
    ana.look("Why does this person have the role?")
    assert submitter_id in ana.read()
    ana.go(f"{programs.idm_url}/organizations/{submitter_id}/remove-roles/")
    ana.look("Whose roles do you want to remove?")


def test_a_holder_keeps_a_role_up_to_date_by_keyboard(programs, person, axe):
    """Modify, and a last day that is refused when it has passed; nothing but the keyboard. [Q-7, Q-10]"""
    bea = staff("bea.novak", person(), programs, axe)
    bea.page.goto(f"{programs.idm_url}/roles/")
    arrive(bea)
    bea.go(f"{programs.idm_url}/roles/")
    bea.page.get_by_role("link", name="Modify Role").first.press("Enter")
    bea.look("You can change this yourself")
    bea.page.get_by_label("What you mostly do in SPOT").press("B")
    bea.page.get_by_label("Where you work").press_sequentially("Main Street")
    bea.page.get_by_role("button", name="Submit").press("Enter")
    bea.look("Main Street")
    bea.page.get_by_role("link", name="Set a last day").press("Enter")
    bea.look("When is the last day of this role?")
    for label, typed in (("Month", "1"), ("Day", "31"), ("Year", "2020")):
        bea.page.get_by_label(label, exact=True).press_sequentially(typed)
    bea.page.get_by_label("I understand that this organization will have no approver").press("Space")
    bea.page.get_by_role("button", name="Set the last day").press("Enter")
    bea.look("The end date has passed already")
    bea.follow("Cancel", then="FCSO - Business Office Approver")
    bea.follow("Why do I have this role?", then="Yearly certification")
