"""Hostile documents from an application that may send them: refused in words, and nothing is stored."""

import copy
import itertools
import json
from urllib.parse import quote_plus

import pytest

from tests.faults.hostile import REVEALING, VALUES
from tests.faults.machine import Machine

pytestmark = pytest.mark.slow

RECORD = {
    "submitter_id": "HHHHHHHHHH",
    "version": 1,
    "legal_name": "Hostile House",
    "kind": "provider_office",
    "tin": "900450999",
    "tin_tag": "ein",
    "address": "1 Odd Street",
    "phone": "2025550199",
    "city": "Miami",
    "state": "FL",
    "zip": "33130",
    "status": "active",
    "approver": {"name": "Hester House", "email": "hester@house.example", "phone": ""},
    "backup": None,
}
# JSON as it stands in the body; some of it is none.
ODD = (
    "null", "true", "[]", "{}", "-1", "0", "1.5", "1e400", "NaN", "Infinity", "9" * 400, "99999999999999999999",
    '""', '" "', '"a\\u0000b"', '"\\ud800"', '"\\u202ea"', '"' + "A" * 10_240 + '"', '["a"]', '{"a":{"a":{}}}',
    '"\\u0661\\u0662"', '"<script>alert(1)</script>"', "[" * 5_000 + "]" * 5_000, "'", "",
)  # fmt: skip


def test_a_record_with_one_odd_value_is_refused_in_words(world):
    """Every field of a record with every odd value, and documents that are no record: 4xx, and nothing is stored. [O-4 G-1]"""
    machine = Machine(world)
    token = machine.bearer() | {"Content-Type": "application/json"}
    before = world.idm.rows("idm_organizations_enrollmentrecord")
    wrong = []
    paths = [(name,) for name in RECORD] + [("approver", name) for name in RECORD["approver"]]
    bodies = [with_odd(path, odd) for path, odd in itertools.product(paths, ODD)]
    for body in [*bodies, *ODD, json.dumps([RECORD]), json.dumps(RECORD)[:-1]]:
        answer = machine.http.put(
            "/api/v1/enrollment-records/HHHHHHHHHH", headers=token, content=body.encode()
        )
        if not 400 <= answer.status_code < 500 and not is_well(body):
            wrong.append(f"{answer.status_code} for {body[:200]}")
        if answer.status_code >= 500 or REVEALING.search(answer.text):
            wrong.append(f"{answer.status_code} {answer.text[:200]} for {body[:200]}")
    for odd in ODD:
        for body in (odd, f"[{odd}]", f'[{{"submitter_id": {odd}, "version": {odd}}}]'):
            answer = machine.http.post(
                "/api/v1/enrollment-records/lacking", headers=token, content=body.encode()
            )
            if answer.status_code >= 500 or REVEALING.search(answer.text):
                wrong.append(f"lacking: {answer.status_code} for {body[:200]}")
    assert not wrong, "\n".join(wrong[:40])
    after = world.idm.rows("idm_organizations_enrollmentrecord")
    assert [row for row in after if row["submitter_id"] != "HHHHHHHHHH"] == before


def test_the_machine_doors_refuse_odd_parameters_of_a_true_client(world):
    """Token, introspection and revocation with SPOT's own proof and hostile values: an OAuth error, never a 5xx. [O-1]"""
    machine, wrong = Machine(world), []
    doors = {
        "/oidc/token": ("grant_type", "code", "code_verifier", "redirect_uri", "refresh_token", "scope"),
        "/oidc/introspect": ("token", "token_type_hint"),
        "/oidc/revoke": ("token", "token_type_hint"),
    }
    for door, names in doors.items():
        for name, (kind, value) in itertools.product(names, VALUES.items()):
            good = {"grant_type": "authorization_code", "code": "a", "code_verifier": "b" * 43, "token": "c"}
            form = machine.proof() | {one: good.get(one, "d") for one in names if one != name}
            pairs = [f"{one}={quote_plus(content)}" for one, content in form.items()]
            body = "&".join([*pairs, f"{name}={value}"]).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = machine.http.post(door, headers=headers, content=body)
            if answer.status_code >= 500 or REVEALING.search(answer.text):
                wrong.append(f"{door} {name} of {kind}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong[:40])


def with_odd(path, odd):
    """The record as JSON, with that text in place of one value."""
    document = copy.deepcopy(RECORD)
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = "@odd@"
    return json.dumps(document).replace('"@odd@"', odd)


def is_well(body):
    """Whether it happens to be a record that may be stored: an odd value in a field where it is not."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.keys() == RECORD.keys()
