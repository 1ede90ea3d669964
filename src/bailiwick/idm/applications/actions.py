"""The only writer of what was put in force. Every application that changes leaves a row and an entry (O-6, L-2)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.idm.applications.describing import Change, changes, described, roles_lost
from bailiwick.idm.applications.models import Applied
from bailiwick.idm.applications.queries import in_force
from bailiwick.idm.rules.catalogue import Catalogue, Refusal
from bailiwick.idm.rules.deeds import Deed

MOST_PATHS = 40


def put_in_force(
    *,
    files: Catalogue,
    in_use: Mapping[tuple[str, str], int],
    reason: str,
    by: By,
    now: datetime,
) -> list[Change]:
    """Record the files as what holds from now on; what changed by it, [] for nothing. Again: nothing more.

    `in_use`: how often each (application, role) is held or asked for. One that is does not leave:
    Refused(ROLE_IN_USE, application, role, times).
    """
    with transaction.atomic():
        before, after = in_force(), described(files)
        found = changes(before, after)
        for application, role in roles_lost(before, after):
            if times := in_use.get((application, role), 0):
                raise Refused(Refusal.ROLE_IN_USE, application=application, role=role, times=times)
        for code in sorted(before.keys() | after.keys()):
            if before.get(code) != after.get(code):
                Applied.objects.create(code=code, description=after.get(code, {}), applied_at=now)
                _record(code, found, reason=reason, by=by, now=now)
    return found


def _record(code: str, found: list[Change], *, reason: str, by: By, now: datetime) -> None:
    paths = [change.path for change in found if change.path.startswith(f"{code}.")]
    append(
        Deed.CATALOGUE_APPLIED,
        by=by,
        now=now,
        application=code,
        why=reason,
        about={"changes": len(paths), "paths": paths[:MOST_PATHS]},
    )
