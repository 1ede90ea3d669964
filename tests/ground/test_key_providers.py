"""Key rings from files, tokens and the environment: usable ones start a program, all others stop it with a sentence. [L-4]"""

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from bailiwick.ground.vault import keyring
from bailiwick.ground.vault.keyring import KeyMissingError, LiveRing, create, open_ring, read
from bailiwick.ground.vault.providers import KeyFile

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


@pytest.fixture
def path(tmp_path):
    create(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def rewrite(path: Path, change) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_a_key_of_the_wrong_length_stops_the_start(path):
    """The sentence names the key and what it should be, never the key. [L-4]"""
    short = base64.b64encode(b"too short").decode()
    rewrite(path, lambda data: data["pii"]["keys"].update({"1": short}))
    with pytest.raises(KeyMissingError, match=r"pii/1 has 9 bytes; every key has 32") as refused:
        read(path)
    assert short not in str(refused.value)


def test_a_key_that_is_no_base64_stops_the_start(path):
    """Nor is what stands there repeated. [L-4]"""
    rewrite(path, lambda data: data["pii"]["keys"].update({"1": "se cret"}))
    with pytest.raises(KeyMissingError, match="pii/1 is not base64") as refused:
        read(path)
    assert "se cret" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"pii": 1}', '{"pii": {"current": 1, "keys": []}}'])
def test_what_is_no_key_ring_stops_the_start(path, text):
    """Any other file is a sentence, not a crash. [L-4]"""
    path.write_text(text)
    with pytest.raises(KeyMissingError):
        read(path)


