"""The provisioning API (O-4): OpenAPI at `/api/v1/openapi.json`. A client acts for its own application only."""

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import override
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError

from bailiwick.ground.ledger import By
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import follow_record, keep_signed_form
from bailiwick.idm.access.queries import is_known_to
from bailiwick.idm.accounts.queries import account_with_id, survivor_of
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations import actions, queries
from bailiwick.idm.protocols.oidc.bearer import client_of
from bailiwick.idm.protocols.provisioning import telling
from bailiwick.wire.provisioning import MalformedRecordError, record_from_json

MOST_PAIRS = 20_000

router = Router()


class Problem(Schema):
    code: str
    detail: str
    fields: dict[str, str] = {}


class Stored(Schema):
    submitter_id: str
    version: int
    outcome: str


class Subject(Schema):
    sub: str
    merged_into: str


class Pair(Schema):
    submitter_id: telling.Identifier
    version: int


class Lacking(Schema):
    lacking: list[str]


def application_client(request: HttpRequest) -> str | None:
    """The calling client's id, when its token carries the provisioning scope; None answers 401."""
    return client_of(request, scope="provisioning", now=clock.now())


def _application_with_organizations(client_id: str) -> str:
    application = catalogue().by_client(client_id)
    if application is None or not any(role.needs_organization for role in application.roles):
        raise HttpError(403, "This client's application has no organizations.")
    return application.code


def _body(request: HttpRequest) -> Any:
    if request.content_type != "application/json":
        raise HttpError(415, "The body is application/json.")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise MalformedRecordError({"": "The body is not JSON."}) from None


@router.get("/subjects/{sub}", response={200: Subject, 404: Problem})
def subject(request: HttpRequest, sub: UUID) -> tuple[int, dict[str, Any]]:
    """Where a subject points: to the same person's account that goes on, or nowhere (A-5). Of the client's own people only."""
    application = catalogue().by_client(request.auth)
    account = account_with_id(sub)
    if application is None or account is None or not is_known_to(account, application.code):
        return 404, {
            "code": "unknown_subject",
            "detail": "This application knows no such person.",
            "fields": {},
        }
    survivor = survivor_of(account)
    return 200, {"sub": str(account.pk), "merged_into": "" if survivor == account else str(survivor.pk)}


# Before the path that takes any word for a submitter ID.
@router.post("/enrollment-records/lacking", response={200: Lacking, 422: Problem})
def lacking_enrollment_records(request: HttpRequest, pairs: list[Pair]) -> dict[str, list[str]]:
    """Which of the (submitter ID, version) pairs IDM does not hold, or holds older: what a restore lost is sent again."""
    application = _application_with_organizations(request.auth)
    if len(pairs) > MOST_PAIRS:
        raise MalformedRecordError({"": f"At most {MOST_PAIRS} pairs at once."})
    held = queries.versions_held(application=application, submitter_ids=[pair.submitter_id for pair in pairs])
    return {"lacking": [pair.submitter_id for pair in pairs if held.get(pair.submitter_id, 0) < pair.version]}


@router.put(
    "/enrollment-records/{submitter_id}",
    response={200: Stored, 201: Stored, 409: Problem, 422: Problem},
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}, "required": True}
    },
)
def put_enrollment_record(request: HttpRequest, submitter_id: str) -> tuple[int, dict[str, Any]]:
    """Store one enrollment record (G-1). An older version than the one held is ignored; the same again is no error."""
    client_id = request.auth
    application = _application_with_organizations(client_id)
    record = record_from_json(_body(request))
    if record.submitter_id != submitter_id:
        raise MalformedRecordError({"submitter_id": "The same as in the address."})
    by, now = By(f"client:{client_id}", request.META.get("REMOTE_ADDR", "")), clock.now()
    with transaction.atomic():
        outcome = actions.put_record(
            application=application,
            submitter_id=submitter_id,
            version=record.version,
            record=record,
            by=by,
            now=now,
        )
        if record.form is not None and outcome != "ignored":
            keep_signed_form(
                submitter_id=submitter_id, version=record.version, form=record.form, by=by, now=now
            )
        if outcome == "updated":
            follow_record(submitter_id=submitter_id, by=by, now=now)
    body = {"submitter_id": submitter_id, "version": record.version, "outcome": outcome}
    return (201 if outcome == "created" else 200), body


def make_api() -> NinjaAPI:
    """The API object; made once by urls."""
    api = NinjaAPI(
        title="Bailiwick IDM provisioning",
        version="1",
        docs_url=None,
        auth=application_client,
        urls_namespace="provisioning",
    )
    api.add_router("", telling.router)
    api.add_router("", router)

    @api.exception_handler(MalformedRecordError)
    def malformed(request: HttpRequest, problem: MalformedRecordError) -> Any:
        body = {
            "code": "malformed_record",
            "detail": "The record is not as the API describes it.",
            "fields": problem.problems,
        }
        return api.create_response(request, body, status=422)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, refusal: Refused) -> Any:
        # Programs are answered in English, whatever language their client asks for.
        with override("en"):
            detail = sentence_for(refusal.code, **refusal.facts)
        body = {"code": refusal.code.value, "detail": detail, "fields": {}}
        return api.create_response(request, body, status=409)

    return api
