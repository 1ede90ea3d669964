"""Reading cases of sharing: the queue, one case, and what shows it (H-6). Reads only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk.models import SharingCase
from bailiwick.idm.rules.sharing import Ground, State, stays_quiet
from bailiwick.idm.sessions.models import Device, Session


@dataclass(frozen=True)
class Evidence:
    """What the case rests on, as far as it is still there. `accounts`: the others beside the case's own."""

    sessions: list[Session]
    devices: list[Device]
    accounts: list[Account]
    count: int


def sharing_cases() -> QuerySet[SharingCase]:
    return SharingCase.objects.select_related("account__person", "reported_by__person", "settled_by__person")


def sharing_case(identifier: UUID) -> SharingCase | None:
    return sharing_cases().filter(pk=identifier).first()


def waiting_sharing(*, most: int) -> list[SharingCase]:
    """The oldest first."""
    return list(sharing_cases().filter(state=State.OPEN).order_by("opened_at", "pk")[:most])


def open_sharing_of(account: Account) -> list[SharingCase]:
    return list(sharing_cases().filter(account=account, state=State.OPEN).order_by("opened_at"))


def is_quiet(account: UUID, ground: Ground, *, now: datetime) -> bool:
    """Whether the same sign of this account waits already, or was looked at lately."""
    rows = SharingCase.objects.filter(account=account, ground=ground)
    moments = list(rows.values_list("settled_at", flat=True))
    return any(at is None or stays_quiet(at, now=now, limits=settings.LIMITS) for at in moments)


def evidence_of(case: SharingCase) -> Evidence:
    told = case.evidence
    sessions = Session.objects.select_related("device").filter(pk__in=told.get("sessions", []))
    devices = Device.objects.none()
    if case.ground == Ground.MANY_DEVICES:
        since = case.opened_at - settings.LIMITS.radar_devices_seen
        devices = Device.objects.filter(account=case.account, last_seen_at__gt=since)
    others = Account.objects.select_related("person").filter(pk__in=told.get("accounts", []))
    return Evidence(
        sessions=list(sessions.order_by("created_at")),
        devices=list(devices.order_by("first_seen_at")),
        accounts=list(others.order_by("created_at")),
        count=told.get("count", 0),
    )
