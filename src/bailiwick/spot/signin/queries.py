"""Reading sessions and sign-ins under way; and what the rest of SPOT sees of a person who is signed in."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.tokens import unverified_claims
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.sessions import Reach
from bailiwick.spot.rules.signin import Refusal
from bailiwick.spot.signin import secrets
from bailiwick.spot.signin.models import LoginAttempt, Session
from bailiwick.wire.claims import USER_ID_CLAIM, GrantClaim, grant_from_json


@dataclass(frozen=True)
class Opened:
    """The secrets of a sign-in that has just begun."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class SignedIn:
    """The person behind a request. `account_id` is IDM's `sub`; grants are as IDM told within the last minutes."""

    session: Session
    grants: tuple[GrantClaim, ...]
    reach: Reach

    @property
    def account_id(self) -> str:
        return self.session.person.sub

    @property
    def name(self) -> str:
        return self.session.person.name

    @property
    def user_id(self) -> str:
        return self.session.person.user_id

    @property
    def email(self) -> str:
        return secrets.unseal(self.session.email_sealed, place=secrets.EMAIL, row=self.session.pk)

    @property
    def is_read_only(self) -> bool:
        return self.reach is Reach.READ_ONLY


def signed_in(session: Session, reach: Reach) -> SignedIn:
    return SignedIn(
        session=session, grants=tuple(grant_from_json(item) for item in session.grants), reach=reach
    )


def session_of(key: str) -> Session | None:
    """The session whose cookie that is, ended or not."""
    return Session.objects.select_related("person").filter(key_digest=secrets.digest(key)).first()


def attempt_of(*, state: str, browser: str, now: datetime, limits: Limits) -> LoginAttempt:
    """The sign-in that `state` continues in this browser. Raises Refused, saying which way it is not one (AX25)."""
    if not state:
        raise Refused(Refusal.STATE_MISSING)
    attempt = LoginAttempt.objects.filter(state_digest=secrets.digest(state)).first()
    if attempt is None:
        raise Refused(Refusal.STATE_UNKNOWN)
    if not browser or not hmac.compare_digest(bytes(attempt.browser_digest), secrets.digest(browser)):
        raise Refused(Refusal.OTHER_WINDOW)
    if attempt.used_at is not None:
        raise Refused(Refusal.ATTEMPT_USED)
    if now - attempt.started_at >= limits.attempt_lasts:
        raise Refused(Refusal.ATTEMPT_TOO_OLD)
    return attempt


def access_token(session: Session) -> str:
    return secrets.unseal(session.access_token_sealed, place=secrets.ACCESS_TOKEN, row=session.pk)


def logout_hint(session: Session) -> str:
    """The session's ID token, for the URL that ends the sign-in at IDM; "" where it names the person.

    A URL stays in histories and logs: nothing personal may be in it.
    """
    token = secrets.unseal(session.id_token_sealed, place=secrets.ID_TOKEN, row=session.pk)
    return "" if PERSONAL_CLAIMS & unverified_claims(token).keys() else token


PERSONAL_CLAIMS = frozenset({"name", "given_name", "family_name", "email", "phone_number", USER_ID_CLAIM})
