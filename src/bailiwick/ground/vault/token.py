"""A key file whose keys are wrapped by a key that never leaves a PKCS#11 token (L-4).

Each key is AES-256-GCM under the token's key, with the key's name and id as associated data: two of them cannot be
exchanged. The token is asked at start and when the file changes, never for a request.
"""

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bailiwick.ground.vault.keyring import (
    KEY_BYTES,
    NAMES,
    KeyMissingError,
    KeyRing,
    checked,
    decoded,
    fresh_ring,
    parse,
)
from bailiwick.ground.vault.providers import KeyFile, read_private, replace, write_new

NONCE_BYTES = 12
TAG_BITS = 128


class TokenFile(KeyFile):
    """`module`: the token's library; `label`: the token's; `key`: of the wrapping key; `pin_file`: private, one line."""

    def __init__(self, path: Path, *, module: str, label: str, key: str, pin_file: str) -> None:
        super().__init__(path)
        if not (module and label and key and pin_file):
            raise KeyMissingError("A PKCS#11 token needs all of: module, token label, key label, PIN file.")
        self.module, self.label, self.key, self.pin_file = module, label, key, Path(pin_file)

    def load(self) -> KeyRing:
        """The ring, unwrapped by the token."""
        data = parse(read_private(self.path, self.where), self.where)
        wrapped_by = data.get("wrapped_by")
        if wrapped_by != self.key:
            raise KeyMissingError(
                f"{self.where} is wrapped by {wrapped_by!r}, not by the token's key {self.key!r}."
            )
        with self._wrapping_key() as wrapping:
            return KeyRing({name: self._unwrapped(wrapping, name, data[name]) for name in NAMES})

    def store(self, ring: KeyRing) -> None:
        """Replace the file, its keys wrapped."""
        replace(self.path, self._text(ring))

    def create(self) -> None:
        """Write a new file; one that is there stays. Raises KeyMissingError."""
        write_new(self.path, self._text(fresh_ring()))

    def has_wrapping_key(self) -> bool:
        """Whether the token has a key of that label. Raises KeyMissingError where the token cannot be asked."""
        import pkcs11
        from pkcs11.exceptions import PKCS11Error

        pin = read_private(self.pin_file, f"The PIN file at {self.pin_file}").strip()
        try:
            with pkcs11.lib(self.module).get_token(token_label=self.label).open(user_pin=pin) as session:
                return any(session.get_objects({pkcs11.Attribute.LABEL: self.key}))
        except (PKCS11Error, RuntimeError) as error:
            raise KeyMissingError(
                f"The token {self.label!r} cannot be asked ({type(error).__name__})."
            ) from None

    def _text(self, ring: KeyRing) -> str:
        with self._wrapping_key() as wrapping:
            wrapped = {
                name: {
                    "current": current,
                    "keys": {id_: _wrap(wrapping, name, id_, key) for id_, key in held.items()},
                }
                for name, (current, held) in ring.keys.items()
            }
        return json.dumps({"wrapped_by": self.key} | wrapped, indent=1)

    def _unwrapped(self, wrapping: Any, name: str, entry: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
        held = {
            id_: _unwrap(wrapping, name, id_, decoded(text, f"{name}/{id_}", self.where), self.where)
            for id_, text in entry["keys"].items()
        }
        return checked(name, entry["current"], held, self.where)

    @contextmanager
    def _wrapping_key(self) -> Iterator[Any]:
        """The token's key, while its session is open. Raises KeyMissingError, which never repeats the PIN."""
        import pkcs11
        from pkcs11.exceptions import PKCS11Error

        pin = read_private(self.pin_file, f"The PIN file at {self.pin_file}").strip()
        try:
            token = pkcs11.lib(self.module).get_token(token_label=self.label)
            with token.open(user_pin=pin) as session:
                yield session.get_key(
                    label=self.key, object_class=pkcs11.ObjectClass.SECRET_KEY, key_type=pkcs11.KeyType.AES
                )
        except (PKCS11Error, RuntimeError) as error:
            raise KeyMissingError(
                f"The token {self.label!r} does not give its key {self.key!r} ({type(error).__name__}): "
                "check the module, the labels and the PIN."
            ) from None


def wrap(path: Path, *, module: str, label: str, key: str, pin_file: str) -> None:
    """Wrap the keys of a file, plain or wrapped by another key of the token; make a wrapped file where there is none.

    The wrapping key is made where the token has none of that label. Raises KeyMissingError.
    """
    token = {"module": module, "label": label, "pin_file": pin_file}
    ring: KeyRing | None = None
    if path.exists():
        before = parse(read_private(path, f"The key file at {path}"), f"The key file at {path}").get(
            "wrapped_by"
        )
        ring = (TokenFile(path, key=before, **token) if before else KeyFile(path)).load()
    file = TokenFile(path, key=key, **token)
    if not file.has_wrapping_key():
        make_wrapping_key(key=key, **token)
    if ring is None:
        file.create()
    else:
        file.store(ring)


def make_wrapping_key(*, module: str, label: str, key: str, pin_file: str) -> None:
    """Make the AES-256 key in the token: sensitive, not extractable, to encrypt and decrypt only. Raises KeyMissingError."""
    import pkcs11
    from pkcs11.exceptions import PKCS11Error

    pin = read_private(Path(pin_file), f"The PIN file at {pin_file}").strip()
    use = pkcs11.MechanismFlag.ENCRYPT | pkcs11.MechanismFlag.DECRYPT
    locked = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
    try:
        token = pkcs11.lib(module).get_token(token_label=label)
        with token.open(rw=True, user_pin=pin) as session:
            if any(session.get_objects({pkcs11.Attribute.LABEL: key})):
                raise KeyMissingError(f"The token {label!r} has a key {key!r} already; it stays as it is.")
            session.generate_key(
                pkcs11.KeyType.AES, 8 * KEY_BYTES, label=key, store=True, capabilities=use, template=locked
            )
    except (PKCS11Error, RuntimeError) as error:
        raise KeyMissingError(f"The token {label!r} made no key ({type(error).__name__}).") from None


def _wrap(wrapping: Any, name: str, identifier: str, key: bytes) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed: bytes = wrapping.encrypt(key, **_gcm(nonce, name, identifier))
    return base64.b64encode(nonce + sealed).decode()


def _unwrap(wrapping: Any, name: str, identifier: str, blob: bytes, where: str) -> bytes:
    from pkcs11.exceptions import PKCS11Error

    try:
        key: bytes = wrapping.decrypt(blob[NONCE_BYTES:], **_gcm(blob[:NONCE_BYTES], name, identifier))
    except PKCS11Error:
        raise KeyMissingError(
            f"{where}: the token's key does not open {name}/{identifier}: it was wrapped by another, or changed."
        ) from None
    return key


def _gcm(nonce: bytes, name: str, identifier: str) -> dict[str, Any]:
    from pkcs11 import GCMParams, Mechanism

    bound = f"bailiwick key|{name}|{identifier}".encode()
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, bound, TAG_BITS)}
