"""The questions SPOT asks IDM. Each sends one authenticated request and returns a closed answer or raises.

UnansweredError: nothing can be concluded, ask again later. DeclinedError: IDM understood and said no.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from bailiwick.spot.identity.client import authentication
from bailiwick.spot.identity.discovery import endpoints, issuer
from bailiwick.spot.identity.http import Answer, UnansweredError, ask
from bailiwick.spot.identity.sparing import Sparing
from bailiwick.wire.claims import (
    GRANTS_CLAIM,
    USER_ID_CLAIM,
    WAITING_CLAIM,
    GrantClaim,
    WaitingClaim,
    grant_from_json,
    waiting_from_json,
)

ASKING_AGAIN_SECONDS = 4.0
LONGEST_TOKEN = 4096
LONGEST_NAME = 200
OK = 200
TAKEN = frozenset({200, 201, 204})
REFUSED_FOR_GOOD = frozenset({400, 409, 413, 415, 422})
TOO_MANY = 429
PROVISIONING_SCOPE = "provisioning"


_SPARING = Sparing()
forget = _SPARING.forget


class DeclinedError(Exception):
    """IDM said no. `error` is its code, one short word of the protocol, never shown to a person."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass(frozen=True)
class Tokens:
    access_token: str
    id_token: str


@dataclass(frozen=True)
class Told:
    """What IDM says now of the person behind an access token (O-3). `waiting`: None where it does not tell (M-4)."""

    sub: str
    user_id: str
    name: str
    email: str
    grants: tuple[GrantClaim, ...]
    waiting: WaitingClaim | None = None
    locale: str = ""


def exchange_code(*, code: str, verifier: str, redirect_uri: str, now: datetime) -> Tokens:
    """Exchange an authorization code. Raises DeclinedError, UnansweredError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }
    data = _granted(_post(endpoints().token, form, now))
    return Tokens(access_token=_token(data, "access_token"), id_token=_text(data, "id_token", 16_384))


def still_told(*, access_token: str, now: datetime) -> Told | None:
    """What holds for this token now (O-5), or None where it is not active any more. Raises UnansweredError."""
    form = {"token": access_token, "token_type_hint": "access_token"}
    with _SPARING.asking():
        answer = _post(endpoints().introspection, form, now, deadline=ASKING_AGAIN_SECONDS)
    if answer.status != OK:
        # Refused as a client, or too often: this says nothing about the person.
        raise UnansweredError(f"introspection answered {answer.status}")
    data = answer.json()
    if data.get("active") is False:
        return None
    if data.get("active") is not True:
        raise UnansweredError("introspection says neither yes nor no")
    if data.get("client_id", settings.ENVIRONMENT.client_id) != settings.ENVIRONMENT.client_id:
        raise UnansweredError("a token of another client")
    return _told(data)


def provision(method: str, path: str, document: Any, *, now: datetime) -> Answer:
    """Send one document to IDM's provisioning API (O-4), `path` below `/api/v1`; a token is fetched for each.

    Raises DeclinedError where IDM refused this document for good, UnansweredError for whatever may pass.
    """
    form = {"grant_type": "client_credentials", "scope": PROVISIONING_SCOPE}
    try:
        token = _token(_granted(_post(endpoints().token, form, now)), "access_token")
    except DeclinedError as refused:
        # Who SPOT is was not accepted: that is put right by an operator, and says nothing about the document.
        raise UnansweredError(f"no provisioning token: {refused.error}") from None
    answer = ask(method, f"{issuer()}/api/v1/{path}", document=document, bearer=token)
    if answer.status in REFUSED_FOR_GOOD:
        raise DeclinedError(answer.status, _error(answer))
    if answer.status not in TAKEN:
        raise UnansweredError(f"provisioning answered {answer.status}")
    return answer


def _post(url: str, form: dict[str, str], now: datetime, *, deadline: float = 10.0) -> Answer:
    # The issuer is the audience (RFC 7523bis): an assertion for IDM is of no use to anybody else.
    return ask("POST", url, form={**form, **authentication(audience=issuer(), now=now)}, deadline=deadline)


def _granted(answer: Answer) -> dict[str, Any]:
    if answer.status == TOO_MANY:
        raise UnansweredError("too many requests")
    if answer.status != OK:
        raise DeclinedError(answer.status, _error(answer))
    data = answer.json()
    if str(data.get("token_type", "")).lower() != "bearer":
        raise UnansweredError("an unknown kind of token")
    return data


def _error(answer: Answer) -> str:
    try:
        data = answer.json()
    except UnansweredError:
        return "unnamed"
    # OAuth says "error", the provisioning API says "code".
    error = data.get("error", data.get("code"))
    return error if isinstance(error, str) and len(error) <= 80 and error.isprintable() else "unnamed"  # noqa: PLR2004


def _token(data: dict[str, Any], name: str) -> str:
    token = _text(data, name, LONGEST_TOKEN)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise UnansweredError("malformed token")
    return token


def _text(data: dict[str, Any], name: str, longest: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise UnansweredError(f"{name} is missing or too long")
    return value


def _told(data: dict[str, Any]) -> Told:
    listed = data.get(GRANTS_CLAIM)
    if not isinstance(listed, list):
        raise UnansweredError("no list of grants")
    try:
        grants = tuple(grant_from_json(item) for item in listed)
    except (KeyError, TypeError, AttributeError):
        raise UnansweredError("malformed grants") from None
    return Told(
        sub=_text(data, "sub", LONGEST_NAME),
        user_id=_text(data, USER_ID_CLAIM, LONGEST_NAME),
        name=_text(data, "name", LONGEST_NAME),
        email=_text(data, "email", LONGEST_NAME),
        grants=grants,
        waiting=waiting_from_json(data.get(WAITING_CLAIM)),
        locale=str(data.get("locale") or ""),
    )
