"""Authorization codes: sealed notes that IDM hands to the browser and gets back from the application.

Nothing is stored when a code is made. It opens for its own client only (the seal is bound to it), says what it was made
for, and is used by inserting its token family under the digest of its bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bailiwick.idm.protocols.oidc import notes

PLACE = "oidc.authorization_code"


@dataclass(frozen=True)
class Code:
    """What an authorization request was granted. `sid` is the application session's id."""

    sid: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    is_interactive: bool
    issued_at: datetime
    digest: bytes = b""

    # Authlib asks its questions by these names.
    code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


def seal(code: Code) -> str:
    """The code as the application gets it: printable, bound to its client."""
    issued = int(code.issued_at.timestamp() * 1000)
    says = [
        code.sid,
        code.redirect_uri,
        code.scope,
        code.nonce,
        code.code_challenge,
        code.is_interactive,
        issued,
    ]
    return notes.write(says, place=PLACE, row=code.client_id)


def unseal(text: str, *, client_id: str) -> Code | None:
    """What the code says, if this client was given it; else None."""
    note = notes.read(text, place=PLACE, row=client_id)
    if note is None:
        return None
    sid, redirect_uri, scope, nonce, challenge, is_interactive, issued = note.says
    return Code(
        sid=sid,
        client_id=client_id,
        redirect_uri=redirect_uri,
        scope=scope,
        nonce=nonce,
        code_challenge=challenge,
        is_interactive=is_interactive,
        issued_at=datetime.fromtimestamp(issued / 1000, UTC),
        digest=note.digest,
    )
