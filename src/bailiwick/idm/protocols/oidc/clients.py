"""The applications' clients as Authlib wants to meet them. They live in memory, from the application files (O-6)."""

import functools
import json
from pathlib import Path
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.catalogue import Application, Client

AUTHENTICATION = "private_key_jwt"
ALGORITHMS = ("ES256", "RS256", "PS256")
MACHINE_SCOPES = frozenset({"provisioning"})


class RegisteredClient(ClientMixin):
    """One application's client. Everything about it is decided by its entry in the catalogue."""

    def __init__(self, application: Application, entry: Client) -> None:
        self.application = application
        self.entry = entry
        self.client_id = entry.client_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a client always says where to."""

    def get_allowed_scope(self, scope: str) -> str:
        """Exactly what was asked; `checks` has refused what may not be."""
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Character by character (AX12)."""
        return redirect_uri in self.entry.redirect_uris

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - Authlib's signature
        return method == AUTHENTICATION

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        allowed = {"authorization_code": True, "refresh_token": self.entry.may_refresh}
        allowed["client_credentials"] = bool(MACHINE_SCOPES.intersection(self.entry.scopes))
        return allowed.get(grant_type, False)

    @property
    def person_scopes(self) -> frozenset[str]:
        """What it may ask for in a person's name."""
        return frozenset(self.entry.scopes) - MACHINE_SCOPES

    @property
    def machine_scopes(self) -> frozenset[str]:
        """What it may ask for in its own name."""
        return MACHINE_SCOPES.intersection(self.entry.scopes)

    @property
    def keys(self) -> KeySet:
        """Its public keys; an empty set where its file is missing or unreadable: it cannot authenticate then."""
        path = Path(self.entry.keys_file)
        try:
            changed = path.stat()
        except OSError:
            return KeySet([])
        return _key_set(path, changed.st_mtime_ns, changed.st_ino)


@functools.lru_cache(maxsize=100)
def _key_set(path: Path, _changed: int, _inode: int) -> KeySet:
    try:
        return KeySet.import_key_set(_public(json.loads(path.read_text())))
    except (OSError, ValueError, KeyError, TypeError, JoseError):
        return KeySet([])


def _public(data: dict[str, Any]) -> dict[str, Any]:
    """Only asymmetric keys: a shared secret in the file could make anybody who reads it the client."""
    return {"keys": [key for key in data["keys"] if key.get("kty") in {"EC", "RSA"}]}


@functools.cache
def _registered() -> dict[str, RegisteredClient]:
    return {
        application.client.client_id: RegisteredClient(application, application.client)
        for application in catalogue().applications
        if application.client
    }


def client_with_id(client_id: str) -> RegisteredClient | None:
    return _registered().get(client_id)
