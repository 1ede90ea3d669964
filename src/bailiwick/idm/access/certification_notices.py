"""Telling of certifications: the certifiers in one mail of all that is due, the holders before and after (C-3, C-5, N-1).

That a role ended because nobody certified it is told with all other ends (`notices_of_endings`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import of_grant, send
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name

MOST_LISTED = 30
PAGE = "/certifications/"


def tell_certified(grant: Grant, *, now: datetime) -> None:
    _to_holder("role-certified", grant, event=f"certified-{now.isoformat()}", now=now)


def tell_restored(grant: Grant, *, now: datetime) -> None:
    _to_holder("role-restored", grant, event=f"restored-{now.isoformat()}", now=now)


def tell_carried(grant: Grant, *, now: datetime) -> None:
    """The only one of the security desk hears that nobody can certify them, and what to do (H-7)."""
    _to_holder("security-desk-alone", grant, event=f"carried-{grant.certify_by.isoformat()}", now=now)


def _to_holder(name: str, grant: Grant, *, event: str, now: datetime) -> None:
    key = f"grant:{grant.pk}:{event}:{grant.account_id}"
    send(name, grant.account, key=key, now=now, context=of_grant(grant) | {"certify_by": grant.certify_by})


@beyond()
def tell_handed_over(row: Certification, *, now: datetime) -> None:
    """The other approver hears whose role it is, who leaves it to them, and why (C-4)."""
    grant, to = row.grant, row.handed_to
    context = of_grant(grant) | {
        "holder": full_name(grant.account),
        "handed_by": full_name(row.handed_by),
        "comment": row.handed_why,
        "due_on": row.due_on,
        "path": f"{PAGE}{grant.pk}/",
    }
    key = f"certification:{row.pk}:handed-{now.isoformat()}:{to.pk}"
    send("certification-handed-over", to, key=key, now=now, context=context)


def tell_certifier(
    certifier: Account, due: Sequence[Grant], *, total: int, round_of: date, newest: int, now: datetime
) -> None:
    """One mail a round, of all `total` that is due, the first of it listed with its day (C-3).

    `newest`: the newest certification that the round tells of, by which two rounds of a day are told apart.
    """
    lines = [_line(grant) for grant in due[:MOST_LISTED]]
    context = {"path": PAGE, "roles": lines, "total": total, "more": total - len(lines)}
    key = f"certifications:{round_of.isoformat()}-{newest}:{certifier.pk}"
    send("certifications-due", certifier, key=key, now=now, context=context)


def tell_holder(
    holder: Account, grants: Sequence[Grant], *, round_of: date, newest: int, now: datetime
) -> None:
    """One mail a round, of all roles of theirs that end soon unless somebody certifies them (C-3); `newest` of theirs."""
    context = {"roles": [_line(grant) for grant in grants]}
    key = f"certification-coming:{round_of.isoformat()}-{newest}:{holder.pk}"
    send("certification-coming", holder, key=key, now=now, context=context)


def _line(grant: Grant) -> dict[str, Any]:
    return of_grant(grant) | {"holder": full_name(grant.account), "due_on": grant.certify_by}
