"""Telling somebody that their roles in an application near the day on which they rest, rest, or are back (I-3, I-4, N-1)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bailiwick.idm.access.notices import application_words, organization_words, send
from bailiwick.idm.access.queries.authority import spans_of, zone
from bailiwick.idm.access.queries.grants import GrantLine, ends_by_itself
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.days import day_of


def tell_nearing(
    holder: Account, active: Sequence[GrantLine], owed: Sequence[GrantLine], *, step: int, now: datetime
) -> None:
    """One mail of all that is active in the application, for the day that comes first among what is owed."""
    first = min(owed, key=lambda line: line.sign_in_by)
    context = {
        "sign_in_by": first.sign_in_by,
        "days_left": first.days_left,
        "removed_from": day_of(ends_by_itself(first.grant)[0], zone()),
    }
    key = f"inactivity:{first.grant.application}:{first.sign_in_by}:{step}:{holder.pk}"
    _send("inactivity-warning", holder, active, key=key, now=now, context=context)


def tell_resting(holder: Account, resting: Sequence[GrantLine], *, now: datetime) -> None:
    first = min(resting, key=lambda line: line.inactive_at)
    ends_at = min(ends_by_itself(line.grant)[0] for line in resting)
    context = {
        "path": "/forgot-password/",
        "window": spans_of(first.application).reactivation_window.days,
        "last_day": day_of(ends_at, zone()) - timedelta(days=1),
    }
    key = f"inactive:{first.grant.application}:{first.inactive_at.date()}:{first.grant.pk}:{holder.pk}"
    _send("roles-inactive", holder, resting, key=key, now=now, context=context)


def tell_woken(holder: Account, woken: Sequence[GrantLine], *, now: datetime) -> None:
    context = {"sign_in_by": min(line.sign_in_by for line in woken)}
    key = f"inactivity-over:{woken[0].grant.pk}:{now.isoformat()}:{holder.pk}"
    _send("access-restored", holder, woken, key=key, now=now, context=context)


def _send(
    name: str,
    holder: Account,
    lines: Sequence[GrantLine],
    *,
    key: str,
    now: datetime,
    context: dict[str, Any],
) -> None:
    application = lines[0].application
    roles = [
        {"name": line.role_name, "sign_in_by": line.sign_in_by}
        | organization_words(line.grant.legal_name, line.grant.submitter_id)
        for line in lines
    ]
    common = {"application_short": application.short_name if application else "", "roles": roles}
    # Desk roles are used in IDM, so what else is said of IDM alone is not so of them (I-1).
    common["is_desk"] = all(line.role is not None and line.role.standing is Standing.DESK for line in lines)
    words = application_words(lines[0].grant.application)
    send(name, holder, key=key, now=now, context=words | common | context)
