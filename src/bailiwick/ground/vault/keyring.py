"""The named keys of a program: they come from a provider (`providers`), never from the database (L-4).

A ring is `{name: current id, {id: 32 bytes}}`. The newest key stands last. A key that is there and not yet current is
being distributed: everybody reads with it, nobody writes with it.
"""

import base64
import binascii
import json
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

NAMES = ("pii", "digest", "ssn", "pepper", "outbox")
KEY_BYTES = 32
LONGEST_ID = 32
LOOKS_EVERY_SECONDS = 1.0
FIRST = "1"

logger = structlog.get_logger(__name__)


class KeyMissingError(Exception):
    """A key that the program needs is not there, or cannot be used as it is; the message says which, where and what to do."""


@dataclass(frozen=True, repr=False)
class KeyRing:
    """The keys as they were at one moment. Old keys stay until nothing is left that was made with them."""

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

    def all(self, name: str) -> dict[str, bytes]:
        """Every key of that name by id, the current one first."""
        current, keys = self._named(name)
        return {current: keys[current]} | keys

    def newest(self, name: str) -> str:
        """The id of the key that was added last."""
        return list(self._named(name)[1])[-1]

    def _named(self, name: str) -> tuple[str, dict[str, bytes]]:
        try:
            return self.keys[name]
        except KeyError:
            raise KeyMissingError(f"The key ring has no key named {name}.") from None


class Provider(Protocol):
    """Where a ring comes from: a file, a token, the environment."""

    where: str

    def stamp(self) -> object:
        """Something that differs once the ring was changed."""

    def load(self) -> KeyRing:
        """The ring. Raises KeyMissingError with a sentence for the operator."""

    def store(self, ring: KeyRing) -> None:
        """Put a changed ring in the place of the old one, whole or not at all. Raises KeyMissingError where it cannot."""


class LiveRing:
    """The ring of a running program: looked at again every second, so that a new key needs no restart."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._stamp = provider.stamp()
        self._ring = provider.load()
        self._looked_at = time.monotonic()
        self._lock = threading.Lock()

    def current(self, name: str) -> tuple[str, bytes]:
        """The id and bytes of the key to write with."""
        return self.ring().current(name)

    def key(self, name: str, identifier: str) -> bytes:
        """The bytes of one key, to read with. Raises KeyMissingError."""
        try:
            return self._ring.key(name, identifier)
        except KeyMissingError:
            return self.ring(at_once=True).key(name, identifier)

    def all(self, name: str) -> dict[str, bytes]:
        """Every key of that name by id, the current one first."""
        return self.ring().all(name)

    def ring(self, *, at_once: bool = False) -> KeyRing:
        """The ring as the provider has it now. One that cannot be read leaves the program with the ring it has."""
        now = time.monotonic()
        if not at_once and now - self._looked_at < LOOKS_EVERY_SECONDS:
            return self._ring
        with self._lock:
            self._looked_at = now
            try:
                stamp = self.provider.stamp()
                if stamp != self._stamp:
                    self._ring, self._stamp = self.provider.load(), stamp
                    logger.info("key_ring_read_again", where=self.provider.where)
            except KeyMissingError as error:
                logger.warning("key_ring_unreadable", why=str(error))
            return self._ring


def parse(text: str, where: str) -> dict[str, Any]:
    """The ring's JSON, looked at as a whole; the keys still as text. Raises KeyMissingError."""
    try:
        data = json.loads(text)
        lacking = [name for name in NAMES if name not in data]
        is_ring = all(
            isinstance(data[name]["current"], str) and isinstance(data[name]["keys"], dict)
            for name in NAMES
            if name in data
        )
    except (ValueError, TypeError, KeyError):
        is_ring, lacking = False, []
    if not is_ring:
        raise KeyMissingError(f"{where} is no key ring (JSON as docs/vault.md describes it).")
    if lacking:
        raise KeyMissingError(f"{where} lacks the key named {lacking[0]}.")
    known: dict[str, Any] = data
    return known


