"""The operator makes key files and rotates signing keys by a command."""

import json

import pytest

from bailiwick.command.main import main


@pytest.mark.parametrize("kind", ["ring", "signing", "client"])
def test_a_key_file_is_made_once_and_for_its_owner_alone(kind, tmp_path):
    """The second time nothing is overwritten, and the command says so. [L-4]"""
    path = tmp_path / "keys.json"
    assert main(["keys", "make", kind, str(path)]) == 0
    made = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["keys", "make", kind, str(path)]) == 1
    assert path.read_bytes() == made


def test_a_rotation_keeps_what_was_signed_before_checkable(tmp_path):
    """The next key becomes the current one, the current one stays as the previous. [L-4]"""
    path = tmp_path / "keys.json"
    main(["keys", "make", "signing", str(path)])
    before = json.loads(path.read_text())["ES256"]
    assert main(["keys", "rotate-signing", str(path)]) == 0
    after = json.loads(path.read_text())["ES256"]
    assert (after["current"], after["previous"]) == (before["next"], before["current"])


def test_rotating_what_is_not_there_says_so(tmp_path):
    """A wrong path changes nothing. [L-4]"""
    assert main(["keys", "rotate-signing", str(tmp_path / "none.json")]) == 1
