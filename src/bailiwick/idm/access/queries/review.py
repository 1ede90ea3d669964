"""What a decider sees of a request: the snapshot of the asking, and what has changed since (Q-6, G-2, SR-15)."""

from dataclasses import dataclass
from typing import Any

from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.organizations.queries import duplicates_of
from bailiwick.idm.proofing.queries import assurance_level, level_of
from bailiwick.idm.rules.grants import APPROVING
from bailiwick.idm.rules.organizations import of_record
from bailiwick.idm.rules.requests import Way, digest_of


@dataclass(frozen=True)
class Difference:
    """A part of the snapshot that is not so any more. `name` is a dotted path such as "organization.legal_name"."""

    name: str
    then: Any
    now: Any


@dataclass(frozen=True)
class Review:
    """`snapshot` is what was asked, for ever; `present` is the same picture taken now.

    `digest` is of both: whoever decides sends back the one they saw, and any change in between is found.
    """

    snapshot: dict[str, Any]
    present: dict[str, Any]
    differences: list[Difference]
    digest: str

    @property
    def duplicates(self) -> list[str]:
        """The submitter IDs of organizations with the same TIN and kind, where one is to be created (G-1)."""
        found: list[str] = self.present["duplicates"]
        return found

    @property
    def of_record(self) -> dict[str, Any] | None:
        """For approver roles: {"approver": {"name": bool, "email": bool, "same": bool}, "backup": … or None}."""
        found: dict[str, Any] | None = self.present["of_record"]
        return found


def review(request: RoleRequest, *, is_proofed: bool | None = None) -> Review:
    """The picture that a decision is made on. It reads the person and the record as they are now.

    `is_proofed`: of the requester, where it was read already.
    """
    present = snapshot_of(request, is_proofed=is_proofed)
    stored = dict(request.snapshot)
    then, now = _flat(stored), _flat(present)
    names = sorted(then.keys() | now.keys())
    changed = [
        Difference(name, then.get(name), now.get(name)) for name in names if then.get(name) != now.get(name)
    ]
    return Review(stored, present, changed, digest_of({"snapshot": stored, "present": present}))


def snapshot_of(request: RoleRequest, *, is_proofed: bool | None = None) -> dict[str, Any]:
    """Who asks for what and why, and how far they are known; plain JSON without sealed facts."""
    application, role = role_of(request.application, request.role)
    is_approving = role is not None and role.standing in APPROVING
    return {
        "number": request.number,
        "account": str(request.account_id),
        "user_id": request.account.user_id,
        "name": full_name(request.account),
        "application": request.application,
        "application_name": application.name if application else request.application,
        "role": request.role,
        "role_name": role.name if role else request.role,
        "way": str(request.way),
        "organization": _organization(request.record),
        "of_record": compared_with_record(request.account, request.record)
        if is_approving and request.record
        else None,
        "duplicates": duplicates_of(request.record) if request.record and request.way == Way.CREATE else [],
        "assurance_level": assurance_level(request.account)
        if is_proofed is None
        else level_of(is_proofed=is_proofed),
        "reason": request.reason,
    }


def _organization(record: EnrollmentRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "kind": record.kind,
        "status": record.status,
        "record_version": record.version,
    }


def compared_with_record(account: Account, record: EnrollmentRecord) -> dict[str, Any]:
    return {
        "approver": _compared(account, record.approver_name, record.approver_email),
        "backup": _compared(account, record.backup_name, record.backup_email) if record.backup_name else None,
    }


def _compared(account: Account, name: str, email: str) -> dict[str, bool]:
    person = account.person
    found = of_record(
        given_names=f"{person.first_name} {person.middle_name}",
        last_name=person.last_name,
        email=account.email,
        record_name=name,
        record_email=email,
    )
    return {"name": found.name_matches, "email": found.email_matches, "same": found.is_same}


def _flat(tree: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat
