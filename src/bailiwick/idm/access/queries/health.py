"""How well an organization is provided with approvers (G-7). Computed, never stored."""

from datetime import datetime

from django.conf import settings

from bailiwick.idm.access.queries.authority import is_active, zone
from bailiwick.idm.access.queries.grants import GrantLine, people_of
from bailiwick.idm.access.queries.review import compared_with_record
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.grants import APPROVING, ApproverFacts, GrantState, HealthFlag
from bailiwick.idm.rules.grants import health as health_rule
from bailiwick.idm.signin.queries import strongest_factor


def health(organization: Organization, *, now: datetime) -> list[HealthFlag]:
    """What its approvers and tier 2 should know, the gravest first; [] for all well or nobody there."""
    lines = people_of(organization, now=now)
    if not lines:
        return []
    approvers = [_facts(line) for line in lines if line.role and line.role.standing in APPROVING]
    limits = settings.LIMITS
    return health_rule(
        approvers,
        now=now,
        warn_before=limits.inactive_after - min(limits.inactivity_warnings),
        opens_before=limits.certification_opens,
        zone=zone(),
    )


def _facts(line: GrantLine) -> ApproverFacts:
    account = line.grant.account
    record = line.grant.organization.record
    compared = compared_with_record(account, record).values()
    return ApproverFacts(
        is_able=line.state is GrantState.ACTIVE and is_active(account),
        inactive_from=line.inactive_at,
        certification_due=line.certification_due,
        has_strong_factor=strongest_factor(account) is not FactorKind.EMAIL,
        is_of_record=any(one is not None and one["same"] for one in compared),
    )
