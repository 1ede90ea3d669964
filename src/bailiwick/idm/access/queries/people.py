"""The people of one organization, of however many: its approvers, and the others a page at a time (H-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import codes_of, is_live
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.grants import APPROVING


def approvers_at(
    organization: Organization, *, applications: Collection[str], now: datetime
) -> QuerySet[Account]:
    """Who holds an approver or backup role there, inactive ones too, by name."""
    return _people(Exists(_grants(organization, applications, now).filter(_approving())))


def others_at(
    organization: Organization, *, applications: Collection[str], now: datetime
) -> QuerySet[Account]:
    """Who holds a role there and none of an approver, by name."""
    grants = _grants(organization, applications, now)
    return _people(Exists(grants)).exclude(Exists(grants.filter(_approving())))


def _grants(organization: Organization, applications: Collection[str], now: datetime) -> QuerySet[Grant]:
    return Grant.objects.filter(
        is_live(now), organization=organization, application__in=applications, account=OuterRef("pk")
    )


def _approving() -> Q:
    wanted = Q(pk__in=[])
    for application in catalogue().applications:
        wanted |= Q(application=application.code, role__in=codes_of(application, APPROVING))
    return wanted


def _people(there: Exists) -> QuerySet[Account]:
    rows = Account.objects.select_related("person").filter(there)
    return rows.order_by("person__last_name", "person__first_name", "user_id_key")
