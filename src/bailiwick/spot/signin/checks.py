"""The ordered checks of the doors that IDM's answers come through: callback, ID token, logout token.

Each check is one clause of its specification, in security order; the first that fails decides.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict

from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.discovery import issuer
from bailiwick.spot.identity.tokens import InvalidTokenError, open_token
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.signin import Logout, Refusal, SignIn, SubjectChange
from bailiwick.spot.signin.secrets import digest, half_hash
from bailiwick.wire.claims import ACR_ORDER
from bailiwick.wire.events import BACKCHANNEL_LOGOUT, SUBJECT_CHANGED

LONGEST_PARAMETER = 2000
LONGEST_NAME = 200
NAMES_OF_CALLBACK = ("state", "code", "iss", "error")
ID_TOKEN_TYPES = frozenset({None, "jwt"})
LOGOUT_TOKEN_TYPES = frozenset({"logout+jwt"})
EVENT_TOKEN_TYPES = frozenset({"secevent+jwt"})
ID_TOKEN_OLDEST = timedelta(minutes=10)


@dataclass(frozen=True)
class Callback:
    """The parameters of an answer, each given once; "" where it was not."""

    state: str
    code: str
    iss: str
    error: str


def callback(query: QueryDict) -> Callback:
    """Read the answer's parameters. Raises Refused where one is doubled, too long or not printable ASCII."""
    values = {name: query.getlist(name) for name in NAMES_OF_CALLBACK}
    for given in values.values():
        if len(given) > 1 or any(value and not _is_plain(value, LONGEST_PARAMETER) for value in given):
            raise Refused(Refusal.MALFORMED)
    return Callback(**{name: "".join(given) for name, given in values.items()})


def id_token(text: str, *, nonce_digest: bytes, access_token: str, now: datetime, limits: Limits) -> SignIn:
    """OpenID Connect Core 3.1.3.7 and 2. Raises InvalidTokenError, Refused (too weak), UnansweredError."""
    claims = open_token(text, types=ID_TOKEN_TYPES).claims
    facts = _Facts(claims, now, limits, nonce_digest=nonce_digest, access_token=access_token)
    _all_hold(ID_TOKEN_CHECKS, facts)
    if ACR_ORDER.index(claims["acr"]) < ACR_ORDER.index(settings.ENVIRONMENT.minimum_acr):
        raise Refused(Refusal.TOO_WEAK)
    return SignIn(
        sub=claims["sub"],
        sid=claims["sid"],
        acr=claims["acr"],
        amr=tuple(claims["amr"]),
        auth_time=_instant(claims["auth_time"]),
        issued_at=_instant(claims["iat"]),
    )


def logout_token(text: object, *, now: datetime, limits: Limits) -> Logout:
    """OpenID Connect Back-Channel Logout 2.6. Raises InvalidTokenError, UnansweredError."""
    claims = open_token(text, types=LOGOUT_TOKEN_TYPES).claims
    _all_hold(LOGOUT_TOKEN_CHECKS, _Facts(claims, now, limits))
    return Logout(
        jti=claims["jti"],
        sub=claims.get("sub", ""),
        sid=claims.get("sid", ""),
        issued_at=_instant(claims["iat"]),
    )


def event_token(text: object, *, now: datetime, limits: Limits) -> SubjectChange:
    """RFC 8417, of the one event that SPOT listens to. Raises InvalidTokenError, UnansweredError."""
    claims = open_token(text, types=EVENT_TOKEN_TYPES).claims
    _all_hold(EVENT_TOKEN_CHECKS, _Facts(claims, now, limits))
    return SubjectChange(
        sub=claims["sub"],
        merged_into=claims["events"][SUBJECT_CHANGED]["merged_into"],
        happened_at=_instant(claims["toe"]),
    )


@dataclass(frozen=True)
class _Facts:
    claims: dict[str, Any]
    now: datetime
    limits: Limits
    nonce_digest: bytes = b""
    access_token: str = ""

    def seconds(self, name: str) -> float | None:
        """How long ago the instant in that claim was; None where there is no such instant."""
        value = self.claims.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**40:
            return None
        return self.now.timestamp() - value


Check = Callable[[_Facts], bool]


def _all_hold(checks: dict[str, Check], facts: _Facts) -> None:
    for name, holds in checks.items():
        if not holds(facts):
            raise InvalidTokenError(name)


def _of_issuer(facts: _Facts) -> bool:
    return facts.claims.get("iss") == issuer()


