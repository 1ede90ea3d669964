"""Where IDM's doors are, read from its discovery document; the issuer must be exactly the one in the settings."""

from dataclasses import dataclass

from django.conf import settings

from bailiwick.spot.identity.http import UnansweredError, ask, origin
from bailiwick.spot.identity.kept import Kept

KEPT_SECONDS = 600.0
DEADLINE_SECONDS = 4.0
OK = 200


@dataclass(frozen=True)
class Endpoints:
    """Absolute URLs, all of the issuer's own origin."""

    issuer: str
    authorization: str
    token: str
    introspection: str
    keys: str
    end_session: str


NAMES = {
    "authorization": "authorization_endpoint",
    "token": "token_endpoint",
    "introspection": "introspection_endpoint",
    "keys": "jwks_uri",
    "end_session": "end_session_endpoint",
}


def issuer() -> str:
    """IDM's issuer, as this deployment names it."""
    return settings.ENVIRONMENT.idm_url.rstrip("/")


def endpoints(*, younger_than: float | None = None) -> Endpoints:
    """IDM's endpoints, at most ten minutes (or `younger_than` seconds) old. Raises UnansweredError."""
    return _KEPT.get(issuer(), younger_than=younger_than)


def _fetch(wanted: str) -> Endpoints:
    answer = ask("GET", f"{wanted}/.well-known/openid-configuration", deadline=DEADLINE_SECONDS)
    if answer.status != OK:
        raise UnansweredError("no discovery document")
    document = answer.json()
    if document.get("issuer") != wanted:
        raise UnansweredError("another issuer answers at IDM's address")
    urls = {name: document.get(key) for name, key in NAMES.items()}
    if not all(isinstance(url, str) and origin(url) == origin(wanted) for url in urls.values()):
        raise UnansweredError("the discovery document is incomplete")
    return Endpoints(issuer=wanted, **urls)


_KEPT = Kept(_fetch, seconds=KEPT_SECONDS)
forget = _KEPT.forget
