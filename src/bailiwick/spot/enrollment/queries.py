"""Reading enrollment records."""

from collections.abc import Iterable

from django.db.models import F

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.enrollment import Status


def record_with(submitter_id: str) -> EnrollmentRecord | None:
    return EnrollmentRecord.objects.filter(submitter_id=submitter_id).first()


def records_with(submitter_ids: Iterable[str]) -> dict[str, EnrollmentRecord]:
    """The records SPOT holds among those, by submitter ID."""
    return {
        record.submitter_id: record
        for record in EnrollmentRecord.objects.filter(submitter_id__in=set(submitter_ids))
    }


def records_with_tin(tin_digests: list[bytes], *, kind: str) -> list[EnrollmentRecord]:
    """The active records of that kind whose TIN has one of these stretched digests: one under each key (F-6)."""
    active = EnrollmentRecord.objects.filter(status=Status.ACTIVE.value, kind=kind)
    return list(active.filter(tin_digest__in=tin_digests).order_by("submitter_id"))


def all_records() -> list[EnrollmentRecord]:
    """Every record, the newest change first."""
    return list(EnrollmentRecord.objects.order_by("-changed_at", "submitter_id"))


def versions() -> list[tuple[str, int]]:
    """(submitter ID, version) of every record (O-4)."""
    return list(EnrollmentRecord.objects.order_by("submitter_id").values_list("submitter_id", "version"))


def unconfirmed() -> list[tuple[str, int]]:
    """(submitter ID, version) of every record whose newest version IDM has not taken."""
    waiting = EnrollmentRecord.objects.filter(confirmed_version__lt=F("version")).order_by("submitter_id")
    return list(waiting.values_list("submitter_id", "version"))
