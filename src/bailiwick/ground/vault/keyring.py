"""The named keys of a program: read from one file at start, never from the database (L-4)."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

NAMES = ("pii", "digest", "ssn", "pepper", "outbox")
KEY_BYTES = 32


class KeyMissingError(Exception):
    """A key that the program needs is not in the ring; the message says which and where."""


@dataclass(frozen=True, repr=False)
class KeyRing:
    """`{name: (current id, {id: 32 bytes})}`. Old keys stay readable until everything was sealed anew."""

    keys: dict[str, tuple[str, dict[str, bytes]]]

    def current(self, name: str) -> tuple[str, bytes]:
        """The id and bytes of the key to write with."""
        identifier, keys = self._named(name)
        return identifier, keys[identifier]

    def key(self, name: str, identifier: str) -> bytes:
        """The bytes of one key, to read with. Raises KeyMissingError."""
        try:
            return self._named(name)[1][identifier]
        except KeyError:
            raise KeyMissingError(f"The key ring has no key {name}/{identifier}.") from None

    def _named(self, name: str) -> tuple[str, dict[str, bytes]]:
        try:
            return self.keys[name]
        except KeyError:
            raise KeyMissingError(f"The key ring has no key named {name}.") from None


def read(path: Path) -> KeyRing:
    """Read and check a key file. Raises KeyMissingError with a sentence for the operator."""
    try:
        data = json.loads(path.read_text())
    except FileNotFoundError:
        raise KeyMissingError(
            f"There is no key file at {path}. Restore it from its safe place; without it nothing sealed can be read."
        ) from None
    except ValueError:
        raise KeyMissingError(f"The key file at {path} is not JSON.") from None
    keys = {}
    for name in NAMES:
        if name not in data:
            raise KeyMissingError(f"The key file at {path} lacks the key named {name}.")
        held = {identifier: base64.b64decode(text) for identifier, text in data[name]["keys"].items()}
        current = data[name]["current"]
        if current not in held or any(len(key) != KEY_BYTES for key in held.values()):
            raise KeyMissingError(
                f"The key named {name} in {path} is incomplete: its current key must be there, each of 32 bytes."
            )
        keys[name] = (current, held)
    return KeyRing(keys)


def create(path: Path) -> None:
    """Write a new key file, readable by its owner alone. Leaves an existing file as it is, also when two programs race."""
    ring = {
        name: {"current": "1", "keys": {"1": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}}
        for name in NAMES
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(ring, indent=1))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def open_ring(path: Path, *, development: bool) -> KeyRing:
    """The program's key ring. A development run makes its own; production starts only with the one it was given."""
    if development and not path.exists():
        create(path)
    return read(path)
