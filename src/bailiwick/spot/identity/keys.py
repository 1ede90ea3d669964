"""IDM's public keys by their id. A key id that is not known makes SPOT look once more, so that rotation needs no restart."""

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey

from bailiwick.spot.identity.discovery import endpoints
from bailiwick.spot.identity.http import UnansweredError, ask
from bailiwick.spot.identity.kept import Kept

KEPT_SECONDS = 3600.0
# Anybody can send a token with an invented key id; it may not make SPOT ask IDM more often than this.
LOOKED_AGAIN_AFTER_SECONDS = 2.0
MOST_KEYS = 20
OK = 200


def key_named(kid: str) -> Key | None:
    """The signing key with that id, or None where IDM has none such. Raises UnansweredError."""
    url = endpoints().keys
    key = _KEPT.get(url).get(kid)
    return key or _KEPT.get(url, younger_than=LOOKED_AGAIN_AFTER_SECONDS).get(kid)


def _fetch(url: str) -> dict[str, Key]:
    answer = ask("GET", url)
    listed = answer.json().get("keys") if answer.status == OK else None
    if not isinstance(listed, list):
        raise UnansweredError("no keys")
    keys = [_signing_key(data) for data in listed[:MOST_KEYS]]
    return {str(key.kid): key for key in keys if key is not None}


def _signing_key(data: object) -> Key | None:
    """Only asymmetric keys made for signatures: a shared secret in a public list is no key at all."""
    if not isinstance(data, dict) or not data.get("kid") or data.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, ECKey | RSAKey) else None


_KEPT = Kept(_fetch, seconds=KEPT_SECONDS)
forget = _KEPT.forget
