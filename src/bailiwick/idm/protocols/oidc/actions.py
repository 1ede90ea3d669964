"""The only writer of the OpenID Provider: what a code, a refresh token or an assertion changes, each in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.statements import InsertOnce
from bailiwick.idm.access.actions import enter
from bailiwick.idm.access.queries import grants_for_claims
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.protocols.oidc import queries
from bailiwick.idm.protocols.oidc.codes import Code
from bailiwick.idm.protocols.oidc.models import UsedAssertion
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.oidc import Refusal, is_code_fresh
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import TokenFamily
from bailiwick.idm.sessions.queries import application_session

# At every request of a machine; committed by itself, so that a request which fails later cannot be shown again.
_use = InsertOnce(UsedAssertion)


@dataclass(frozen=True, repr=False)
class Issued:
    """New tokens, and what the ID token says beside them."""

    tokens: sessions.Tokens
    family: TokenFamily
    account: Account
    person: dict[str, Any]


def use_assertion(*, client_id: str, jti: str, kept: timedelta, now: datetime) -> bool:
    """Note that this assertion was used, for as long as it could be shown again.

    False if it was used before, also by a request at the same instant (AX27).
    """
    return _use(client_id=client_id, jti=jti, expires_at=now + kept)


def forget_used_assertions(*, now: datetime) -> None:
    """Assertions that have expired are refused for their age; their names need not be kept."""
    UsedAssertion.objects.filter(expires_at__lt=now).delete()


def exchange_code(*, code: Code, application: Application, by: By, now: datetime) -> Issued:
    """Tokens for a code, and the sign-in stamped if the person chose it (I-1). Raises Refused.

    A code that comes a second time kills whatever the first one brought (RFC 6749, 4.1.2; AX14).
    """
    try:
        with transaction.atomic():
            issued = _first_use(code, application, by, now)
    except IntegrityError:
        _kill(queries.family_of_code(code.digest), Refusal.CODE_USED, by, now)
    return issued


def _first_use(code: Code, application: Application, by: By, now: datetime) -> Issued:
    limits = settings.LIMITS
    presence = application_session(code.sid)
    if presence is None or not queries.is_live(presence, now=now):
        raise Refused(Refusal.SESSION_OVER)
    may_refresh = "offline_access" in code.scope.split()
    family, tokens = sessions.open_family(
        presence=presence,
        code_digest=code.digest,
        scope=code.scope,
        refreshes=may_refresh,
        now=now,
        limits=limits,
    )
    if not is_code_fresh(code.issued_at, now=now, limits=limits):
        raise Refused(Refusal.CODE_TOO_OLD)
    account = presence.session.account
    at = {"account": account, "application": application.code, "now": now}
    grants = enter(**at, by=by) if code.is_interactive else grants_for_claims(**at)
    person = queries.told(account, grants, scope=code.scope)
    if person is None:
        raise Refused(Refusal.NO_GRANT)
    append(
        Deed.APPLICATION_SIGN_IN,
        by=by,
        now=now,
        subject=str(account.pk),
        application=application.code,
        about={"interactive": code.is_interactive, "acr": family.acr},
    )
    return Issued(tokens, family, account, person)


def refresh(*, family: TokenFamily, token: str, application: Application, by: By, now: datetime) -> Issued:
    """New tokens for a refresh token (O-1). Raises Refused; a token that was used before kills the family (AX14)."""
    account = family.application_session.session.account
    if not queries.is_family_in_force(family, now=now):
        raise Refused(Refusal.SESSION_OVER)
    person = queries.person(account, application, scope=family.scope, now=now)
    if person is None:
        raise Refused(Refusal.NO_GRANT)
    with transaction.atomic():
        tokens = sessions.rotate(family=family, refresh=token, now=now, limits=settings.LIMITS)
    if tokens is None:
        _kill(family, Refusal.TOKEN_REUSED, by, now)
    return Issued(tokens, family, account, person)


def _kill(family: TokenFamily | None, why: Refusal, by: By, now: datetime) -> None:
    if family is not None:
        sessions.end_family(family=family, why=EndReason.TOKEN_REUSED, by=by, now=now)
    raise Refused(why)


def revoke(*, family: TokenFamily, by: By, now: datetime) -> None:
    """The application gives its tokens back (RFC 7009)."""
    sessions.end_family(family=family, why=EndReason.TOKEN_REVOKED, by=by, now=now)


def refuse_entry(*, account: Account, application: str, why: str, by: By, now: datetime) -> None:
    """Record that somebody came to an application without a grant in it (O-2, L-2)."""
    append(
        Deed.APPLICATION_SIGN_IN_REFUSED,
        by=by,
        now=now,
        subject=str(account.pk),
        application=application,
        why=why,
        outcome="refused",
    )


def refuse_client(*, application: str, why: str, by: By, now: datetime) -> None:
    """Record that somebody failed to authenticate as the application's client (L-2)."""
    append(Deed.CLIENT_REFUSED, by=by, now=now, application=application, why=why, outcome="refused")
