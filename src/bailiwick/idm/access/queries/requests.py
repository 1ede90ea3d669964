"""Reading role requests: who asked, who decides, who may see (Q-4 to Q-6, G-7). Nobody sees across organizations."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import (
    IDENTITY,
    Authority,
    able_approvers,
    authority_of,
    codes_of,
    gives_authority,
    has_able_approver,
    zone,
)
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application, Decider, Standing
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK, SignInStrength
from bailiwick.idm.rules.requests import DeciderFacts, State

NUMBER = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True)
class WhoDecides:
    """Who can decide, and on which day at the latest. `is_fallback`: for want of an able approver the help desk (G-7)."""

    decider: Decider
    is_fallback: bool
    last_day: date


def requests() -> QuerySet[RoleRequest]:
    return RoleRequest.objects.select_related(
        "account__person", "organization__record", "record", "decided_by__person"
    )


def requests_of(account: Account) -> list[RoleRequest]:
    """Everything the account ever asked for, newest first."""
    return list(requests().filter(account=account).order_by("-submitted_at"))


def pending_of_people(accounts: Iterable[Account], *, now: datetime) -> dict[UUID, list[RoleRequest]]:
    """What many people wait for, by account id, the newest first; one statement."""
    found: dict[UUID, list[RoleRequest]] = {account.pk: [] for account in accounts}
    waiting = requests().filter(account__in=list(found), state=OPEN).order_by("-submitted_at")
    for request in waiting:
        if request.state_at(now) is State.PENDING:
            found[request.account_id].append(request)
    return found


def is_known_to(account: Account, application: str) -> bool:
    """Whether the account, or one that was merged into it or it into, ever held or asked for a role there (O-4)."""
    same_person = Q(account=account) | Q(account__merged_into=account)
    if account.merged_into_id is not None:
        same_person |= Q(account=account.merged_into_id)
    held = Grant.objects.filter(same_person, application=application)
    return held.exists() or RoleRequest.objects.filter(same_person, application=application).exists()


def request_numbered(number: str) -> RoleRequest | None:
    """The request of that confirmation number, however it is typed."""
    text = number.strip().upper()
    return requests().filter(number=text).first() if NUMBER.fullmatch(text) else None


def requests_numbered(numbers: Iterable[str]) -> list[RoleRequest]:
    """Those of these numbers that there are, in no order."""
    wanted = {text for number in numbers if NUMBER.fullmatch(text := number.strip().upper())}
    return list(requests().filter(number__in=wanted)) if wanted else []


def decided_by(about: RoleRequest | Grant) -> Decider:
    """Who decides on requests for such a role, and certifies it (Q-4, C-2); of a role that left the catalogue IDM's desk."""
    _, role = role_of(about.application, about.role)
    return role.decided_by if role else Decider.IDENTITY_DESK


def who_decides(request: RoleRequest, *, now: datetime) -> WhoDecides:
    """Q-4, and the desk where no approver is able (G-7)."""
    decider = decided_by(request)
    is_fallback = decider is Decider.APPROVERS and not _has_able_approver(request, now)
    return WhoDecides(
        decider=Decider.APPLICATION_DESK if is_fallback else decider,
        is_fallback=is_fallback,
        last_day=last_day_of(request),
    )


def last_day_of(request: RoleRequest) -> date:
    """The last day on which it can be decided: it ends with that day (docs/rules.md, "Days")."""
    return day_of(request.expires_at, zone()) - timedelta(days=1)


def _has_able_approver(request: RoleRequest, now: datetime) -> bool:
    application, _ = role_of(request.application, request.role)
    if application is None or request.organization is None:
        return False
    return has_able_approver(application, request.organization, now=now, but=request.account)


def decider_of(
    about: RoleRequest | Grant,
    account: Account,
    *,
    strength: SignInStrength,
    authority: Authority,
    is_account_active: bool,
    has_able_approver: bool,
) -> DeciderFacts:
    """What the account is to the request, or to the role; inside a decision all of it is read under locks (SR-16).

    `has_able_approver` counts only where approvers decide.
    """
    return DeciderFacts(
        decided_by=decided_by(about),
        is_requester=about.account_id == account.pk,
        is_account_active=is_account_active,
        is_able_approver=_is_known(about) and authority.approves(about.application, about.organization),
        has_able_approver=has_able_approver,
        is_application_desk=_is_known(about) and authority.is_application_desk(about.application),
        is_security_desk=authority.is_security_desk,
        strength=strength,
    )


