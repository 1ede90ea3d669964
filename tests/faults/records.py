"""Enrollment records made and changed in SPOT as its desk will do it: by the same actions, in a process of SPOT's."""

import json
from pathlib import Path

from tests.faults.world import World

RECORD = """\
legal_name = "Osprey Point Clinic {number}"
kind = "provider_office"
tin = "9004507{number:02}"
tin_tag = "ein"
address = "9 Osprey Point"
city = "Naples"
state = "FL"
zip = "34102"
phone = "2395550177"

[approver]
name = "Opal Osprey"
email = "opal{number}@osprey.example"
"""
CHANGE = """\
from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment import actions, queries
actions.change(record=queries.record_with({submitter_id!r}), changes={changes!r}, by=By("command"), now=clock.now())
"""


def enroll(world: World, directory: Path, number: int) -> str:
    """Enroll one organization; its submitter ID."""
    path = directory / f"record{number}.toml"
    path.write_text(RECORD.format(number=number))
    answer = world.programs.manage("spot", "enroll", "--json", "--file", str(path))
    return json.loads(answer.strip().splitlines()[-1])["submitter_id"]


def change(world: World, submitter_id: str, **changes: str) -> None:
    """Change a record, as its next version."""
    code = CHANGE.format(submitter_id=submitter_id, changes=changes)
    world.programs.manage("spot", "shell", "--no-imports", "-c", code)


def delivery(world: World, submitter_id: str) -> str:
    """Whether IDM has the record as it stands, as SPOT tells its operator."""
    lines = world.programs.manage("spot", "records", "--json").splitlines()
    records = [json.loads(line) for line in lines if line.startswith("{")]
    return next(record["delivery"] for record in records if record["submitter_id"] == submitter_id)