def test_a_current_key_that_is_not_there_stops_the_start(path):
    """Nothing could be written. [L-4]"""
    rewrite(path, lambda data: data["ssn"].update(current="9"))
    with pytest.raises(KeyMissingError, match="of ssn, the current key 9 is not there"):
        read(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_stops_the_start(path, mode):
    """Its keys may be known already; the sentence says so. [L-4]"""
    path.chmod(mode)
    with pytest.raises(KeyMissingError, match="open to others"):
        read(path)


def test_keys_in_the_environment_are_for_development(path):
    """Environments end up in process lists, logs and crash reports. [L-4]"""
    inline = path.read_text()
    ring = open_ring(Path("nowhere"), development=True, inline=inline)
    assert ring.current("pii") == read(path).current("pii")
    with pytest.raises(KeyMissingError, match="development"):
        open_ring(path, development=False, inline=inline)
    with pytest.raises(KeyMissingError, match="cannot be changed"):
        ring.provider.store(read(path))


def test_a_running_program_takes_up_a_changed_ring(path):
    """A new key needs no restart, and a key that a value names is looked for at once. [L-4]"""
    ring = LiveRing(KeyFile(path))
    KeyFile(path).store(keyring.with_new_key(read(path), "pii"))
    assert ring.key("pii", "2") == read(path).key("pii", "2")
    assert ring.current("pii")[0] == "1"
    KeyFile(path).store(keyring.switched(read(path), "pii"))
    assert ring.ring(at_once=True).current("pii")[0] == "2"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_ring_that_becomes_unreadable_leaves_the_program_with_the_one_it_has(path):
    """A slip of the operator's hand stops nobody who runs. [L-4]"""
    ring = LiveRing(KeyFile(path))
    before = ring.current("pii")
    path.write_text("{")
    assert ring.ring(at_once=True).current("pii") == before
    path.unlink()
    assert ring.ring(at_once=True).current("pii") == before


def test_a_ring_shows_no_key_of_itself(path):
    """Whatever prints it, in a log or an error page. [INV-9]"""
    ring = read(path)
    assert base64.b64encode(ring.current("pii")[1]).decode() not in repr(ring)
    assert repr(ring.current("pii")[1]) not in repr(ring)


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A SoftHSM token with nothing in it, and how to reach it."""
    library = next((one for one in LIBRARIES if Path(one).exists()), None)
    if library is None:
        if os.environ.get("CI") == "true":
            pytest.fail("SoftHSM is not on this machine: apt install softhsm2")
        pytest.skip("SoftHSM is not on this machine: apt install softhsm2")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    pin = tmp_path / "pin"
    pin.touch(mode=0o600)
    pin.write_text("4711-trial\n")
    given = {"module": library, "label": "bailiwick", "key": "wrapping-1", "pin_file": str(pin)}
    return given, {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}


def in_a_process(
    code: str, environment: dict[str, str], **values: object
) -> subprocess.CompletedProcess[str]:
    """A token library is loaded once a process and reads its settings then: each trial has a process of its own."""
    import sys

    prelude = (
        "from pathlib import Path\n"
        "from bailiwick.ground.vault import keyring\n"
        "from bailiwick.ground.vault.keyring import KeyMissingError, open_ring\n"
        "from bailiwick.ground.vault.token import TokenFile, make_wrapping_key\n"
        + "".join(f"{name} = {value!r}\n" for name, value in values.items())
    )
    return subprocess.run(
        [sys.executable, "-c", prelude + code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


WHOLE = """
file = TokenFile(Path(path), **given)
make_wrapping_key(**given)
file.create()
text = Path(path).read_text()
ring = open_ring(Path(path), development=False, token=given)
import base64
assert base64.b64encode(ring.current("pii")[1]).decode() not in text
before = ring.current("pii")
ring.provider.store(keyring.with_new_key(ring.ring(), "pii"))
assert ring.key("pii", "1") == before[1] and ring.key("pii", "2") != before[1]
try:
    make_wrapping_key(**given)
    raise SystemExit("made twice")
except KeyMissingError as error:
    assert "already" in str(error)
import json
data = json.loads(Path(path).read_text())
data["pii"]["keys"]["1"], data["ssn"]["keys"]["1"] = data["ssn"]["keys"]["1"], data["pii"]["keys"]["1"]
Path(path).write_text(json.dumps(data))
try:
    open_ring(Path(path), development=False, token=given)
    raise SystemExit("exchanged keys opened")
except KeyMissingError as error:
    assert "does not open pii/1" in str(error), error
import pkcs11
with pkcs11.lib(given["module"]).get_token(token_label=given["label"]).open(user_pin="4711-trial") as session:
    key = session.get_key(label=given["key"])
    assert key[pkcs11.Attribute.SENSITIVE] and not key[pkcs11.Attribute.EXTRACTABLE]
    try:
        key[pkcs11.Attribute.VALUE]
        raise SystemExit("the wrapping key left the token")
    except pkcs11.exceptions.PKCS11Error:
        pass
print("whole")
"""
WRAP = """
from bailiwick.command.main import main
from bailiwick.ground.vault.keyring import create, read
words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value)]
create(Path(path))
plain = read(Path(path)).current("pii")
assert main(["keys", "wrap", path, *words]) == 0
assert open_ring(Path(path), development=False, token=given).current("pii") == plain
other = given | {"key": "wrapping-2"}
words = [word for name, value in other.items() for word in (f"--{name.replace('_', '-')}", value)]
assert main(["keys", "wrap", path, *words]) == 0
assert open_ring(Path(path), development=False, token=other).current("pii") == plain
try:
    open_ring(Path(path), development=False, token=given)
    raise SystemExit("the old wrapping key still opens")
except KeyMissingError:
    pass
"""
REFUSED = """
for change in ({"label": "another"}, {"key": "another"}, {"module": "/nowhere.so"}, {"pin_file": wrong_pin}, {"key": ""}):
    try:
        open_ring(Path(path), development=False, token=given | change)
        raise SystemExit(f"started with {change}")
    except KeyMissingError as error:
        assert "4711" not in str(error) and "0000" not in str(error)
        print(error)
"""


@pytest.mark.slow
def test_a_token_wraps_the_keys_and_keeps_its_own(token, tmp_path):
    """The file alone opens nothing, two wrapped keys cannot be exchanged, the wrapping key never leaves the token. [L-4]"""
    given, environment = token
    tool = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "bailiwick",
        "--pin",
        "4711-trial",
        "--so-pin",
        "so",
    ]
    done = subprocess.run(
        [*tool[:-1], "so-pin-1"], env=os.environ | environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    path = str(tmp_path / "wrapped.json")
    done = in_a_process(WHOLE, environment, given=given, path=path)
    assert done.stdout.endswith("whole\n"), done.stdout + done.stderr
    done = in_a_process(WRAP, environment, given=given, path=str(tmp_path / "plain.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong-pin"
    wrong.touch(mode=0o600)
    wrong.write_text("0000")
    done = in_a_process(REFUSED, environment, given=given, path=path, wrong_pin=str(wrong))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 5
