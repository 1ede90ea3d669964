"""The lists that the desk looks at and takes along, and why one is not made (B-4, SR-38). Pure."""

from enum import StrEnum


class Report(StrEnum):
    ACCESS = "access"
    INACTIVE = "inactive"
    UNCERTIFIED = "uncertified"
    ERA = "era"
    ORGANIZATIONS = "organizations"


class Refusal(StrEnum):
    TOO_MANY_EXPORTS = "report_too_many_exports"
    IDM_UNANSWERED = "report_idm_unanswered"
