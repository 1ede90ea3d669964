"""Announcements: kept, shown as banners from–to, taken over from another program (N-4). Who may publish is not asked here.

A banner is on the pages within half a minute of its hour; a page costs no statement for it but twice a minute.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import get_language

from bailiwick.ground.outbox.models import Announcement
from bailiwick.wire.announcements import Announced

READ_EVERY_SECONDS = 30.0
MOST_SHOWN = 3
ELSEWHERE = "elsewhere"

_lock = Lock()
_read: tuple[float, list[Announcement]] = (float("-inf"), [])


def publish(
    announced: Announced, *, application: str, is_mailed: bool, published_by: str, now: datetime
) -> Announcement:
    """Keep one; the same id again is the first (SR-36)."""
    texts = {
        language: {"heading": heading, "text": text} for language, (heading, text) in announced.texts.items()
    }
    fields = {
        "application": application,
        "is_warning": announced.is_warning,
        "texts": texts,
        "starts_at": announced.starts_at,
        "ends_at": announced.ends_at,
        "published_by": published_by,
        "published_at": now,
        "is_mailed": is_mailed,
    }
    row, _is_new = Announcement.objects.get_or_create(id=announced.id, defaults=fields)
    transaction.on_commit(forget)
    return row


def withdraw(identifier: UUID, *, now: datetime) -> bool:
    """The banner goes, and a mailing under way stops; whether there was one to withdraw."""
    mine = Announcement.objects.filter(pk=identifier, withdrawn_at=None, ends_at__gt=now)
    transaction.on_commit(forget)
    return bool(mine.update(withdrawn_at=now))


def upcoming(application: str, *, now: datetime) -> list[Announcement]:
    """What is shown there now or later, the first to begin first; `application` by its code."""
    here = Announcement.objects.filter(application__in=("", application), withdrawn_at=None, ends_at__gt=now)
    return list(here.order_by("starts_at", "id"))


def announced(row: Announcement) -> Announced:
    """As it is told to another program."""
    texts = {language: (one["heading"], one["text"]) for language, one in row.texts.items()}
    return Announced(row.pk, row.is_warning, row.starts_at, row.ends_at, texts)


def take_over(told: Iterable[Announced], *, application: str, now: datetime) -> None:
    """Show what another program tells, and no longer what it does not tell any more; own ones stay."""
    theirs = {one.id: one for one in told}
    with transaction.atomic():
        kept = Announcement.objects.filter(published_by=ELSEWHERE)
        kept.exclude(pk__in=theirs).delete()
        for one in theirs.values():
            publish(one, application=application, is_mailed=False, published_by=ELSEWHERE, now=now)


def banners(application: str, *, now: datetime) -> list[dict[str, Any]]:
    """What the pages of this program show now: {kind, heading, text}; what they showed while the database is away."""
    shown = [row for row in _lately_read(application, now) if row.starts_at <= now < row.ends_at]
    return [_banner(row) for row in shown[:MOST_SHOWN]]


def _banner(row: Announcement) -> dict[str, Any]:
    language = (get_language() or "en").split("-")[0]
    language = language if row.texts.get(language) else "en"
    kind = "warning" if row.is_warning else "info"
    return {"kind": kind, "language": language, **row.texts[language]}


def _lately_read(application: str, now: datetime) -> list[Announcement]:
    global _read  # noqa: PLW0603 - one process, one reading
    with _lock:
        if time.monotonic() - _read[0] < READ_EVERY_SECONDS:
            return _read[1]
        try:
            with transaction.atomic():
                rows = upcoming(application, now=now)
        except DatabaseError:
            rows = _read[1]
        _read = (time.monotonic(), rows)
        return rows


def forget() -> None:
    """Read anew at the next page."""
    global _read  # noqa: PLW0603 - one process, one reading
    with _lock:
        _read = (float("-inf"), [])
