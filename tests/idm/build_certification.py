"""Roles that are due for certification, and those who certify them, as plain functions."""

from datetime import date, datetime

from bailiwick.idm.access import actions
from bailiwick.idm.access.actions import Review, certify
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import certification_lines
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import SignInStrength
from tests.idm.build_access import COMMAND, DAY, NOON, STRONG, by, end_user, grant_of

TODAY = day_of(NOON, zone())


def due(account: Account, days: int = 10, **where: object) -> Grant:
    """Let somebody's role be due so many days after NOON. It was used that long, too, or it would rest."""
    grant = grant_of(account, **where)
    grant.certify_by = TODAY + days * DAY
    grant.last_sign_in_at = NOON + max(0, days) * DAY
    grant.save(update_fields=["certify_by", "last_sign_in_at"])
    return grant


def due_end_user(place: object, days: int = 10) -> Grant:
    return due(end_user(of=place), days)


def digest_of(grant: Grant, certifier: Account, *, now: datetime = NOON) -> str:
    """Of what the certifier is shown now."""
    return certification_lines([grant.pk], certifier, strength=STRONG, now=now)[grant.pk].digest


def certified(
    grant: Grant,
    certifier: Account,
    *,
    now: datetime = NOON,
    digest: str = "",
    strength: SignInStrength = STRONG,
    comment: str = "",
) -> Grant:
    """The certifier opens the line, and certifies what they see."""
    seen = digest or digest_of(grant, certifier, now=now)
    review = Review(grant, seen, comment)
    return certify(review=review, certifier=certifier, strength=strength, by=by(certifier), now=now)


def restored(
    grant: Grant, certifier: Account, *, now: datetime, digest: str = "", comment: str = ""
) -> Grant:
    """The certifier opens the line, and restores what they see."""
    seen = digest or digest_of(grant, certifier, now=now)
    review = Review(grant, seen, comment)
    return actions.restore_missed(
        review=review, certifier=certifier, strength=STRONG, by=by(certifier), now=now
    )


def lapsed(grant: Grant, *, now: datetime) -> Grant:
    """The round writes down that nobody certified it."""
    actions.record_endings(by=COMMAND, now=now)
    grant.refresh_from_db()
    return grant


def rounds(now: datetime) -> tuple[int, int, int]:
    """What the nightly job does: opened, certifiers told, holders warned."""
    opened = actions.open_certifications(by=COMMAND, now=now)
    return opened, actions.tell_certifiers(now=now), actions.warn_holders(now=now)


def outcomes(grant: Grant) -> list[tuple[date, str]]:
    return list(Certification.objects.filter(grant=grant).order_by("due_on").values_list("due_on", "outcome"))
