"""Reading enrollment records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from bailiwick.spot.enrollment.models import Comparison, Difference, EnrollmentRecord, RecordVersion
from bailiwick.spot.rules.comparing import Held
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.searching import sought
from bailiwick.wire.provisioning import content_digest, fingerprint

AT_A_TIME = 500


@dataclass(frozen=True)
class OfForm:
    """The version of a record that a form led to, and when IDM confirmed it."""

    submitter_id: str
    version: int
    confirmed_at: datetime | None


def record_with(submitter_id: str) -> EnrollmentRecord | None:
    return EnrollmentRecord.objects.filter(submitter_id=submitter_id).first()


def records_with(submitter_ids: Iterable[str]) -> dict[str, EnrollmentRecord]:
    """The records SPOT holds among those, by submitter ID."""
    return {
        record.submitter_id: record
        for record in EnrollmentRecord.objects.filter(submitter_id__in=set(submitter_ids))
    }


def records_reached_at(mailboxes: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """(submitter ID, legal name) of the records whose approver or backup is reached at each of these mailboxes, in lower case.

    Reads every record once.
    """
    wanted = {mailbox.casefold() for mailbox in mailboxes}
    rows = EnrollmentRecord.objects.alias(
        approver_key=Lower("approver_email"), backup_key=Lower("backup_email")
    ).filter(Q(approver_key__in=wanted) | Q(backup_key__in=wanted))
    columns = ("submitter_id", "legal_name", "approver_email", "backup_email")
    found: dict[str, list[tuple[str, str]]] = {}
    for submitter_id, legal_name, *reached in rows.order_by("submitter_id").values_list(*columns):
        for mailbox in {one.casefold() for one in reached} & wanted:
            found.setdefault(mailbox, []).append((submitter_id, legal_name))
    return found


def records_with_tin(tin_digests: list[bytes], *, kind: str) -> list[EnrollmentRecord]:
    """The active records of that kind whose TIN has one of these stretched digests: one under each key (F-6)."""
    active = EnrollmentRecord.objects.filter(status=Status.ACTIVE.value, kind=kind)
    return list(active.filter(tin_digest__in=tin_digests).order_by("submitter_id"))


def kinds_by_tin(tin_digests: Iterable[bytes]) -> list[tuple[bytes, str, str]]:
    """(stretched digest of the TIN, kind, submitter ID) of the active records that have one of these (F-6)."""
    active = EnrollmentRecord.objects.filter(status=Status.ACTIVE.value, tin_digest__in=set(tin_digests))
    rows = active.values_list("tin_digest", "kind", "submitter_id")
    return [(bytes(digest), kind, submitter_id) for digest, kind, submitter_id in rows]


def all_records() -> list[EnrollmentRecord]:
    """Every record, the newest change first."""
    return list(EnrollmentRecord.objects.order_by("-changed_at", "submitter_id"))


def versions() -> list[tuple[str, int]]:
    """(submitter ID, version) of every record (O-4)."""
    return list(EnrollmentRecord.objects.order_by("submitter_id").values_list("submitter_id", "version"))


def search(text: str) -> QuerySet[EnrollmentRecord]:
    """Records by submitter ID, or by the beginnings of words of name, place and people; the unclosed first, by name (B-2).

    Too few letters find nothing; no text finds all.
    """
    rows = EnrollmentRecord.objects.order_by("status", "legal_name", "submitter_id")
    if not text.strip():
        return rows
    named = Q(submitter_id=text.strip().upper())
    words = sought(text)
    if words:
        by_words = Q()
        for word in words:
            by_words &= Q(search_key__contains=f" {word}")
        named |= by_words
    return rows.filter(named)


def history_of(record: EnrollmentRecord) -> list[RecordVersion]:
    """Every version of the record, the newest first (B-2)."""
    return list(record.versions.order_by("-version"))


def versions_after(record: EnrollmentRecord, version: int) -> list[RecordVersion]:
    """The versions that came after that one, the oldest first (O-4)."""
    return list(record.versions.filter(version__gt=version).select_related("record").order_by("version"))


def versions_by_form(records: Iterable[UUID]) -> dict[str, OfForm]:
    """The versions of these records that came from a form, by the form's tracking number (B-3)."""
    rows = RecordVersion.objects.filter(record__in=set(records)).exclude(form_number="")
    read = rows.values_list("form_number", "record__submitter_id", "version", "confirmed_at")
    return {number: OfForm(*told) for number, *told in read}


def held_here() -> dict[str, Held]:
    """Every record as SPOT holds it, to be compared with what IDM holds (O-4)."""
    found = {}
    for record in EnrollmentRecord.objects.iterator(chunk_size=AT_A_TIME):
        wired = record.to_wire()
        whole = fingerprint(content=content_digest(wired), tin=wired.tin)
        found[record.submitter_id] = Held(record.version, whole)
    return found


def last_comparisons(limit: int) -> list[Comparison]:
    """The newest comparisons with IDM, the newest first."""
    return list(Comparison.objects.order_by("-at", "-pk")[:limit])


def differences_of(comparison: Comparison) -> QuerySet[Difference]:
    return comparison.differences.order_by("submitter_id")


def difference_of(record: EnrollmentRecord) -> Difference | None:
    """How the last whole comparison found this record to differ; None where it was the same, or there was none."""
    last = Comparison.objects.filter(is_whole=True).order_by("-at", "-pk").first()
    return last.differences.filter(submitter_id=record.submitter_id).first() if last else None