def _for_spot_alone(facts: _Facts) -> bool:
    client_id = settings.ENVIRONMENT.client_id
    return (
        facts.claims.get("aud") in (client_id, [client_id])
        and facts.claims.get("azp", client_id) == client_id
    )


def _not_expired(facts: _Facts) -> bool:
    seconds = facts.seconds("exp")
    return seconds is not None and seconds < facts.limits.clock_difference.total_seconds()


def _issued_lately(longest: Callable[[Limits], timedelta]) -> Check:
    def issued_lately(facts: _Facts) -> bool:
        return _is_between(facts, "iat", longest(facts.limits))

    return issued_lately


def _is_between(facts: _Facts, name: str, longest: timedelta) -> bool:
    seconds, difference = facts.seconds(name), facts.limits.clock_difference.total_seconds()
    return seconds is not None and -difference <= seconds <= longest.total_seconds() + difference


def _answers_this_attempt(facts: _Facts) -> bool:
    nonce = facts.claims.get("nonce")
    return isinstance(nonce, str) and hmac.compare_digest(digest(nonce), facts.nonce_digest)


def _names(*names: str) -> Check:
    def names_them(facts: _Facts) -> bool:
        return all(_is_name(facts.claims.get(name)) for name in names)

    return names_them


def _says_how(facts: _Facts) -> bool:
    amr = facts.claims.get("amr")
    return (
        facts.claims.get("acr") in ACR_ORDER and isinstance(amr, list) and all(_is_name(item) for item in amr)
    )


def _says_when(facts: _Facts) -> bool:
    return _is_between(facts, "auth_time", facts.limits.longest_session)


def _is_of_access_token(facts: _Facts) -> bool:
    return "at_hash" not in facts.claims or facts.claims["at_hash"] == half_hash(facts.access_token)


def _names_whom(facts: _Facts) -> bool:
    given = [facts.claims[name] for name in ("sub", "sid") if name in facts.claims]
    return bool(given) and all(_is_name(value) for value in given)


def _is_logout_event(facts: _Facts) -> bool:
    events = facts.claims.get("events")
    return isinstance(events, dict) and isinstance(events.get(BACKCHANNEL_LOGOUT), dict)


def _has_happened(facts: _Facts) -> bool:
    """RFC 8417's `toe`, with parts of a second: an event is told later, and never before it has happened."""
    at, latest = facts.claims.get("toe"), facts.now + facts.limits.clock_difference
    return isinstance(at, int | float) and not isinstance(at, bool) and 0 < at <= latest.timestamp()


def _is_subject_event(facts: _Facts) -> bool:
    events = facts.claims.get("events")
    told = events.get(SUBJECT_CHANGED) if isinstance(events, dict) else None
    survivor = told.get("merged_into") if isinstance(told, dict) else None
    return survivor == "" or (_is_name(survivor) and survivor != facts.claims["sub"])


def _has_no_nonce(facts: _Facts) -> bool:
    return "nonce" not in facts.claims


ID_TOKEN_CHECKS: dict[str, Check] = {
    "iss": _of_issuer,
    "aud": _for_spot_alone,
    "exp": _not_expired,
    "iat": _issued_lately(lambda _limits: ID_TOKEN_OLDEST),
    "nonce": _answers_this_attempt,
    "sub, sid": _names("sub", "sid"),
    "acr, amr": _says_how,
    "auth_time": _says_when,
    "at_hash": _is_of_access_token,
}

LOGOUT_TOKEN_CHECKS: dict[str, Check] = {
    "iss": _of_issuer,
    "aud": _for_spot_alone,
    "exp": _not_expired,
    "iat": _issued_lately(lambda limits: limits.logout_token_lasts),
    "sub, sid": _names_whom,
    "events": _is_logout_event,
    "nonce": _has_no_nonce,
    "jti": _names("jti"),
}

EVENT_TOKEN_CHECKS: dict[str, Check] = {
    "iss": _of_issuer,
    "aud": _for_spot_alone,
    "exp": _not_expired,
    "iat": _issued_lately(lambda limits: limits.logout_token_lasts),
    "toe": _has_happened,
    "sub, jti": _names("sub", "jti"),
    "events": _is_subject_event,
}


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _is_plain(value, LONGEST_NAME)


def _is_plain(value: str, longest: int) -> bool:
    return 0 < len(value) <= longest and value.isascii() and value.isprintable()
