"""An approval at SPOT's desk with everything killed around it: one submitter ID, one record at IDM, each letter once."""

import json

import pytest

from tests.faults import steps
from tests.faults.client import Person, Sent
from tests.faults.kills import moments, send_into_a_kill
from tests.faults.records import change

pytestmark = pytest.mark.slow

# Forms of the fictitious world that wait at the desk: one that a colleague left behind, one whose official is called back.
IN_REVIEW, SUBMITTED = "Larkspur Regional Health Physicians", "Old Harbor Podiatry"


def test_an_approval_arrives_once_and_in_order(world):
    """SPOT is killed while it approves, IDM is down, the worker is killed: the record arrives once, changes after it. [F-11, O-4]"""
    todd = world.staff("todd.twomey")
    case = open_case(world, todd, IN_REVIEW)
    todd.press("instead_of", to="/take/")
    approval = filled(todd, "/approve/")
    world.programs.kill("idm")
    for moment in moments(3, longest=0.3):
        send_into_a_kill(world, [(todd, approval)] * 3, after=moment, name="spot")
    todd.send(approval)
    submitter_id = record_of(world, case)
    world.restart("spot-worker")
    change(world, submitter_id, phone="2395550199")
    world.restart("spot", "spot-worker")
    world.programs.start("idm")
    world.restart("spot-worker")
    world.hurry()
    world.wait_until_delivered()
    held = [
        row for row in world.idm.rows("idm_organizations_enrollmentrecord") if row["legal_name"] == IN_REVIEW
    ]
    assert [(row["submitter_id"], row["version"], row["phone"]) for row in held] == [
        (submitter_id, 2, "2395550199")
    ]
    arrived = arrivals(world, submitter_id)
    assert arrived == sorted(set(arrived))
    assert arrived[-1] == 2
    assert approvals(world, case) == 1
    assert letters(world, case, "form-approved") == 2


def test_a_decision_sent_again_after_a_kill_is_one_decision(world):
    """Denied, SPOT killed on the way, sent again: one decision, one letter; the call back before it is kept. [F-8, F-11, B-1]"""
    todd = world.staff("todd.twomey")
    case = open_case(world, todd, SUBMITTED)
    todd.press("instead_of", to="/take/")
    called = filled(todd, "/callback/", called="on", note="Ruth Delacroix signed it herself.")
    send_into_a_kill(world, [(todd, called)] * 2, after=moments(1, longest=0.2)[0], name="spot")
    todd.send(called)
    denial = filled(open_again(world, todd, case), "/deny/", reason="Filed for the wrong line of business.")
    for moment in moments(2, longest=0.2):
        send_into_a_kill(world, [(todd, denial)] * 3, after=moment, name="spot")
    todd.send(denial)
    world.hurry()
    world.wait_until_delivered()
    row = next(one for one in world.spot.rows("spot_forms_case") if one["tracking"] == case)
    assert (row["state"], row["record_id"]) == ("denied", None)
    assert letters(world, case, "form-denied") == 1
    signature = next(one for one in world.spot.rows("spot_forms_signature") if one["case_id"] == row["id"])
    assert signature["authority"] == "called_back"


def open_case(world, todd: Person, organization: str) -> str:
    """Find it in the inbox as a person does; its tracking number."""
    steps.enter_spot(todd)
    todd.go(f"{world.programs.spot_url}/desk/")
    for link in [link for link in todd.page.links if "/desk/F-" in link]:
        todd.go(link)
        if organization in todd.page.text and f"Organization {organization}" in todd.page.text:
            return link.rstrip("/").rpartition("/")[2]
    raise AssertionError(f"no form of {organization} in the inbox")


def open_again(world, todd: Person, case: str) -> Person:
    todd.go(f"{world.programs.spot_url}/desk/{case}/")
    return todd


def filled(person: Person, to: str, **typed: str) -> Sent:
    """The form of the page that leads there, as it would be sent."""
    form = person.page.form("revision", to=to)
    return Sent(form.action, form.filled(**typed))


def case_row(world, case: str) -> dict:
    return next(row for row in world.spot.rows("spot_forms_case") if row["tracking"] == case)


def record_of(world, case: str) -> str:
    """The submitter ID that the case led to."""
    records = {row["id"]: row for row in world.spot.rows("spot_enrollment_enrollmentrecord")}
    return records[case_row(world, case)["record_id"]]["submitter_id"]


def arrivals(world, submitter_id: str) -> list[int]:
    """The versions that IDM has received, in the order in which it did."""
    entries = [row for row in world.idm.rows("ledger_entry") if row["deed"] == "organization:record:received"]
    opened = [(row["id"], row["organization"], row["about"]) for row in entries]
    return [about["version"] for _id, organization, about in sorted(opened) if organization == submitter_id]


def approvals(world, case: str) -> int:
    identity = case_row(world, case)["id"]
    entries = [row for row in world.spot.rows("ledger_entry") if row["deed"] == "form:case:approved"]
    return sum(1 for row in entries if row["about"]["case"].replace("-", "") == identity)


def letters(world, case: str, kind: str) -> int:
    """How many letters of that kind about the case lie in the one mailbox of this world."""
    mails = world.programs.mailbox()
    words = {"form-approved": "Approved:", "form-denied": "Denied:"}[kind]
    return sum(1 for mail in mails if mail["subject"].startswith(words) and case in json.dumps(mail))
