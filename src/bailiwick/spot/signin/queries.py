"""Reading sessions and sign-ins under way; and what the rest of SPOT sees of a person who is signed in."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.tokens import unverified_claims
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.sessions import Reach
from bailiwick.spot.rules.signin import Refusal
from bailiwick.spot.signin import secrets
from bailiwick.spot.signin.models import CAPACITY, FirstEntry, LoginAttempt, Person, Session
from bailiwick.wire.claims import USER_ID_CLAIM, GrantClaim, WaitingClaim, grant_from_json, waiting_from_json

STANDINGS = {
    "approver": _("Approver"),
    "backup": _("Backup approver"),
    "end_user": _("End user"),
    "desk": _("Help desk"),
}


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
    # On the desk's pages somebody works as the desk, whatever they chose for the others.
    is_at_desk: bool = False

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
    def waiting(self) -> WaitingClaim | None:
        """What waited at IDM for them to decide when it was last asked, at the session's `confirmed_at` (M-4)."""
        return waiting_from_json(self.session.waiting)

    @property
    def is_read_only(self) -> bool:
        return self.reach is Reach.READ_ONLY

    @property
    def working_as(self) -> GrantClaim | None:
        """The grant that the person chose to work as, else the first that IDM tells; checked against what it tells now (M-2)."""
        chosen = [grant for grant in self.grants if self._is_chosen(grant)]
        return next(iter([*chosen, *self.grants]), None)

    def _is_chosen(self, grant: GrantClaim) -> bool:
        return grant.standing == DESK if self.is_at_desk else grant.id == self.session.working_grant

    @property
    def working_provider(self) -> UUID | None:
        """The provider they chose beside it; None stands for all that the organization serves."""
        grant = self.working_as
        is_of_grant = grant is not None and grant.id == self.session.working_grant
        return self.session.working_provider if is_of_grant else None

    @property
    def capacity(self) -> str:
        """What stands with every record they make, on the ledger and off it: ids and codes only, read by `capacity_words`."""
        return self.capacity_by(self.working_as) if self.working_as else ""

    def capacity_by(self, grant: GrantClaim) -> str:
        """The same for what they make by this role of theirs; with a provider where they work as it (M-2)."""
        is_working = self.working_as is not None and self.working_as.id == grant.id
        place, provider = grant.organization, str((is_working and self.working_provider) or "")
        at = place.submitter_id if place else ""
        return f"{grant.id}/{grant.standing}/{at}/{provider}".rstrip("/")[:CAPACITY]


def signed_in(session: Session, reach: Reach) -> SignedIn:
    return SignedIn(
        session=session, grants=tuple(grant_from_json(item) for item in session.grants), reach=reach
    )


def instant(text: str) -> datetime | None:
    """An instant as IDM writes it; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def capacity_words(stamped: str) -> list[str | Promise]:
    """As what somebody made a record (M-2): standing and submitter ID, as far as known; [] where nobody was signed in."""
    _grant, standing, submitter_id, *_provider = [*stamped.split("/"), "", ""]
    return [STANDINGS[standing], *filter(None, (submitter_id,))] if standing in STANDINGS else []


def names_of(subs: Iterable[str]) -> dict[str, str]:
    """The names of the people whom IDM knows by these, as last seen."""
    issuer = settings.ENVIRONMENT.idm_url.rstrip("/")
    return dict(Person.objects.filter(issuer=issuer, sub__in=set(subs)).values_list("sub", "name"))


def first_entries(submitter_ids: Iterable[str]) -> dict[str, FirstEntry]:
    """Of those, the organizations for which somebody has entered, with when (B-3)."""
    rows = FirstEntry.objects.filter(submitter_id__in=set(submitter_ids))
    return {row.submitter_id: row for row in rows}


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


DESK = "desk"
PERSONAL_CLAIMS = frozenset({"name", "given_name", "family_name", "email", "phone_number", USER_ID_CLAIM})
