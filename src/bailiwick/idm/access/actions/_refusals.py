"""Refused authority goes on the ledger although nothing else was written (L-2): after the rollback, on its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.rules import certification, grants, modifying, requests
from bailiwick.idm.rules.deeds import Deed

AUTHORITY = (*requests.AUTHORITY, *grants.AUTHORITY, *modifying.AUTHORITY, *certification.AUTHORITY)


@contextmanager
def refusals_recorded(about: RoleRequest | Grant, *, by: By, now: datetime) -> Iterator[None]:
    """One transaction for what is inside; if it is refused for want of authority, a second for the entry."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        if refusal.code in AUTHORITY:
            note_refusal(about=about, because=refusal.code, by=by, now=now)
        raise


def note_refusal(*, about: RoleRequest | Grant, because: str, by: By, now: datetime) -> None:
    """Somebody reached for what is not theirs, here or at a page that is closed to them (L-2)."""
    append(
        Deed.AUTHORITY_REFUSED,
        by=by,
        now=now,
        subject=about.account_id,
        organization=about.submitter_id,
        application=about.application,
        why=because,
        outcome="refused",
        about={type(about).__name__.lower(): str(about.pk)},
    )
