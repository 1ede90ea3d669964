"""What a change of keys does to enrollment records (L-4)."""

from django.db.models import Q

from bailiwick.ground.vault import sealed
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.organizations.queries import TIN_PLACE, tin_digest, tin_of


def register_columns() -> None:
    """Name this room's sealed and keyed columns to the vault."""
    sealed.register(EnrollmentRecord, "tin_sealed", TIN_PLACE)
    is_ssn = Q(tin_tag=EnrollmentRecord.TinTag.SSN)
    sealed.register_digest(EnrollmentRecord, "tin_digest", redo=_redone, only=~is_ssn)
    sealed.register_digest(EnrollmentRecord, "tin_digest", key="ssn", redo=_redone, only=is_ssn)


def _redone(record: EnrollmentRecord) -> bytes:
    return tin_digest(tin_of(record), is_ssn=record.tin_tag == EnrollmentRecord.TinTag.SSN)
