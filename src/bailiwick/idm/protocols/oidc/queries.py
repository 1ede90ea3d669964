"""Reading tokens and the people behind them. What is found is judged anew each time: nothing is trusted for its age."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BinaryField

from bailiwick.ground.statements import Read
from bailiwick.idm.access.queries import grants_for_claims, waiting_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.proofing.queries import assurance_level
from bailiwick.idm.protocols.oidc import claims
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.grants import APPROVING
from bailiwick.idm.rules.oidc import FamilyFacts, is_family_live
from bailiwick.idm.sessions.models import ApplicationSession, TokenFamily
from bailiwick.wire.claims import WAITING_CLAIM, GrantClaim

ABOVE = "application_session__session__account__person"
FAMILY_HEX = 32
LONGEST_TOKEN = 200

# Asked whenever an application asks again (O-5).
_with_access = Read(
    lambda digest: TokenFamily.objects.select_related(ABOVE).filter(access_digest=digest),
    digest=BinaryField(),
)


def family_of_code(digest: bytes) -> TokenFamily | None:
    return TokenFamily.objects.select_related(ABOVE).filter(code_digest=digest).first()


def family_of_access_token(token: str) -> TokenFamily | None:
    """The family whose access token this is, and was not replaced since; live or not."""
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    return _with_access.first(digest=hashlib.sha256(token.encode()).digest())


def family_of_refresh_token(token: str) -> TokenFamily | None:
    """The family that the refresh token names, whether or not it is the one in force."""
    family, dot, secret = token.partition(".")
    if len(family) != FAMILY_HEX or not dot or not secret or len(token) > LONGEST_TOKEN:
        return None
    try:
        identifier = UUID(hex=family)
    except ValueError:
        return None
    return (
        TokenFamily.objects.select_related(ABOVE).filter(pk=identifier, refresh_digest__isnull=False).first()
    )


def is_live(presence: ApplicationSession, *, now: datetime) -> bool:
    """Whether somebody may still come in by this application session."""
    return is_family_live(_facts(presence, None, now), now=now)


def is_family_in_force(family: TokenFamily, *, now: datetime) -> bool:
    """Whether the family's tokens still mean something (O-5, AX15)."""
    return is_family_live(_facts(family.application_session, family, now), now=now)


def _facts(presence: ApplicationSession, family: TokenFamily | None, now: datetime) -> FamilyFacts:
    session = presence.session
    return FamilyFacts(
        family_ended_at=family.ended_at if family else None,
        presence_ended_at=presence.ended_at,
        session_ended_at=session.ended_at,
        expires_at=family.expires_at if family else datetime.max.replace(tzinfo=now.tzinfo),
        is_account_active=session.account.state == Account.State.ACTIVE,
    )


def grants_in(account: Account, application: Application, *, now: datetime) -> list[GrantClaim]:
    """The person's active grants in this application (O-3)."""
    return grants_for_claims(account, application.code, now=now)


def person(account: Account, application: Application, *, scope: str, now: datetime) -> dict[str, Any] | None:
    """The person's claims for this application; None without an active grant in it (O-2, O-3)."""
    return told(account, grants_in(account, application, now=now), scope=scope)


def told(account: Account, grants: list[GrantClaim], *, scope: str) -> dict[str, Any] | None:
    """The same of grants that were read already."""
    if not grants:
        return None
    return claims.of_person(account, scope=scope, assurance=assurance_level(account), grants=grants)


def waiting(
    account: Account, application: Application, grants: list[GrantClaim], *, as_desk: bool, now: datetime
) -> dict[str, Any]:
    """What waits in this application for the person to decide (M-4); {} for who decides nothing there.

    By what they hold in it, most are known to decide nothing; only whose session is a desk's may hold more elsewhere.
    """
    if not as_desk and not any(grant.standing in APPROVING for grant in grants):
        return {}
    found = waiting_in(account, application, as_desk=as_desk, now=now)
    return {WAITING_CLAIM: found.to_json()} if found else {}
