"""Reading enrollment records, and the organizations that claimed ones are. No page gets a TIN whole (G-1, G-2, A-3)."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bailiwick.ground import vault
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization, Unattended
from bailiwick.idm.rules.organizations import legal_name_key
from bailiwick.wire.provisioning import SUBMITTER_ID, fingerprint

TIN_PLACE = "idm_organizations.enrollmentrecord.tin"
ASKED_AT_ONCE = 400


def tin_digest(tin: str, *, is_ssn: bool) -> bytes:
    """How a TIN is matched: an SSN only by a stretched digest, for there are only a thousand million (A-2)."""
    return vault.stretched_digest(tin, purpose="tin") if is_ssn else vault.digest(tin, purpose="tin")


def tin_digests(tin: str, *, is_ssn: bool) -> list[bytes]:
    """The same under every key of the ring: what stored digests are compared with."""
    return vault.stretched_digests(tin, purpose="tin") if is_ssn else vault.digests(tin, purpose="tin")


def tin_of(record: EnrollmentRecord) -> str:
    """The TIN itself, opened: nine digits."""
    return vault.unseal(record.tin_sealed, place=TIN_PLACE, row=str(record.pk))


def masked_tin(record: EnrollmentRecord) -> str:
    """The last four digits, for the desk that compares with a form (A-3)."""
    return f"•••••{tin_of(record)[-4:]}"


def _as_issued(submitter_id: str) -> str:
    """The submitter ID as it is written in records; "" for what can be none, so that no odd text reaches a database."""
    text = submitter_id.strip().upper()
    return text if SUBMITTER_ID.fullmatch(text) else ""


def record_with(submitter_id: str) -> EnrollmentRecord | None:
    """The record of that submitter ID, claimed or not, however it is typed."""
    return EnrollmentRecord.objects.filter(submitter_id=_as_issued(submitter_id)).first()


def versions_held(*, application: str, submitter_ids: list[str]) -> dict[str, int]:
    """The version that is held of each of these records of an application; those not held are left out (O-4)."""
    held: dict[str, int] = {}
    for start in range(0, len(submitter_ids), ASKED_AT_ONCE):
        asked = submitter_ids[start : start + ASKED_AT_ONCE]
        rows = EnrollmentRecord.objects.filter(application=application, submitter_id__in=asked)
        held.update(rows.values_list("submitter_id", "version"))
    return held


@dataclass(frozen=True)
class Held:
    """One record as IDM holds it, for the application that sent it to compare with its own (O-4)."""

    submitter_id: str
    version: int
    fingerprint: str


def records_held(*, application: str, after: str, most: int) -> list[Held]:
    """The records of an application, by submitter ID, from the one after `after` on."""
    rows = EnrollmentRecord.objects.filter(application=application, submitter_id__gt=after)
    read = rows.only("submitter_id", "version", "content_digest", "tin_sealed").order_by("submitter_id")
    return [
        Held(one.submitter_id, one.version, fingerprint(content=one.content_digest, tin=tin_of(one)))
        for one in read[:most]
    ]


def organization(submitter_id: str) -> Organization | None:
    """The organization of that submitter ID; None where nobody has claimed the record (G-2)."""
    rows = Organization.objects.select_related("record")
    return rows.filter(record__submitter_id=_as_issued(submitter_id)).first()


def organization_with_id(identifier: UUID | str) -> Organization | None:
    try:
        key = identifier if isinstance(identifier, UUID) else UUID(str(identifier))
    except ValueError:
        return None
    return Organization.objects.select_related("record").filter(pk=key).first()


def unattended_since(organizations: Collection[UUID], *, application: str) -> dict[UUID, datetime]:
    """When it was noticed of each of these that nobody can decide there (G-7)."""
    noted = Unattended.objects.filter(
        organization__in=organizations, application=application, ended_at__isnull=True
    )
    return dict(noted.values_list("organization_id", "noticed_at"))


def duplicates_of(record: EnrollmentRecord) -> list[str]:
    """The submitter IDs of organizations with the same TIN and kind: a warning that tier 2 may pass (G-1)."""
    claimed = alike(record).filter(organization__isnull=False).exclude(pk=record.pk)
    return list(claimed.order_by("submitter_id").values_list("submitter_id", flat=True))


def alike(record: EnrollmentRecord) -> QuerySet[EnrollmentRecord]:
    """The records of the same TIN and kind, claimed or not, itself among them (G-1)."""
    same = _as_stored(record)
    return EnrollmentRecord.objects.filter(tin_digest__in=same, tin_tag=record.tin_tag, kind=record.kind)


def _as_stored(record: EnrollmentRecord) -> list[bytes]:
    """How records of the same TIN may be stored while a key is being changed."""
    tin = tin_of(record)
    if record.tin_tag == EnrollmentRecord.TinTag.SSN:
        return vault.stretched_digests(tin, purpose="tin", known=record.tin_digest)
    return vault.digests(tin, purpose="tin")


def match_enrollment(*, submitter_id: str, legal_name: str, tin: str) -> EnrollmentRecord | None:
    """The active record that all three agree with, else None, whichever of them differs (G-2).

    Every part is computed and compared whatever the others gave, so that neither answer nor time tells.
    """
    record = record_with(submitter_id)
    digits = "".join(character for character in tin if character.isdecimal())
    given = {True: tin_digests(digits, is_ssn=True), False: tin_digests(digits, is_ssn=False)}
    is_ssn = record is not None and record.tin_tag == EnrollmentRecord.TinTag.SSN
    stored = bytes(record.tin_digest) if record else bytes(32)
    name = record.legal_name_key if record else ""
    same_tin = sum(hmac.compare_digest(one, stored) for one in given[is_ssn]) > 0
    same_name = hmac.compare_digest(legal_name_key(legal_name).encode(), name.encode())
    is_active = record is not None and not record.is_closed
    return record if is_active and same_tin and same_name else None
