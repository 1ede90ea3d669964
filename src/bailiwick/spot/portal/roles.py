"""A person's roles as pages show them: what IDM says of the grant, beside what SPOT has on record (M-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import records_with
from bailiwick.wire.claims import GrantClaim, OrganizationClaim

KINDS = {"provider_office": _("Provider office"), "billing_service": _("Billing service or clearinghouse")}
STANDINGS = {
    "approver": _("Approver"),
    "backup": _("Backup approver"),
    "end_user": _("End user"),
    "desk": _("Help desk"),
}


@dataclass(frozen=True)
class RoleShown:
    """One grant. `record` is SPOT's own enrollment record of the organization, where it has one."""

    name: str
    standing: str | Promise
    granted_at: datetime | None
    organization: OrganizationClaim | None
    kind: str | Promise
    record: EnrollmentRecord | None


def roles_of(grants: Sequence[GrantClaim]) -> list[RoleShown]:
    """Every grant with its record, in the order of organization and role; one query."""
    records = records_with(grant.organization.submitter_id for grant in grants if grant.organization)
    shown = [_shown(grant, records) for grant in grants]
    return sorted(
        shown, key=lambda role: (role.organization.legal_name if role.organization else "", role.name)
    )


def organizations_of(grants: Sequence[GrantClaim]) -> list[OrganizationClaim]:
    """The organizations of those grants, each once, by name."""
    found = {grant.organization.id: grant.organization for grant in grants if grant.organization}
    return sorted(found.values(), key=lambda organization: organization.legal_name)


def _shown(grant: GrantClaim, records: dict[str, EnrollmentRecord]) -> RoleShown:
    organization = grant.organization
    return RoleShown(
        name=grant.role_name,
        standing=STANDINGS.get(grant.standing, grant.standing),
        granted_at=_instant(grant.granted_at),
        organization=organization,
        kind=KINDS.get(organization.kind, organization.kind) if organization else "",
        record=records.get(organization.submitter_id) if organization else None,
    )


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
