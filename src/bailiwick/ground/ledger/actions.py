"""The one way onto the ledger. Call it inside the transaction of the change it records."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import By
from bailiwick.ground.statements import Insert

LONGEST_WHY = 2000

_write = Insert(Entry)


def append(
    deed: StrEnum,
    *,
    by: By,
    now: datetime,
    subject: object = "",
    organization: str = "",
    application: str = "",
    why: str = "",
    outcome: str = "done",
    about: dict[str, Any] | None = None,
) -> None:
    """Write one entry (L-1).

    `subject` is an account's id; `organization` a submitter ID; `about` a small dict of ids, codes and numbers.
    """
    _write(
        at=now,
        deed=deed.value,
        actor=by.actor,
        subject=str(subject),
        organization=organization,
        application=application,
        source=by.source,
        why=why[:LONGEST_WHY],
        outcome=outcome,
        about=about or {},
    )
