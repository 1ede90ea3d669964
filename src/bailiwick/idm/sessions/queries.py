"""Reading sessions. Nothing found here is trusted until its times were judged (S-8)."""

from datetime import datetime
from uuid import UUID

from django.db.models import BinaryField, QuerySet, UUIDField

from bailiwick.ground.rulings import No, Yes
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.devices import LinkFacts, may_disown
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import Stage, is_live
from bailiwick.idm.sessions.keys import digest_of
from bailiwick.idm.sessions.models import ApplicationSession, DisowningLink, Session

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
    account = session.account
    if account.state != "active" or account.frozen_at is not None:
        return None
    # A factor reset ends every session from its time on, whether or not it is written down by then (P-9, I-2).
    due_at = account.reset_due_at
    return None if due_at and session.created_at < due_at <= now else session


def open_sessions(account: Account, *, now: datetime, limits: Limits) -> list[Session]:
    """The account's sessions that live now, newest first (S-7)."""
    rows = Session.objects.filter(account=account, ended_at__isnull=True).order_by("-created_at")
    rows = rows.select_related("device").prefetch_related("application_sessions")
    return [session for session in rows if is_live(session.times, now=now, limits=limits)]


def application_session(identifier: str) -> ApplicationSession | None:
    """The application session of that `sid`, with its session, account and person; else None."""
    return _presence.first(key=UUID(identifier))


def present_among(accounts: QuerySet, application: str, *, since: datetime) -> QuerySet:
    """The ids, among those accounts', of who came into the application since then and was not signed out of it."""
    rows = ApplicationSession.objects.filter(
        session__account__in=accounts, application=application, started_at__gte=since, ended_at__isnull=True
    )
    return rows.values("session__account")


def signed_in_sessions(account: Account, *, now: datetime, limits: Limits) -> list[Session]:
    """Those of them in which the second step was taken: what the holder sees and ends (S-7)."""
    return [each for each in open_sessions(account, now=now, limits=limits) if each.stage != Stage.PASSWORD]


def disowning_link(token: str) -> DisowningLink | None:
    """The link of that token in any state, with session and account (S-9)."""
    if not token or len(token) > LONGEST_COOKIE:
        return None
    rows = DisowningLink.objects.select_related("session__account", "session__device")
    return rows.filter(token_digest=digest_of(token)).first()


def disowned_times(account: Account) -> list[tuple[datetime, datetime]]:
    """From when till when somebody else was signed in, as the holder said: each disowned sign-in and its disowning (S-9)."""
    links = DisowningLink.objects.filter(session__account=account, used_at__isnull=False)
    return list(links.values_list("session__created_at", "used_at"))


def disowning_ruling(link: DisowningLink | None, *, now: datetime) -> Yes | No:
    """Whether the link may be used at `now`, and else why not (S-9)."""
    facts = link and LinkFacts(expires_at=link.expires_at, is_used=link.used_at is not None)
    return may_disown(facts, now=now)
