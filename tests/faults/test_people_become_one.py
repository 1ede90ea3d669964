"""Two accounts become one and two again between the live programs, with SPOT away and the registrar killed on the way."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults import steps
from tests.faults.kills import moments

pytestmark = pytest.mark.slow

KILLS = 6
HERE = Path(__file__).parents[2]


def registrar(world, act: str, survivor, other) -> subprocess.Popen:
    """The process that decides, stopped at nothing yet: it has printed "ready"."""
    environment = world.programs.world.environment("idm")
    environment |= {"DJANGO_SETTINGS_MODULE": "bailiwick.idm.site.settings", "PYTHONPATH": str(HERE)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.registrar", act, survivor.facts.user_id, other.facts.user_id],
        env={**environment, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.strip() == "ready":
            return process
    raise AssertionError(f"the registrar did not get ready: {process.wait()}")


def decides(world, act: str, survivor, other) -> None:
    process = registrar(world, act, survivor, other)
    assert "done" in process.stdout.read()
    assert process.wait() == 0


def rows(database, table: str, **wanted) -> list[dict]:
    return [row for row in database.rows(table) if all(row[name] == value for name, value in wanted.items())]


def account_of(world, person) -> dict:
    return rows(world.idm, "idm_accounts_account", user_id=person.facts.user_id)[0]


def pointer_of(world, person) -> str:
    """Where SPOT says that the person's subject points, as hex; "" for itself."""
    return rows(world.spot, "spot_signin_person", user_id=person.facts.user_id)[0]["merged_into"].replace(
        "-", ""
    )


def words_about(world, other) -> list[dict]:
    """The calls that tell SPOT where the other's subject points, in order."""
    calls = rows(world.idm, "outbox_message", kind="subject-changed")
    subject = account_of(world, other)["id"]
    return [
        row for row in sorted(calls, key=lambda row: row["id"]) if subject in row["order"].replace("-", "")
    ]


@pytest.fixture
def two_people(world, newcomer):
    """Two proofed end users, both known to SPOT; they are one person, as it turns out."""
    ana = world.staff("ana.ruiz")
    survivor, other = (steps.end_user(world.person(newcomer()), ana) for _ in range(2))
    steps.enter_spot(other)
    assert steps.is_in_spot(other), str(other.page)
    world.wait_until_delivered()
    return survivor, other


def test_spot_hears_of_merge_and_undoing_in_order_however_late(world, two_people):
    """SPOT is down for both and told twice at once when it is back: the subject is its own again; then merged again. [A-5, O-5]"""
    survivor, other = two_people
    world.programs.kill("spot")
    decides(world, "merge", survivor, other)
    decides(world, "undo", survivor, other)
    assert [row["state"] for row in words_about(world, other)] == ["waiting", "waiting"]
    until(lambda: words_about(world, other)[0]["last_error"], seconds=20)
    world.restart("idm-worker")
    world.programs.start("spot")
    world.hurry()
    world.wait_until_delivered()
    assert pointer_of(world, other) == ""
    sub = rows(world.spot, "spot_signin_person", user_id=other.facts.user_id)[0]["sub"]
    told = rows(world.spot, "ledger_entry", deed="signin:subject:told", subject=sub)
    assert [bool(entry["about"]["merged_into"]) for entry in told] == [True, False]
    assert not steps.is_in_spot(other)
    decides(world, "merge", survivor, other)
    world.wait_until_delivered()
    assert pointer_of(world, other) == account_of(world, survivor)["id"]


def test_a_killed_merge_is_whole_or_not_at_all(world, two_people):
    """SIGKILL between any two writes of merging and undoing: account, case, roles and calls agree each time. [A-5]"""
    survivor, other = two_people
    for moment in moments(KILLS, longest=0.25):
        act = "undo" if account_of(world, other)["state"] == "merged" else "merge"
        process = registrar(world, act, survivor, other)
        time.sleep(moment)
        process.kill()
        process.wait()
        process.stdout.close()
        world.programs.kill("idm-worker")
        world.programs.start("idm-worker")
        agrees(world, survivor, other)
    if account_of(world, other)["state"] == "merged":
        decides(world, "undo", survivor, other)
    world.hurry()
    world.wait_until_delivered()
    agrees(world, survivor, other)
    assert pointer_of(world, other) == ""


def agrees(world, survivor, other) -> None:
    ends, goes_on = account_of(world, other), account_of(world, survivor)
    is_merged = ends["state"] == "merged"
    merges = rows(world.idm, "idm_registry_merge", other_id=ends["id"])
    case = rows(world.idm, "idm_registry_duplicatecase", second_id=ends["id"])[0]
    assert sum(merge["state"] == "done" for merge in merges) == is_merged
    assert (case["state"] == "same") == is_merged
    assert ends["merged_into_id"] == (goes_on["id"] if is_merged else None)
    live = rows(world.idm, "idm_access_grant", ended_at=None)
    held = {row["account_id"] for row in live} & {ends["id"], goes_on["id"]}
    assert held == ({goes_on["id"]} if is_merged else {ends["id"], goes_on["id"]})
    deeds = [merge["state"] for merge in merges if merge["state"] in {"done", "undone"}]
    assert len(words_about(world, other)) == len(deeds) + deeds.count("undone")


def until(is_so, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)