def checked(name: str, current: str, held: dict[str, bytes], where: str) -> tuple[str, dict[str, bytes]]:
    """One name's keys, where they can be used. Raises KeyMissingError."""
    if current not in held:
        raise KeyMissingError(f"{where}: of {name}, the current key {current} is not there.")
    for identifier, key in held.items():
        if len(key) != KEY_BYTES:
            raise KeyMissingError(
                f"{where}: the key {name}/{identifier} has {len(key)} bytes; every key has {KEY_BYTES}."
            )
        if not 0 < len(identifier) <= LONGEST_ID or not identifier.isascii():
            raise KeyMissingError(f"{where}: a key id of {name} is empty, too long or not plain.")
    return current, held


def decoded(text: str, label: str, where: str) -> bytes:
    """The bytes of one key. Raises KeyMissingError, which never repeats the text."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise KeyMissingError(f"{where}: the key {label} is not base64.") from None


def from_text(text: str, where: str) -> KeyRing:
    """A ring whose keys stand in the JSON as they are."""
    data = parse(text, where)
    return KeyRing(
        {
            name: checked(
                name,
                data[name]["current"],
                {id_: decoded(key, f"{name}/{id_}", where) for id_, key in data[name]["keys"].items()},
                where,
            )
            for name in NAMES
        }
    )


def to_text(ring: KeyRing) -> str:
    """The JSON of a ring, its keys as they are."""
    return json.dumps(
        {
            name: {
                "current": current,
                "keys": {identifier: base64.b64encode(key).decode() for identifier, key in held.items()},
            }
            for name, (current, held) in ring.keys.items()
        },
        indent=1,
    )


def fresh_ring() -> KeyRing:
    """A ring of new random keys."""
    return KeyRing({name: (FIRST, {FIRST: secrets.token_bytes(KEY_BYTES)}) for name in NAMES})


def with_new_key(ring: KeyRing, name: str) -> KeyRing:
    """The ring with one more key of that name, which is not yet current. Ids count up and are never used twice."""
    current, held = ring.keys[name]
    identifier = str(max(int(known) for known in held if known.isdecimal()) + 1)
    return KeyRing(ring.keys | {name: (current, held | {identifier: secrets.token_bytes(KEY_BYTES)})})


def switched(ring: KeyRing, name: str) -> KeyRing:
    """The ring that writes with the newest key of that name."""
    return KeyRing(ring.keys | {name: (ring.newest(name), ring.keys[name][1])})


def without(ring: KeyRing, name: str, identifier: str) -> KeyRing:
    """The ring without one key, which must not be the current one."""
    current, held = ring.keys[name]
    if identifier == current:
        raise KeyMissingError(f"{name}/{identifier} is the key in use; rotate first.")
    return KeyRing(
        ring.keys | {name: (current, {id_: key for id_, key in held.items() if id_ != identifier})}
    )


def read(path: Path) -> KeyRing:
    """Read and check a key file. Raises KeyMissingError with a sentence for the operator."""
    from bailiwick.ground.vault.providers import KeyFile

    return KeyFile(path).load()


def create(path: Path) -> None:
    """Write a new key file, readable by its owner alone. Leaves an existing file as it is, also when two programs race."""
    from bailiwick.ground.vault.providers import write_new

    write_new(path, to_text(fresh_ring()))


def open_ring(
    path: Path, *, development: bool, inline: str = "", token: dict[str, str] | None = None
) -> LiveRing:
    """The program's key ring. A development run makes its own; production starts only with the one it was given.

    `inline`: the ring itself, from the environment, in a development run only. `token`: module, label, key and pin file of
    a PKCS#11 token that holds the key with which the file's keys are wrapped. Raises KeyMissingError.
    """
    from bailiwick.ground.vault.providers import Inline, KeyFile
    from bailiwick.ground.vault.token import TokenFile

    if inline:
        if not development:
            raise KeyMissingError("Keys in the environment are for development runs: give a key file.")
        return LiveRing(Inline(inline))
    if token and any(token.values()):
        return LiveRing(TokenFile(path, **token))
    if development and not path.exists():
        create(path)
    return LiveRing(KeyFile(path))
