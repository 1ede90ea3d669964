"""A person's roles as pages show them: what IDM says of the grant, beside what SPOT has on record (M-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import records_with
from bailiwick.spot.services import queries
from bailiwick.spot.services.queries import Served, Tally
from bailiwick.spot.signin.queries import STANDINGS, instant
from bailiwick.wire.claims import GrantClaim, OrganizationClaim

MOST_SERVED = 5
PROVIDER_COLUMNS = (_("Provider"), _("PTAN and NPI"), _("Services"), _("Remittance (ERA) goes to"))
KINDS = {"provider_office": _("Provider office"), "billing_service": _("Billing service or clearinghouse")}


@dataclass(frozen=True)
class RoleShown:
    """One grant. `record` is SPOT's own enrollment record of the organization, where it has one; `tally` what it serves.

    What IDM did not tell is None. `days_left`: until it rests, unless its holder signs in before (I-3).
    """

    name: str
    standing: str | Promise
    granted_at: datetime | None
    last_sign_in_at: datetime | None
    certify_by: date | None
    sign_in_by: date | None
    days_left: int | None
    organization: OrganizationClaim | None
    kind: str | Promise
    record: EnrollmentRecord | None
    tally: Tally | None
    served: list[Served]


def roles_of(grants: Sequence[GrantClaim], *, now: datetime) -> list[RoleShown]:
    """Every grant with its record and the first of the providers there, in the order of organization and role."""
    records = records_with(grant.organization.submitter_id for grant in grants if grant.organization)
    held, today = list(records.values()), timezone.localdate(now)
    tallies = queries.tallies_of(held, day=today)
    served = queries.first_served(held, most=MOST_SERVED, day=today)
    shown = [_shown(grant, records, tallies, served, today) for grant in grants]
    return sorted(
        shown, key=lambda role: (role.organization.legal_name if role.organization else "", role.name)
    )


def organizations_of(grants: Sequence[GrantClaim]) -> list[OrganizationClaim]:
    """The organizations of those grants, each once, by name."""
    found = {grant.organization.id: grant.organization for grant in grants if grant.organization}
    return sorted(found.values(), key=lambda organization: organization.legal_name)


def _shown(
    grant: GrantClaim,
    records: dict[str, EnrollmentRecord],
    tallies: dict[UUID, Tally],
    served: dict[UUID, list[Served]],
    today: date,
) -> RoleShown:
    organization = grant.organization
    record = records.get(organization.submitter_id) if organization else None
    sign_in_by = _day(grant.sign_in_by)
    return RoleShown(
        name=grant.role_name,
        standing=STANDINGS.get(grant.standing, grant.standing),
        granted_at=instant(grant.granted_at),
        last_sign_in_at=instant(grant.last_sign_in_at),
        certify_by=_day(grant.certify_by),
        sign_in_by=sign_in_by,
        days_left=max(0, (sign_in_by - today).days) if sign_in_by else None,
        organization=organization,
        kind=KINDS.get(organization.kind, organization.kind) if organization else "",
        record=record,
        tally=tallies[record.pk] if record else None,
        served=served[record.pk] if record else [],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
