"""An enrollment record on its way from SPOT to IDM, with programs killed around it: nothing acknowledged is lost."""

import json
import time

import pytest

from tests.programs import Programs

RECORD = """\
legal_name = "Osprey Point Cardiology"
kind = "provider_office"
tin = "900450777"
tin_tag = "ein"
address = "9 Osprey Point"
city = "Naples"
state = "FL"
zip = "34102"
phone = "2395550177"

[approver]
name = "Opal Osprey"
email = "opal@osprey.example"
"""


@pytest.mark.slow
def test_record_survives_the_killing_of_worker_and_idm(own_programs, tmp_path):
    """Enrolled while IDM is dead and the worker is killed: it arrives once both are back, and once. [F-11 O-4]"""
    path = tmp_path / "record.toml"
    path.write_text(RECORD)
    own_programs.kill("idm")
    submitter_id = own_programs.manage("spot", "enroll", "--file", str(path)).strip().splitlines()[-1]
    time.sleep(1)
    assert delivery(own_programs, submitter_id) == "on_its_way"
    own_programs.kill("spot-worker")
    own_programs.start("idm")
    own_programs.start("spot-worker")
    deadline = time.monotonic() + 90
    while delivery(own_programs, submitter_id) != "confirmed":
        assert time.monotonic() < deadline, own_programs.log("spot-worker")[-2000:]
        time.sleep(1)


def delivery(programs: Programs, submitter_id: str) -> str:
    lines = programs.manage("spot", "records", "--json").splitlines()
    records = [json.loads(line) for line in lines if line.startswith("{")]
    return next(record["delivery"] for record in records if record["submitter_id"] == submitter_id)
