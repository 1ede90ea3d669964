"""Reading sessions. Nothing found here is trusted until its times were judged (S-8)."""

from datetime import datetime
from uuid import UUID

from django.db.models import BinaryField, UUIDField

from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import is_live
from bailiwick.idm.sessions.keys import digest_of
from bailiwick.idm.sessions.models import ApplicationSession, Session

LONGEST_COOKIE = 100

# Asked at every request, and at every exchange of a code.
_with_key = Read(
    lambda key: Session.objects.select_related("account__person").filter(key_digest=key), key=BinaryField()
)
_presence = Read(
    lambda key: ApplicationSession.objects.select_related("session__account__person").filter(pk=key),
    key=UUIDField(),
)


def session_of_cookie(value: str, *, now: datetime, limits: Limits) -> Session | None:
    """The live session of a live account that the cookie's value opens, of any stage; else None. One query."""
    if not value or len(value) > LONGEST_COOKIE or not value.isascii():
        return None
    session = _with_key.first(key=digest_of(value))
    if session is None or not is_live(session.times, now=now, limits=limits):
        return None
    return session if session.account.state == "active" else None


def open_sessions(account: Account, *, now: datetime, limits: Limits) -> list[Session]:
    """The account's sessions that live now, newest first (S-7)."""
    rows = Session.objects.filter(account=account, ended_at__isnull=True).order_by("-created_at")
    return [session for session in rows if is_live(session.times, now=now, limits=limits)]


def application_session(identifier: str) -> ApplicationSession | None:
    """The application session of that `sid`, with its session, account and person; else None."""
    return _presence.first(key=UUID(identifier))
