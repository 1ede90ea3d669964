"""Approvers whom the enrollment record no longer names: whose role ends, and on which day (G-8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_live, zone
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord, FormerPerson
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import APPROVING
from bailiwick.idm.rules.organizations import OfRecord, of_record
from bailiwick.idm.rules.requests import Way


@dataclass(frozen=True)
class Departing:
    """`last_day` None: the role ends when that of the person named instead starts."""

    grant: Grant
    standing: Standing
    last_day: date | None


@beyond()
def departing_from(record: EnrollmentRecord, *, now: datetime) -> list[Departing]:
    """The live approver and backup roles of people whom the record named once, and now names others instead."""
    former = _former_people(record)
    if not former:
        return []
    grants = Grant.objects.filter(is_live(now), organization__record=record)
    found = (
        _departure(grant, record, former)
        for grant in grants.select_related("organization__record", "account__person")
    )
    return [one for one in found if one is not None]


def departure_of(grant: Grant) -> Departing | None:
    """The same of one role, over or not: None where the record names its holder, or never named them."""
    if grant.organization is None or _standing(grant.application, grant.role) is None:
        return None
    record = grant.organization.record
    return _departure(grant, record, _former_people(record))


def _former_people(record: EnrollmentRecord) -> list[FormerPerson]:
    return list(record.former_people.order_by("-replaced_at", "-pk"))


def _departure(grant: Grant, record: EnrollmentRecord, former: list[FormerPerson]) -> Departing | None:
    standing = _standing(grant.application, grant.role)
    if standing is None or _named(grant.account, record, standing).is_alike:
        return None
    mine = (one for one in former if one.standing == standing.value)
    then = next((one for one in mine if _compared(grant.account, one.name, one.email).is_alike), None)
    return Departing(grant, standing, then.last_day) if then is not None else None


@beyond()
def would_have_gone(departing: Departing, *, now: datetime) -> bool:
    """Whether its day is over by now: the one given, else that on which the person named instead started (G-8)."""
    if departing.last_day is not None:
        return departing.last_day < day_of(now, zone())
    grant, standing = departing.grant, departing.standing
    others = Grant.objects.filter(
        is_live(now), organization=grant.organization_id, application=grant.application
    ).select_related("organization__record", "account__person")
    return any(
        _standing(one.application, one.role) is standing
        and _named(one.account, one.organization.record, standing).is_alike
        for one in others.exclude(account=grant.account_id)
    )


def predecessors_of(grant: Grant, *, now: datetime) -> list[Grant]:
    """The roles that end with the start of this one, because the record names its holder instead."""
    standing = _standing(grant.application, grant.role)
    if standing is None or grant.organization is None:
        return []
    # As it is now: whoever starts the role may have read the organization before its record changed.
    record = EnrollmentRecord.objects.get(pk=grant.organization.record_id)
    if not _named(grant.account, record, standing).is_alike:
        return []
    return [
        one.grant
        for one in departing_from(record, now=now)
        if one.last_day is None
        and (one.standing, one.grant.application) == (standing, grant.application)
        and one.grant.account_id != grant.account_id
    ]


def succeeded_by(requests: Iterable[RoleRequest], *, now: datetime) -> set[UUID]:
    """The accounts whose roles an approval of these requests may end; nobody's, where no approver is asked for."""
    records = [one.record for one in requests if one.record and one.way in {Way.CREATE, Way.ASSOCIATE}]
    return {one.grant.account_id for record in records for one in departing_from(record, now=now)}


def _standing(application: str, role: str) -> Standing | None:
    _, described = role_of(application, role)
    return described.standing if described and described.standing in APPROVING else None


def _named(account: Account, record: EnrollmentRecord, standing: Standing) -> OfRecord:
    return _compared(
        account, getattr(record, f"{standing.value}_name"), getattr(record, f"{standing.value}_email")
    )


def _compared(account: Account, name: str, email: str) -> OfRecord:
    person = account.person
    return of_record(
        given_names=f"{person.first_name} {person.middle_name}",
        last_name=person.last_name,
        email=account.email,
        record_name=name,
        record_email=email,
    )
