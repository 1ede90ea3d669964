"""A person comes back from IDM: from the answer in the URL to a session, each step in security order (O-1, M-3).

The network calls lie between the transactions, never inside one. Whatever goes wrong is one Refused.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.http import QueryDict

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.calls import DeclinedError, Tokens, Told, exchange_code, still_told
from bailiwick.spot.identity.client import NotSetUpError
from bailiwick.spot.identity.discovery import issuer
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.identity.tokens import InvalidTokenError
from bailiwick.spot.rules.signin import Refusal, SignIn, refusal_for
from bailiwick.spot.signin import actions, checks, queries
from bailiwick.spot.signin.models import LoginAttempt, Session

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Arrived:
    """Signed in. `key` is for the browser's cookie and exists nowhere else. `language`: the account's, as IDM tells it."""

    session: Session
    key: str
    goes_to: str
    language: str


def arrive(
    query: QueryDict, *, browser: str, redirect_uri: str, replaces: Session | None, by: By, now: datetime
) -> Arrived:
    """Turn IDM's answer into a session. Raises Refused with one of rules.signin.Refusal, and records it (L-2)."""
    try:
        answer = checks.callback(query)
        attempt = queries.attempt_of(state=answer.state, browser=browser, now=now, limits=settings.LIMITS)
        tokens, sign_in, told = _asked(answer, attempt, redirect_uri, by, now)
        session, key = actions.begin_session(
            sign_in=sign_in, tokens=tokens, told=told, replaces=replaces, by=by, now=now
        )
    except Refused as refused:
        # A visitor without a sign-in under way is somebody who followed a link: nothing happened that concerns anyone.
        if browser:
            actions.note_refusal(refusal=Refusal(refused.code), by=by, now=now)
        raise
    return Arrived(session=session, key=key, goes_to=attempt.goes_to, language=told.locale)


def _asked(
    answer: checks.Callback, attempt: LoginAttempt, redirect_uri: str, by: By, now: datetime
) -> tuple[Tokens, SignIn, Told]:
    """What IDM gives for the answer's code, checked. The attempt is used up whatever comes of it."""
    if answer.iss != issuer():
        raise Refused(Refusal.OTHER_ISSUER)
    verifier = actions.use_attempt(attempt=attempt, by=by, now=now)
    if answer.error:
        raise Refused(refusal_for(answer.error))
    if not answer.code:
        raise Refused(Refusal.MALFORMED)
    try:
        tokens = exchange_code(code=answer.code, verifier=verifier, redirect_uri=redirect_uri, now=now)
        sign_in = _sign_in(tokens, attempt, now)
        return tokens, sign_in, _told(tokens, sign_in, now)
    except NotSetUpError as error:
        logger.error("SPOT cannot say who it is", reason=str(error))  # noqa: TRY400 - the sentence says where
        raise Refused(Refusal.NOT_SET_UP) from None
    except UnansweredError as error:
        logger.warning("IDM gave no usable answer", reason=str(error))
        raise Refused(Refusal.UNANSWERED) from None
    except DeclinedError as error:
        logger.warning("IDM declined the code", error=error.error, status=error.status)
        raise Refused(
            Refusal.CODE_REFUSED if error.error == "invalid_grant" else Refusal.NOT_SET_UP
        ) from None


def _sign_in(tokens: Tokens, attempt: LoginAttempt, now: datetime) -> SignIn:
    try:
        return checks.id_token(
            tokens.id_token,
            nonce_digest=bytes(attempt.nonce_digest),
            access_token=tokens.access_token,
            now=now,
            limits=settings.LIMITS,
        )
    except InvalidTokenError as error:
        logger.error("an ID token was not valid", check=str(error))  # noqa: TRY400 - where it happened says nothing
        raise Refused(Refusal.TOKEN_INVALID) from None


def _told(tokens: Tokens, sign_in: SignIn, now: datetime) -> Told:
    told = still_told(access_token=tokens.access_token, now=now)
    if told is None or not told.grants:
        raise Refused(Refusal.ACCESS_ENDED)
    if told.sub != sign_in.sub:
        raise Refused(Refusal.TOKEN_INVALID)
    return told
