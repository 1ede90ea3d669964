"""Every column is classed, and what is secret is in the vault's hands: a new column cannot slip by."""

import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache

import pytest

from tests.house.source import ROOT, told
from tests.settings import surroundings

PROGRAMS = ("idm", "spot", "bureau")
CLASSES = {"public", "internal", "personal", "secret", "digest"}
FILE = ROOT / "tests" / "house" / "field_classes.toml"
# Columns that can hold what a person typed. Numbers, times, yes/no and references cannot.
CAN_HOLD_WORDS = (
    "CharField", "TextField", "BinaryField", "JSONField", "DateField", "GenericIPAddressField", "EmailField",
)  # fmt: skip
# Names that speak of secrets. One that is none, or is kept in another way, stands below with its reason.
SPEAKS_OF_SECRETS = re.compile(
    r"ssn|birth|(^|_)tin(_|$)|secret|answer|password|(^|_)otp|(^|_)pin(_|$)|home_address|token|verifier"
)
NO_SECRETS = {
    "bureau.verification.answer": "the double's own answer about fictitious people: outcome and reference",
    "idm_registration.draft.answered": "names of steps",
}
DUMP = """
import json, django
django.setup()
from django.apps import apps
from bailiwick.ground.vault.sealed import Keyed, Peppered, Sealed, Twinned, columns
kinds = {Sealed: "sealed", Keyed: "keyed", Peppered: "peppered", Twinned: "keyed"}
print(json.dumps({
    "fields": [
        [model._meta.label_lower, field.name, type(field).__name__]
        for model in apps.get_models() if model.__module__.startswith("bailiwick")
        for field in model._meta.local_fields
    ],
    "vault": {column.label: kinds[type(column)] for column in columns()},
}))
"""


@cache
def described(program: str) -> dict:
    """The columns of one program and what its vault knows of: in a process of its own, for each has its own settings."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("IDM_", "SPOT_", "BUREAU_"))
    }
    environment = (
        plain | surroundings(program) | {"DJANGO_SETTINGS_MODULE": f"bailiwick.{program}.site.settings"}
    )
    done = subprocess.run(
        [sys.executable, "-c", DUMP], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@cache
def classes() -> dict[str, str]:
    """`app.model.field` to its class, as the file says."""
    data = tomllib.loads(FILE.read_text())
    return {
        f"{app}.{model}.{field}": kind
        for app, models in data.items()
        for model, fields in models.items()
        for field, kind in fields.items()
    }


def worded(program: str) -> dict[str, str]:
    fields = described(program)["fields"]
    return {f"{model}.{field}": kind for model, field, kind in fields if kind in CAN_HOLD_WORDS}


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_column_is_classed(program):
    """A column that can hold words has a class; a class has its column. [L-4]"""
    new = sorted(set(worded(program)) - set(classes()))
    assert not new, told(
        new, f"Say in {FILE.relative_to(ROOT)} what it would tell somebody who reads the database."
    )


def test_no_class_has_lost_its_column():
    """What is gone from the models is gone from the file, and every class is one of the five. [L-4]"""
    known = set().union(*(worded(program) for program in PROGRAMS))
    stale = sorted(set(classes()) - known) + sorted(
        name for name, kind in classes().items() if kind not in CLASSES
    )
    assert not stale, told(
        stale, f"Remove it from {FILE.relative_to(ROOT)}, or name one of {sorted(CLASSES)}."
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_secret_is_registered_with_the_vault(program):
    """A secret column is sealed or peppered, and the vault's register knows it: rotation finds every one. [L-4]"""
    vault = described(program)["vault"]
    findings = [
        name
        for name in worded(program)
        if classes().get(name) == "secret" and vault.get(name) not in {"sealed", "peppered"}
    ]
    findings += [
        name
        for name, kind in vault.items()
        if classes().get(name) != ("digest" if kind == "keyed" else "secret")
    ]
    assert not findings, told(
        findings, "Register it in the room's rekeying.py, and class it secret (digests: digest)."
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_column_that_speaks_of_secrets_holds_none_in_plain(program):
    """SSN, birth date, TIN, home address, answers, passwords and tokens stand nowhere but sealed or as digests. [A-2] [A-3]"""
    findings = [
        name
        for name in worded(program)
        if SPEAKS_OF_SECRETS.search(name.rpartition(".")[2])
        and classes().get(name) not in {"secret", "digest"}
        and name not in NO_SECRETS
        and not name.endswith(("_tag", "_reason"))
    ]
    assert not findings, told(findings, "Seal it (docs/vault.md), or say in NO_SECRETS why it is none.")


@pytest.mark.parametrize("program", PROGRAMS)
def test_bytes_are_sealed_digests_or_said_to_be_neither(program):
    """Nobody can see what bytes hold: each such column is looked at once. [L-4]"""
    findings = [
        name
        for name, kind in worded(program).items()
        if kind == "BinaryField"
        and classes().get(name) not in {"secret", "digest"}
        and not name.startswith("idm_signin.passkey")
    ]
    assert not findings, told(findings, "Only public keys of passkeys are neither so far.")
