"""What an application reads of its own through the provisioning API (O-4): its records, organizations and roles.

Everything is asked for with the calling client's application: of another's there is nothing here (SR-20).
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import StringConstraints

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.idm.access.actions import note_told
from bailiwick.idm.access.queries import GrantLine, grants_told, standings_told
from bailiwick.idm.access.queries.telling import Standing, Which
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.queries import records_held
from bailiwick.idm.rules.catalogue import Application

# An answer stays well under what a caller takes at once.
RECORDS_A_PAGE = 1_500
GRANTS_A_PAGE = 400
MOST_ORGANIZATIONS = 50
# A submitter ID, or none; no odd text reaches a database.
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,20}$")]

router = Router()


class HeldRecord(Schema):
    submitter_id: str
    version: int
    fingerprint: str


class HeldRecords(Schema):
    """`next`: what to ask for the records after these; "" where there are no more."""

    records: list[HeldRecord]
    next: str


class Found(Schema):
    code: str
    sentence: str
    next_step: str
    people: list[str]


class OrganizationTold(Schema):
    """`able`: who can decide there now. `findings`: what its continuity lacks (G-7), the gravest first."""

    submitter_id: str
    claimed_at: datetime
    approved_since: datetime | None
    able: list[str]
    findings: list[Found]
    people: int
    waiting: int


class OrganizationsTold(Schema):
    organizations: list[OrganizationTold]


class GrantTold(Schema):
    """`state`: active, inactive or closed. `sign_in_by`: the last day on which a sign-in keeps it active."""

    id: str
    user_id: str
    name: str
    role: str
    submitter_id: str
    legal_name: str
    state: str
    granted_at: datetime
    last_sign_in_at: datetime | None
    sign_in_by: str
    certify_by: str


class GrantsTold(Schema):
    grants: list[GrantTold]
    next: str


def application_of(request: HttpRequest) -> Application:
    """The calling client's application; 403 for a client that is of none."""
    application = catalogue().by_client(request.auth)
    if application is None:
        raise HttpError(403, "This client is of no application.")
    return application


@router.get("/enrollment-records", response=HeldRecords)
def held_enrollment_records(request: HttpRequest, after: Identifier = "") -> dict[str, Any]:
    """What IDM holds of the application's records, by submitter ID, to be compared with its own."""
    found = records_held(application=application_of(request).code, after=after, most=RECORDS_A_PAGE)
    return {"records": found, "next": found[-1].submitter_id if len(found) == RECORDS_A_PAGE else ""}


@router.get("/organizations", response=OrganizationsTold)
def organizations_told(request: HttpRequest, submitter_id: Query[list[Identifier]]) -> dict[str, Any]:
    """How these organizations stand: who can decide, what their continuity lacks (G-7). Unclaimed records are left out."""
    if len(submitter_id) > MOST_ORGANIZATIONS:
        raise HttpError(422, f"At most {MOST_ORGANIZATIONS} organizations at once.")
    found = standings_told(application_of(request), submitter_ids=submitter_id, now=clock.now())
    return {"organizations": [_standing(one) for one in found]}


@router.get("/grants", response=GrantsTold)
def grants_held(
    request: HttpRequest, which: Which = Which.ALL, submitter_id: Identifier = "", after: UUID | None = None
) -> dict[str, Any]:
    """Who holds the application's roles; of those, the inactive, or those whose certification is open. On the ledger."""
    application, now = application_of(request), clock.now()
    found = grants_told(
        application, which=which, submitter_id=submitter_id, after=after, most=GRANTS_A_PAGE, now=now
    )
    by = By(f"client:{request.auth}", request.META.get("REMOTE_ADDR", ""))
    note_told(application=application.code, which=which.value, count=len(found), by=by, now=now)
    return {
        "grants": [_grant(line) for line in found],
        "next": str(found[-1].grant.pk) if len(found) == GRANTS_A_PAGE else "",
    }


def _standing(one: Standing) -> dict[str, Any]:
    findings = [
        {
            "code": found.code.value,
            "sentence": str(found.sentence),
            "next_step": str(found.next_step),
            "people": list(found.people),
        }
        for found in one.health.findings
    ]
    return {
        "submitter_id": one.organization.submitter_id,
        "claimed_at": one.organization.created_at,
        "approved_since": one.approved_since,
        "able": list(one.health.able),
        "findings": findings,
        "people": one.people,
        "waiting": one.waiting,
    }


def _grant(line: GrantLine) -> dict[str, Any]:
    grant = line.grant
    return {
        "id": str(grant.pk),
        "user_id": grant.account.user_id,
        "name": full_name(grant.account),
        "role": line.role_name,
        "submitter_id": grant.submitter_id,
        "legal_name": grant.legal_name,
        "state": line.state.value,
        "granted_at": grant.started_at,
        "last_sign_in_at": line.last_sign_in_at,
        "sign_in_by": line.sign_in_by.isoformat(),
        "certify_by": line.certification_due.isoformat(),
    }
