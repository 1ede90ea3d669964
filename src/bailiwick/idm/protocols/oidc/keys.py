"""The keys that IDM signs with, and the bytes of its JWK set.

The file holds three generations of each algorithm: `next` is published before it signs, `previous` after it has, so that
an application which keeps the key set for a while never meets a signature it cannot check (AX24). Read again when
the file changes, so rotation needs no restart.
"""

import functools
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jwk import ECKey, KeySet, RSAKey

ALGORITHMS = ("ES256", "RS256")
RSA_BITS = 3_072
GENERATIONS = ("next", "current", "previous")


class SigningKeyMissingError(Exception):
    """There is no key to sign with; the message tells the operator what to do."""


@dataclass(frozen=True, repr=False)
class SigningKeys:
    """`current` by algorithm; `public` checks any signature of ours; `jwks` and its `etag` are what the world sees."""

    current: dict[str, ECKey | RSAKey]
    public: KeySet
    jwks: bytes
    etag: str


def signing_keys() -> SigningKeys:
    """The keys in force. Raises SigningKeyMissingError."""
    path = Path(settings.OIDC_KEYS_FILE)
    try:
        changed = path.stat()
    except FileNotFoundError:
        if not settings.DEVELOPMENT:
            raise SigningKeyMissingError(f"There is no file of signing keys at {path}.") from None
        create_development_keys(path)
        changed = path.stat()
    return _read(path, changed.st_mtime_ns, changed.st_ino)


@functools.lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _inode: int) -> SigningKeys:
    try:
        ring = json.loads(path.read_text())
        current = {name: _key(generations["current"]) for name, generations in ring.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise SigningKeyMissingError(
            f"The file of signing keys at {path} cannot be read: {error!r}."
        ) from None
    if "ES256" not in current:
        raise SigningKeyMissingError(f"The file of signing keys at {path} has no ES256 key.")
    raw = [ring[name][turn] for name in ring for turn in GENERATIONS if ring[name].get(turn)]
    public = KeySet([_key(entry) for entry in raw])
    jwks = json.dumps(public.as_dict(private=False), separators=(",", ":")).encode()
    return SigningKeys(current, public, jwks, f'"{hashlib.sha256(jwks).hexdigest()[:32]}"')


def _key(data: dict[str, Any]) -> ECKey | RSAKey:
    return ECKey.import_key(data) if data["kty"] == "EC" else RSAKey.import_key(data)


def _new_key(algorithm: str) -> dict[str, Any]:
    about = {"use": "sig", "alg": algorithm, "kid": secrets.token_urlsafe(12)}
    if algorithm == "ES256":
        return dict(ECKey.generate_key("P-256", about, private=True).as_dict(private=True))
    return dict(RSAKey.generate_key(RSA_BITS, about, private=True).as_dict(private=True))


def create_development_keys(path: Path, algorithms: tuple[str, ...] = ("ES256",)) -> None:
    """Write a first ring, readable by its owner alone. An existing file stays as it is, also when two programs race."""
    ring = {name: {"next": _new_key(name), "current": _new_key(name)} for name in algorithms}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _written(path, ring)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def rotate(path: Path) -> None:
    """Each key moves one generation on. Applications must have read the key set since the last rotation."""
    ring = json.loads(path.read_text())
    turned = {
        name: {
            "next": _new_key(name),
            "current": generations.get("next") or _new_key(name),
            "previous": generations["current"],
        }
        for name, generations in ring.items()
    }
    _written(path, turned).replace(path)


def _written(path: Path, ring: dict[str, Any]) -> Path:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(ring, indent=1))
    return fresh
