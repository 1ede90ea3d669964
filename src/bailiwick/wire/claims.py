"""What IDM says of a person to an application (O-3), and how strongly they were signed in (`acr`)."""

from dataclasses import asdict, dataclass, field
from typing import Any, TypeGuard

GRANTS_CLAIM = "bailiwick_grants"
ASSURANCE_CLAIM = "bailiwick_assurance"
USER_ID_CLAIM = "preferred_username"
WAITING_CLAIM = "bailiwick_waiting"

ACR_LIMITED = "urn:bailiwick:acr:limited"
ACR_MFA = "urn:bailiwick:acr:mfa"
ACR_PHISHING_RESISTANT = "urn:bailiwick:acr:phishing-resistant"
ACR_ORDER = (ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT)
DESK_LEVELS = {"passkey": ACR_PHISHING_RESISTANT, "app": ACR_MFA}
"""What a help desk signs in with (the setting DESK_FACTOR of each program that has one), as a level."""


def satisfies(acr: str, wanted: str) -> bool:
    """Whether a sign-in of level `acr` is at least `wanted`. An unknown level satisfies nothing, and is met by nothing."""
    if acr not in ACR_ORDER or wanted not in ACR_ORDER:
        return False
    return ACR_ORDER.index(acr) >= ACR_ORDER.index(wanted)


@dataclass(frozen=True)
class OrganizationClaim:
    id: str
    legal_name: str
    kind: str
    submitter_id: str


@dataclass(frozen=True)
class GrantClaim:
    """One live grant in the asking application. `granted_at` is an ISO 8601 instant in UTC.

    `attributes`: what the holder said about it, by the codes of the application file (Q-7). `sign_in_by`: the last day,
    in ISO 8601, on which a sign-in to the application keeps it (I-3); `certify_by`: the day by which it has to be certified
    (C-1); `last_sign_in_at`: an instant like `granted_at`, "" for never. Each is "" where IDM does not tell.
    """

    id: str
    role: str
    role_name: str
    standing: str
    granted_at: str
    organization: OrganizationClaim | None
    attributes: dict[str, str] = field(default_factory=dict)
    sign_in_by: str = ""
    certify_by: str = ""
    last_sign_in_at: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class WaitingClaim:
    """What waits at IDM for the person to decide, of the asking application's: told when it asks again (M-4).

    `requests` for its roles, and roles open for certification; each counted up to MOST_TOLD, which stands for more.
    """

    requests: int
    certifications: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


MOST_TOLD = 1_000


def waiting_from_json(data: Any) -> WaitingClaim | None:
    """The reverse of `WaitingClaim.to_json`; None for what is none: a count must not keep anybody out."""
    told = data if isinstance(data, dict) else {}
    requests, certifications = told.get("requests"), told.get("certifications")
    if _is_count(requests) and _is_count(certifications):
        return WaitingClaim(requests, certifications)
    return None


def _is_count(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= MOST_TOLD


def grant_from_json(data: dict[str, Any]) -> GrantClaim:
    """The reverse of `GrantClaim.to_json`. Unknown keys are ignored; a missing one raises KeyError."""
    organization = data.get("organization")
    return GrantClaim(
        id=str(data["id"]),
        role=str(data["role"]),
        role_name=str(data["role_name"]),
        standing=str(data["standing"]),
        granted_at=str(data["granted_at"]),
        organization=OrganizationClaim(
            id=str(organization["id"]),
            legal_name=str(organization["legal_name"]),
            kind=str(organization["kind"]),
            submitter_id=str(organization["submitter_id"]),
        )
        if organization
        else None,
        attributes={str(code): str(value) for code, value in data.get("attributes", {}).items()},
        sign_in_by=str(data.get("sign_in_by", "")),
        certify_by=str(data.get("certify_by", "")),
        last_sign_in_at=str(data.get("last_sign_in_at", "")),
    )
