"""The only writer of application sessions and token families, but for their ending with the session above them.

Tokens are returned once, to whoever asked; the rows keep digests.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.ground.statements import Insert
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions.keys import digest_of, new_secret
from bailiwick.idm.sessions.models import ApplicationSession, Session, TokenFamily

_write_family = Insert(TokenFamily)


@dataclass(frozen=True, repr=False)
class Tokens:
    """What the application gets, once. `refresh` is "" where it may not refresh."""

    access: str
    refresh: str
    expires_at: datetime


def open_application_session(
    *, session: Session, application: str, client_id: str, now: datetime
) -> ApplicationSession:
    """The session's presence in the application, made at the first entry. Its id is the `sid` of all its tokens."""
    wanted = {"session": session, "application": application, "ended_at": None}
    found = ApplicationSession.objects.filter(**wanted).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return ApplicationSession.objects.create(**wanted, client_id=client_id, started_at=now)
    except IntegrityError:  # another tab was faster
        return ApplicationSession.objects.get(**wanted)


def open_family(
    *,
    presence: ApplicationSession,
    code_digest: bytes,
    scope: str,
    refreshes: bool,
    now: datetime,
    limits: Limits,
) -> tuple[TokenFamily, Tokens]:
    """Use an authorization code by inserting what grows from it. Raises IntegrityError where it was used before.

    Without refresh the access token lives as long as the sign-in may: it is opaque, and judged anew at each use.
    """
    session = presence.session
    family = TokenFamily(
        application_session=presence,
        client_id=presence.client_id,
        scope=scope,
        acr=session.acr,
        amr=session.amr,
        authenticated_at=session.factor_at,
        code_digest=code_digest,
        created_at=now,
        expires_at=session.created_at + limits.longest_session,
    )
    tokens = _issue(family, refreshes=refreshes, now=now, limits=limits)
    _write_family.row(family)
    return family, tokens


def _issue(family: TokenFamily, *, refreshes: bool, now: datetime, limits: Limits) -> Tokens:
    """Put new tokens' digests into the family, unsaved, and return the tokens."""
    ends = min(family.expires_at, now + limits.access_token_life) if refreshes else family.expires_at
    tokens = Tokens(
        access=new_secret(), refresh=f"{family.pk.hex}.{new_secret()}" if refreshes else "", expires_at=ends
    )
    family.access_digest = digest_of(tokens.access)
    family.access_expires_at = ends
    family.refresh_digest = digest_of(tokens.refresh) if refreshes else None
    return tokens


def rotate(*, family: TokenFamily, refresh: str, now: datetime, limits: Limits) -> Tokens | None:
    """Exchange the refresh token in force for new tokens. None where it is not (or no longer) the one in force.

    The guarded update decides between parallel requests: one of them gets tokens.
    """
    if family.refresh_digest is None or not hmac.compare_digest(
        bytes(family.refresh_digest), digest_of(refresh)
    ):
        return None
    in_force = TokenFamily.objects.filter(
        pk=family.pk, refresh_digest=digest_of(refresh), ended_at__isnull=True
    )
    tokens = _issue(family, refreshes=True, now=now, limits=limits)
    won = in_force.update(
        access_digest=family.access_digest,
        access_expires_at=family.access_expires_at,
        refresh_digest=family.refresh_digest,
    )
    return tokens if won else None


def end_family(*, family: TokenFamily, why: EndReason, by: By, now: datetime) -> None:
    """Kill every token that grew from one code. Ending it again does nothing."""
    with transaction.atomic():
        ended = TokenFamily.objects.filter(pk=family.pk, ended_at__isnull=True).update(
            ended_at=now, end_reason=why
        )
        if ended:
            append(
                Deed.TOKEN_FAMILY_REVOKED,
                by=by,
                now=now,
                subject=str(family.application_session.session.account_id),
                application=family.application_session.application,
                why=why,
            )
