"""The only writer of kept files: keep, open after the scan, and delete on the day. The scanner is never asked in here."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.rulings import By
from bailiwick.ground.uploads import queries
from bailiwick.ground.uploads.models import Sealed, Upload
from bailiwick.ground.uploads.rules import Content, Event, State, next_state


def keep(
    content: Content, *, purpose: str, subject: str, by: By, now: datetime, delete_at: datetime | None
) -> Upload:
    """Keep what `checks.content` let in, sealed; in quarantine where a scanner is set.

    `subject` is the id of what it belongs to, never a personal value. `delete_at` None: until `set_deletion`.
    """
    state = State.QUARANTINE if settings.UPLOAD_SCANNER else State.OPEN
    name = uuid4()
    with transaction.atomic():
        upload = Upload.objects.create(
            pk=name,
            purpose=purpose,
            subject=subject,
            by=by.actor,
            kind=content.kind.value,
            bytes=len(content.data),
            state=state,
            at=now,
            delete_at=delete_at,
        )
        sealed = vault.seal_bytes(content.data, place=queries.PLACE, row=str(name))
        Sealed.objects.create(upload=upload, data=sealed)
    return upload


def set_deletion(upload_id: UUID, *, at: datetime | None) -> None:
    """When it goes; what is gone stays gone."""
    Upload.objects.filter(pk=upload_id, deleted_at=None).update(delete_at=at)


def delete(upload_id: UUID, *, by: By, now: datetime) -> bool:  # noqa: ARG001 - every action says who
    """Delete the content for good; the row stays and says when. False where it was gone already."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, deleted_at=None).first()
        if upload is None:
            return False
        Sealed.objects.filter(pk=upload_id).delete()
        upload.state, upload.deleted_at = next_state(State(upload.state), Event.DELETE), now
        upload.save(update_fields=["state", "deleted_at"])
    return True


def delete_due(*, by: By, now: datetime) -> int:
    """Delete whatever is due, each by itself, and say how many; safe to run twice and late."""
    return sum(delete(upload_id, by=by, now=now) for upload_id in queries.due(now))


def settle_scan(upload_id: UUID, *, is_clean: bool) -> None:
    """Open it, or wipe what was found infected; the first verdict stays."""
    event = Event.FOUND_CLEAN if is_clean else Event.FOUND_INFECTED
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, state=State.QUARANTINE).first()
        if upload is None:
            return
        upload.state = next_state(State.QUARANTINE, event)
        upload.save(update_fields=["state"])
        if not is_clean:
            Sealed.objects.filter(pk=upload_id).delete()
