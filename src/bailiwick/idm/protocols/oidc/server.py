"""Authlib's authorization server on our clients, codes and tokens. It parses and signs; our checks come before it.

It reads parameters from where we say (`asked`), never from wherever a request carries them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from django.http import HttpRequest, HttpResponse, JsonResponse

from bailiwick.ground.program import by
from bailiwick.ground.rulings import By
from bailiwick.idm.protocols.oidc.assertions import authenticate
from bailiwick.idm.protocols.oidc.clients import AUTHENTICATION, RegisteredClient, client_with_id
from bailiwick.idm.protocols.oidc.endpoints import Introspection, Revocation
from bailiwick.idm.protocols.oidc.grants import CodeGrant, IdToken, MachineGrant, RefreshGrant
from bailiwick.idm.protocols.oidc.parameters import Parameters


class Request(OAuth2Request):
    """A checked request. It does not call Authlib's constructor, which refuses http:// even behind a TLS proxy."""

    def __init__(self, request: HttpRequest, asked: Parameters, *, now: datetime) -> None:
        self.method = request.method
        self.uri = request.build_absolute_uri(request.path)
        self.headers = request.headers
        self.payload = BasicOAuth2Payload(dict(asked.values))
        self.client = self.auth_method = self.user = None
        self.authorization_code = self.refresh_token = self.credential = None
        self._scope = self._body = None
        self.now = now
        self.source = by(request).source

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data

    @property
    def args(self) -> dict[str, str]:
        return self.payload.data

    def by_client(self) -> By:
        """The client that authenticated, as the actor on the ledger."""
        return By(f"client:{self.client.client_id}", self.source)


class Server(AuthorizationServer):
    def query_client(self, client_id: str) -> RegisteredClient | None:
        return client_with_id(client_id)

    def create_oauth2_request(self, request: Request) -> Request:
        return request

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: what happens is written by actions."""

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> HttpResponse:
        response = (
            JsonResponse(body, status=status) if isinstance(body, dict) else HttpResponse(body, status=status)
        )
        for name, value in headers:
            response[name] = value
        return response


class S256Only(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)
    CODE_CHALLENGE_METHODS: dict[str, Callable[[str, str], bool]] = {
        "S256": CodeChallenge.CODE_CHALLENGE_METHODS["S256"]
    }


def _make_server() -> Server:
    server = Server()
    server.register_client_auth_method(AUTHENTICATION, authenticate)
    server.register_grant(CodeGrant, [S256Only(required=True), IdToken()])
    server.register_grant(RefreshGrant, [IdToken()])
    server.register_grant(MachineGrant)
    server.register_endpoint(Introspection)
    server.register_endpoint(Revocation)
    return server


server = _make_server()