def _is_known(about: RoleRequest | Grant) -> bool:
    return role_of(about.application, about.role)[1] is not None


def awaiting(
    decider: Account, *, now: datetime, as_desk: bool = True, authority: Authority | None = None
) -> QuerySet[RoleRequest]:
    """The open requests that this person can decide, the oldest first (Q-4, Q-5): to count and to cut into pages.

    `as_desk` False: those of an approver alone, for a session that a desk's pages do not open to (S-2).
    `authority`: theirs, where the page has read it already.
    """
    authority = authority or authority_of(decider, now=now)
    theirs = Q(pk__in=[])
    for application in catalogue().applications:
        theirs |= decided_within(application, authority, partial(_alone, application, now), as_desk=as_desk)
    rows = requests().filter(theirs, state=OPEN, expires_at__gt=now).exclude(account=decider)
    return rows.order_by("submitted_at", "pk")


def _alone(application: Application, now: datetime) -> Q:
    """Where nobody but the requester approves. Organizations first, once each: twenty thousand may wait at one of them."""
    able = able_approvers(application, now=now)
    waiting = RoleRequest.objects.filter(
        application=application.code, state=OPEN, organization=OuterRef("pk")
    )
    second = able.filter(organization=OuterRef("pk")).values("account").distinct()[1:2]
    few = Organization.objects.filter(Exists(waiting), ~Exists(second))
    other = able.filter(organization=OuterRef("organization")).exclude(account=OuterRef("account"))
    return Q(organization__in=few.values("pk")) & ~Exists(other)


def first_of(queue: QuerySet[RoleRequest], most: int) -> list[RoleRequest]:
    """The first of `awaiting`. Sorted by their keys alone: of twenty thousand that wait, whole rows would fill the disk."""
    keys = list(queue.values_list("pk", flat=True)[:most])
    rows = requests().in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def decided_within(
    application: Application, authority: Authority, alone: Callable[[], Q], *, as_desk: bool
) -> Q:
    """The requests, or the roles, of one application that somebody of this authority decides on, or certifies (Q-4, C-2).

    `alone`: those of organizations without an able approver, where the desk stands in (G-7); asked for a desk alone.
    """

    def whose(decider: Decider) -> Q:
        codes = [role.code for role in application.roles if role.decided_by is decider]
        return Q(application=application.code, role__in=codes)

    approved = Q(organization__in=authority.organizations_approved(application.code))
    theirs = whose(Decider.APPROVERS) & approved
    if as_desk and authority.is_application_desk(application.code):
        theirs |= whose(Decider.APPLICATION_DESK) | (whose(Decider.APPROVERS) & alone())
    if as_desk and authority.is_security_desk:
        theirs |= whose(Decider.IDENTITY_DESK)
    return theirs


@beyond()
def deciders_of(request: RoleRequest, *, now: datetime) -> list[Account]:
    """Everyone who can decide it now; never the requester (Q-5). [] where nobody can: the request then waits."""
    who = who_decides(request, now=now)
    if who.decider is Decider.APPROVERS:
        application = catalogue().application(request.application)
        grants = able_approvers(application, now=now).filter(organization=request.organization)
    elif who.decider is Decider.APPLICATION_DESK:
        grants = desk_grants(request.application, tier=TIER_OF_APPLICATION_DESK, now=now)
    else:
        grants = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now)
    people = Account.objects.filter(pk__in=grants.exclude(account=request.account).values("account"))
    return list(people.select_related("person").order_by("user_id_key"))


def desk_grants(application: str, *, tier: int, now: datetime) -> QuerySet[Grant]:
    """The grants that make up a desk, from that tier up."""
    described = catalogue().application(application)
    desk = codes_of(described, [Standing.DESK], tier=tier)
    return Grant.objects.filter(gives_authority(described, now), role__in=desk)


def open_request(
    account: Account, *, application: str, role: str, record_id: object, now: datetime
) -> RoleRequest | None:
    """The one request of this kind that still waits (Q-5)."""
    rows = RoleRequest.objects.filter(
        account=account, application=application, role=role, record_id=record_id
    )
    return rows.filter(state=State.PENDING, expires_at__gt=now).first()
