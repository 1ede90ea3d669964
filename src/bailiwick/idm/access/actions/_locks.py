"""Rows are locked in one order everywhere: accounts, requests, record, grants; each kind by key. So nobody waits in a ring.

SQLite has one writer at a time and needs none of it; PostgreSQL does (SR-16).
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord


def lock_accounts(*keys: UUID) -> None:
    """Against being suspended meanwhile. `no_key`: rows that point at the account may still be written."""
    list(Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def lock_requests(*requests: RoleRequest) -> None:
    """The requests, and the others of the same people that an approval may cancel (Q-2)."""
    keys, accounts = {one.pk for one in requests}, {one.account_id for one in requests}
    records = {one.record_id for one in requests if one.record_id}
    beside = Q(account__in=accounts, state=OPEN) & (Q(record__in=records) | Q(record__isnull=True))
    rows = RoleRequest.objects.select_for_update().filter(Q(pk__in=keys) | beside)
    list(rows.order_by("pk").values_list("pk"))


def lock_records(*keys: UUID | None) -> None:
    """Two approvals for one record claim it one after the other (G-3); so do two for one TIN, or neither saw the other (G-1)."""
    wanted = set(keys) - {None}
    if wanted:
        tins = EnrollmentRecord.objects.filter(pk__in=wanted).values("tin_digest")
        rows = EnrollmentRecord.objects.select_for_update(no_key=True).filter(tin_digest__in=tins)
        list(rows.order_by("pk").values_list("pk"))


def lock_grants_of(keys: Iterable[UUID]) -> None:
    """A right cannot be taken away while it is being used: one of the two happens first."""
    _lock(Q(account__in=list(keys)))


def lock_grants_around(grant: Grant, *, remover: Account | None = None) -> None:
    """The grant, the remover's, and those beside it that decide whether it is the last of its kind (Q-9, H-7)."""
    beside = (
        Q(organization=grant.organization_id)
        if grant.organization_id
        else Q(application=grant.application, role=grant.role)
    )
    _lock(beside | Q(account=remover.pk) if remover else beside)


@beyond()
def _lock(which: Q) -> None:
    rows = Grant.objects.select_for_update(no_key=True).filter(which, ended_at__isnull=True)
    list(rows.order_by("pk").values_list("pk"))
