"""What a change of keys does to enrollment records (L-4)."""

from bailiwick.ground import vault
from bailiwick.ground.vault import sealed
from bailiwick.spot.enrollment.models import TIN, TIN_PURPOSE, VERSION_TIN, EnrollmentRecord, RecordVersion


def register_columns() -> None:
    """Name this room's sealed and keyed columns to the vault."""
    sealed.register(EnrollmentRecord, "tin_sealed", TIN)
    sealed.register(
        RecordVersion, "tin_sealed", VERSION_TIN, row=lambda one: f"{one.record_id}:{one.version}"
    )
    sealed.register_digest(
        EnrollmentRecord,
        "tin_digest",
        key="ssn",
        redo=lambda record: vault.stretched_digest(record.tin, purpose=TIN_PURPOSE),
    )
