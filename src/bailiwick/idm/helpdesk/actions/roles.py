"""Removing roles, one or many, and canceling a waiting request, for a desk (H-2, Q-8, Q-10).

Each is access's own action, with access's own rules; a row that cannot be removed does not keep the others.
"""

from collections.abc import Iterable
from datetime import datetime

from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import Result, cancel_request, remove_grants
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.helpdesk.actions._acting import Deskwork, acting, checked_reason
from bailiwick.idm.rules.desk import Act


def remove_roles(
    *, work: Deskwork, grants: Iterable[Grant], reason: str, by: By, now: datetime
) -> list[Result]:
    """End each of these roles of the person, at once (Q-8). A repeat answers the same: removing twice removes once."""
    reason = checked_reason(Act.REMOVE_ROLES, reason)
    with acting(Act.REMOVE_ROLES, work, by=by, now=now) as row:
        if row is not None:
            row.save(force_insert=True)
    # Each in a transaction of its own, so that rows are locked in access's order.
    return remove_grants(
        grants=[grant for grant in grants if grant.account_id == work.person.pk],
        remover=work.desk,
        reason=reason,
        strength=work.presence.strength,
        confirmed_none_left=True,
        by=by,
        now=now,
    )


def cancel_pending(*, work: Deskwork, request: RoleRequest, reason: str, by: By, now: datetime) -> None:
    """Withdraw a waiting request of the person (Q-6, H-2). Canceling again changes nothing."""
    reason = checked_reason(Act.CANCEL_REQUEST, reason)
    with acting(Act.CANCEL_REQUEST, work, by=by, now=now) as row:
        if row is not None:
            row.save(force_insert=True)
    # In a transaction of its own, so that rows are locked in access's order.
    cancel_request(
        request=request,
        canceller=work.desk,
        strength=work.presence.strength,
        reason=reason,
        by=by,
        now=now,
    )
