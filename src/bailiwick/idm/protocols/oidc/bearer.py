"""Access tokens of machines (client credentials): sealed notes, valid for minutes, checked without the database.

They carry the client and its scopes and nothing of a person. A client taken out of the catalogue is out at once.
"""

from datetime import UTC, datetime

from django.http import HttpRequest

from bailiwick.idm.protocols.oidc import notes
from bailiwick.idm.protocols.oidc.clients import client_with_id

PLACE = "oidc.machine_token"
PREFIX = "bwm_"


def issue(*, client_id: str, scope: str, expires_at: datetime) -> str:
    says = [client_id, scope, int(expires_at.timestamp())]
    return PREFIX + notes.write(says, place=PLACE, row="")


def bearer_of(request: HttpRequest) -> str:
    """The token of the Authorization header; "" without one, or with more than one word after the scheme."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token and token.isascii() and " " not in token else ""


def client_of(request: HttpRequest, *, scope: str, now: datetime) -> str | None:
    """The id of the calling client, if its token is live and carries `scope`; None answers 401."""
    token = bearer_of(request)
    note = notes.read(token.removeprefix(PREFIX), place=PLACE, row="") if token.startswith(PREFIX) else None
    if note is None:
        return None
    client_id, scopes, expires = note.says
    client = client_with_id(client_id)
    is_live = now < datetime.fromtimestamp(expires, UTC)
    if client is None or not is_live or scope not in scopes.split() or scope not in client.machine_scopes:
        return None
    return str(client_id)
