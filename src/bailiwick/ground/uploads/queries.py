"""Reading kept files."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bailiwick.ground import vault
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.models import Sealed, Upload
from bailiwick.ground.uploads.rules import WHY_CLOSED, State

PLACE = "uploads.sealed.data"


def upload_with_id(upload_id: UUID) -> Upload | None:
    return Upload.objects.filter(pk=upload_id).first()


def uploads_of(subject: str, *, purpose: str) -> list[Upload]:
    """What was kept for it and is still there, the oldest first; who may see it is asked by the room whose it is."""
    rows = Upload.objects.filter(subject=subject, purpose=purpose).exclude(state=State.DELETED)
    return list(rows.order_by("at", "pk"))


def data_of(upload: Upload) -> bytes:
    """The content of an open upload. Raises Refused: NOT_SCANNED, INFECTED, DELETED."""
    present = Upload.objects.get(pk=upload.pk)
    if present.state != State.OPEN:
        raise Refused(WHY_CLOSED[State(present.state)])
    return unsealed(upload.pk)


def unsealed(upload_id: UUID) -> bytes:
    """Whatever the state: for the scanner."""
    sealed = Sealed.objects.get(pk=upload_id)
    return vault.unseal_bytes(sealed.data, place=PLACE, row=str(upload_id))


def in_quarantine(*, most: int) -> Iterable[Upload]:
    return Upload.objects.filter(state=State.QUARANTINE).order_by("at")[:most]


def due(now: datetime) -> list[UUID]:
    """What was to be deleted by now."""
    rows = Upload.objects.filter(deleted_at=None, delete_at__lte=now).order_by("delete_at")
    return list(rows.values_list("pk", flat=True))
