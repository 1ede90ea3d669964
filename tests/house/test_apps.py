"""What every app must bring along: complete migrations, plain templates, whole notices, safe settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bailiwick.ground.vault import keyring
from bailiwick.idm.protocols.oidc.keys import create_development_keys
from bailiwick.spot.identity.client import create_development_client_key
from tests.house.source import ROOT, SOURCE, templates, told
from tests.settings import surroundings

PROGRAMS = ("idm", "spot", "bureau")
LOOKS = re.compile(r"""\s(class|style|role|aria-[a-z]+)\s*=\s*["']""")
NOTICE_FILES = {"subject.txt", "body.txt", "body.html"}
# Mails carry their style in themselves: mail programs read no style sheets.
OWN_LOOK = ("/elements/", "/layouts/", "/notices/")


def manage(program: str, *words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    strangers = tuple(f"{name.upper()}_" for name in (*PROGRAMS, "django_settings"))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(strangers)}
    command = [sys.executable, "-m", "bailiwick.command", program, *words]
    return subprocess.run(
        command, cwd=ROOT, env=plain | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_migrations_are_complete(program):
    """The migrations make the tables that the models describe."""
    done = manage(program, "makemigrations", "--check", "--dry-run", environment=surroundings(program))
    advice = f"Run `bailiwick {program} makemigrations` in a development environment."
    assert done.returncode == 0, told([done.stdout + done.stderr], advice)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["idm", "spot"])
def test_production_settings_pass_the_deployment_check(program, tmp_path):
    """`check --deploy` finds nothing to warn of."""
    done = manage(
        program, "check", "--deploy", "--fail-level", "WARNING", environment=production(program, tmp_path)
    )
    assert done.returncode == 0, told(
        [done.stdout + done.stderr], "Correct the settings in ground/program/settings.py."
    )
    assert "no issues" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("program", ["idm", "spot"])
def test_a_program_hashes_at_full_cost(program, tmp_path):
    """Two passes over 19 MiB, whatever the tests in process are content with. [P-3]"""
    words = ("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.ARGON2)")
    done = manage(program, *words, environment=production(program, tmp_path))
    assert done.stdout.strip() == "Cost(passes=2, memory_kib=19456)", done.stdout + done.stderr


@pytest.mark.parametrize("program", ["idm", "spot"])
def test_production_does_not_start_on_development_secrets(program, tmp_path):
    """A missing secret, a plain address or an unknown setting stops the start with a sentence, all at once."""
    prefix = program.upper()
    environment = production(program, tmp_path) | {
        f"{prefix}_BASE_URL": "http://idm.example",
        f"{prefix}_TPYO": "1",
    }
    del environment[f"{prefix}_SECRET_KEY"]
    done = manage(program, "check", environment=environment)
    assert done.returncode != 0
    assert f"{prefix}_TPYO" in done.stderr


def production(program: str, directory: Path) -> dict[str, str]:
    """A complete production environment of that program."""
    prefix = program.upper()
    keyring.create(directory / "keys.json")
    own = {"SPOT_IDM_URL": "https://idm.example"} if program == "spot" else {}
    create_development_client_key(directory / "spot-client.json")
    create_development_keys(directory / "oidc-keys.json")
    return own | {
        f"{prefix}_BASE_URL": f"https://{program}.example",
        f"{prefix}_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        f"{prefix}_SMTP_URL": "smtp://mail.example:25",
        f"{prefix}_KEYS_FILE": str(directory / "keys.json"),
        f"{prefix}_STATE_DIRECTORY": str(directory),
    }


def test_only_elements_and_layouts_have_looks():
    """Classes and ARIA live in elements and layouts; rooms write plain HTML and elements."""
    findings = []
    for path in templates():
        name = path.relative_to(SOURCE).as_posix()
        if path.suffix != ".html" or any(place in f"/{name}" for place in OWN_LOOK):
            continue
        findings += [
            f"src/bailiwick/{name}:{number} {found[0].strip()}"
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if (found := LOOKS.search(line))
        ]
    assert not findings, told(
        findings, "Use an element of ground/pages/templates/elements, or add one there."
    )


def test_every_notice_is_whole():
    """A notice is a folder with a subject, a text and an HTML body."""
    folders = {path.parent for path in templates() if path.parent.parent.name == "notices"}
    findings = [
        f"{folder.relative_to(ROOT)} lacks {', '.join(sorted(lacking))}"
        for folder in sorted(folders)
        if (lacking := NOTICE_FILES - {path.name for path in folder.iterdir()})
    ]
    assert not findings, told(findings, "Write the missing file; body.html extends notices/base.html.")


def test_every_notice_that_is_sent_has_its_folder():
    """`notice("name", …)` finds templates/notices/name/."""
    folders = {path.parent.name for path in templates() if path.parent.parent.name == "notices"}
    named = re.compile(r"""\bnotice\(\s*["']([a-z0-9_/-]+)["']""")
    findings = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        for name in named.findall(path.read_text())
        if name.rpartition("/")[2] not in folders
    ]
    assert not findings, told(findings, "Add templates/notices/<name>/ to the room that sends it.")
