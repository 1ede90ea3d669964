"""Copies of notices, for their person to read in the portal (N-2): kept sealed, a year, one owner's and nobody else's."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.outbox.models import InboxMessage
from bailiwick.ground.outbox.sealing import seal, unseal
from bailiwick.ground.statements import InsertOnce

# A path with as long a run as any token has, but for the id of a row, which opens nothing to whom it is not for. What is
# scrubbed is scrubbed though a caller forgot `secret`.
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9_-])"
LINK_WITH_TOKEN = re.compile(rf"\S*/(?!{ID})[A-Za-z0-9_-]{{32,}}\S*")
MOST_SHOWN = 500

_write = InsertOnce(InboxMessage)


@dataclass(frozen=True)
class Letter:
    """One copy, opened. `text` is "" in a list; `language`: what it was written in."""

    number: int
    subject: str
    at: datetime
    is_unread: bool
    text: str = ""
    language: str = "en"


def without_links(text: str) -> str:
    """The text without links that hold a token."""
    return LINK_WITH_TOKEN.sub("(…)", text).strip()


def keep_copy(
    *, owner: str, key: str, kind: str, subject: str, text: str, now: datetime, language: str = "en"
) -> None:
    """Keep a copy in the owner's inbox; the same `key` twice is one. Call it in the transaction of the notice."""
    row = InboxMessage(owner=owner, key=key, kind=kind, at=now)
    row.body = seal(json.dumps({"subject": subject, "text": text, "language": language}), key=row.place)
    _write.row(row)


def letters(owner: str) -> list[Letter]:
    """The owner's copies, newest first, without their texts."""
    rows = InboxMessage.objects.filter(owner=owner).order_by("-id")[:MOST_SHOWN]
    return [_letter(row, with_text=False) for row in rows]


def letter(owner: str, number: int) -> Letter | None:
    """One copy of the owner's own; None for anybody else's."""
    row = InboxMessage.objects.filter(owner=owner, pk=number).first()
    return _letter(row, with_text=True) if row else None


def unread(owner: str) -> int:
    """How many the owner has not opened yet."""
    return InboxMessage.objects.filter(owner=owner, read_at__isnull=True).count()


def mark_read(owner: str, number: int, *, now: datetime) -> None:
    """Note that the owner opened it; again is nothing."""
    InboxMessage.objects.filter(owner=owner, pk=number, read_at__isnull=True).update(read_at=now)


def forget_older_than(moment: datetime) -> int:
    """Delete the copies from before that moment; returns how many."""
    return InboxMessage.objects.filter(at__lt=moment).delete()[0]


def _letter(row: InboxMessage, *, with_text: bool) -> Letter:
    said = json.loads(unseal(row.body, key=row.place))
    text = said["text"] if with_text else ""
    language = said.get("language", "en")
    return Letter(row.pk, said["subject"], row.at, row.read_at is None, text, language)
