"""Telling both sides of roles that ended by themselves: the holder, and those who decide on such roles (C-3, I-5, N-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import application_words, of_grant, send
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.grants import EndReason

MOST_LISTED = 30


def tell_holder_of_ends(holder: Account, grants: Sequence[Grant], *, now: datetime) -> None:
    """One mail of all that ended for them in one application."""
    _send("roles-ended", holder, grants, total=len(grants), now=now)


def tell_decider_of_ends(decider: Account, grants: Sequence[Grant], *, total: int, now: datetime) -> None:
    """One mail of all that ended in one application where they decide: `total`, of which it lists the first."""
    _send("people-lost-roles", decider, grants, total=total, now=now)


def _send(name: str, to: Account, grants: Sequence[Grant], *, total: int, now: datetime) -> None:
    first, listed = grants[0], grants[:MOST_LISTED]
    context = {
        "application_short": catalogue().remembered(first.application).short_name,
        "roles": [_line(grant) for grant in listed],
        "total": total,
        "more": total - len(listed),
        "can_be_restored": any(grant.end_reason == EndReason.CERTIFICATION_MISSED for grant in listed),
        "late_restore": settings.LIMITS.late_restore.days,
    }
    key = f"ended:{first.pk}:{first.ended_at.isoformat()}:{to.pk}"
    send(name, to, key=key, now=now, context=application_words(first.application) | context)


def _line(grant: Grant) -> dict[str, Any]:
    return of_grant(grant) | {
        "holder": full_name(grant.account),
        "user_id": grant.account.user_id,
        "end_reason": grant.end_reason,
        "ends_on": grant.ends_on,
        "certify_by": grant.certify_by,
    }
