"""docs/rules.md, the code and the tests say the same; so do docs/states and the tables."""

import re
import subprocess
import sys

from tests.house.source import ROOT, told

RULES = ROOT / "docs" / "rules.md"
ROW = re.compile(r"^\| ([A-Z]-\d+) \|", re.MULTILINE)
CITED = re.compile(r"\[([A-Z]-\d+(?:, ?[A-Z]-\d+)*)\]")


def test_every_rule_that_a_test_cites_exists():
    """A test that cites a rule cites one of docs/rules.md."""
    known = set(ROW.findall(RULES.read_text()))
    findings = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for group in CITED.findall(path.read_text()):
            findings += [
                f"{path.relative_to(ROOT)}: {rule}" for rule in re.split(", ?", group) if rule not in known
            ]
    assert not findings, told(findings, "Cite the rule by its id in docs/rules.md, or add the rule there.")


def test_the_table_of_rules_is_current():
    """The columns "lives in" and "shown by" of docs/rules.md are what code and tests cite."""
    done = subprocess.run([sys.executable, "make/rules_table.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, told(["docs/rules.md is stale"], "Run `make rules` and read what changed.")


def test_the_drawings_of_states_are_current():
    """Each state machine's drawing in docs/states is written from its table."""
    command = [sys.executable, "make/state_drawings.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, told([done.stdout + done.stderr], "Run `make rules` and read what changed.")


def test_the_table_of_policy_profiles_is_current():
    """docs/policy-profiles.md is printed from the profiles."""
    done = subprocess.run([sys.executable, "make/policy_table.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, told(
        ["docs/policy-profiles.md is stale"], "Run `make rules` and read what changed."
    )


def test_the_authorization_matrix_is_printed():
    """docs/authorization.md has every door of IDM as the tests' file has it. [SR-21]"""
    command = [sys.executable, "make/authorization_table.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, told(
        [done.stdout + done.stderr or "docs/authorization.md is stale"],
        "Run `make rules` and read what changed.",
    )


def test_the_catalogue_of_notices_is_printed():
    """docs/notices.md has every notice as its folder says it. [N-2]"""
    command = [sys.executable, "make/notices_table.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, told(
        [done.stdout + done.stderr or "docs/notices.md is stale"], "Run `make rules` and read what changed."
    )
