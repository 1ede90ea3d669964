"""Reading enrollment records and organizations."""

from bailiwick.idm.organizations.queries.records import (
    TIN_PLACE,
    alike,
    duplicates_of,
    masked_tin,
    match_enrollment,
    organization,
    organization_with_id,
    record_with,
    records_held,
    tin_digest,
    tin_digests,
    tin_of,
    unattended_since,
    versions_held,
)
from bailiwick.idm.organizations.queries.searching import search

__all__ = [
    "TIN_PLACE",
    "alike",
    "duplicates_of",
    "masked_tin",
    "match_enrollment",
    "organization",
    "organization_with_id",
    "record_with",
    "records_held",
    "search",
    "tin_digest",
    "tin_digests",
    "tin_of",
    "unattended_since",
    "versions_held",
]
