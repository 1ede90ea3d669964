"""Builders: forms of the other kinds, filled in, signed and in the hands of the desk; the payer file they are compared with."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.checks import check_pair, check_payer, check_rows
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, era_route, kind_of, version_of
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.rules.filechecks import Matter
from bailiwick.spot.rules.schema import shown
from tests.spot.build_desk import by_of
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import ANSWERS, VISITOR, answered, draft_case, token_mailed
from tests.spot.build_signing import on_file, sign_now

# Pelican Cove of the payer file, as enrolled.
PELICAN = {
    "legal_name": "Pelican Cove Dermatology",
    "tin": "900450101",
    "approver": {"name": "Ada Approver", "email": "ada.approver@pelicancove.example", "phone": "2025550181"},
    "backup": {"name": "Ben Backup", "email": "ben.backup@pelicancove.example", "phone": "2025550182"},
}
PELICAN_NUMBERS = {key: ANSWERS[key] for key in ("group_ptan", "group_npi", "tin")}
CONTACT = {key: ANSWERS[key] for key in ("contact_name", "contact_phone", "contact_email")}
OFFICIAL = {key: ANSWERS[key] for key in ANSWERS if key.startswith("official_")}
KEEP_ALL = {"approver_change": "keep", "backup_change": "keep", "name_change": "no", "address_change": "no"}
NEW_APPROVER = {
    "approver_change": "replace",
    "approver_name": "Nina Newcomer",
    "approver_email": "nina.newcomer@pelicancove.example",
    "approver_phone": "2025550183",
}
TIDEWATER = {
    "group_name": "Tidewater Billing Partners",
    "tin": "900450201",
    "tin_tag": "ein",
    "address_line_1": "500 Tidewater Avenue",
    "city": "Jacksonville",
    "address_state": "FL",
    "zip": "32202",
    "company_phone": "2025550181",
    "contact_name": "Cass Contact",
    "contact_phone": "2025550184",
    "contact_email": "cass.contact@tidewater.example",
    "technical_name": "File Desk",
    "technical_phone": "2025550185",
    "technical_email": "files@tidewater.example",
    "vendor_list": "no",
    "approver_name": "Tess Approver",
    "approver_email": "tess.approver@tidewater.example",
    "approver_phone": "2025550186",
    "has_backup": "no",
    "has_list": "no",
    "official_name": "Graham Ostrander",
    "official_title": "President",
    "official_email": "graham.ostrander@tidewater.example",
    "official_standing": "authorized",
}
TIDEWATER_RECORD = {
    "legal_name": TIDEWATER["group_name"],
    "kind": "billing_service",
    "tin": TIDEWATER["tin"],
    "approver": {"name": "Tess Approver", "email": TIDEWATER["approver_email"], "phone": "2025550186"},
}
LISTED = {
    "name": "Pelican Cove Laser Center",
    "ptan": "PC2042",
    "npi": "1900410774",
    "tin": "900450101",
    "line_of_business": "B",
    "state": "FL",
    "services": "837",
    "era": "keep",
}
MIGRATED = {
    "name": "Sawgrass Internal Medicine",
    "ptan": "SG3107",
    "npi": "1900410840",
    "tin": "900450107",
    "line_of_business": "B",
    "state": "FL",
    "present_id": "TW-0417",
    "services": "837, ERA",
    "era": "assign",
}


def pelican(**changes: Any) -> EnrollmentRecord:
    return enrolled(**{**PELICAN, **changes})


def update_answers(record: EnrollmentRecord, **changes: str) -> dict[str, str]:
    return {
        "organization_type": record.kind,
        "submitter_id": record.submitter_id,
        "submitter_name": record.legal_name,
        **PELICAN_NUMBERS,
        **CONTACT,
        **OFFICIAL,
        **KEEP_ALL,
        **changes,
    }


def change_answers(record: EnrollmentRecord, request_type: str, **changes: str) -> dict[str, str]:
    return {
        "group_name": ANSWERS["group_name"],
        "state_or_territory": "FL",
        "line_of_business": "B",
        **PELICAN_NUMBERS,
        **CONTACT,
        **OFFICIAL,
        "request_type": request_type,
        "submitter_id": record.submitter_id,
        "submitter_name": record.legal_name,
        "claims_837": "yes",
        "era": "keep",
        "has_list": "no",
        **changes,
    }


def filled(kind: str, answers: dict[str, str], *, rows: Any = (), now: datetime | None = None) -> Case:
    """A complete draft of that kind, with every file asked that is to be asked."""
    now = now or clock.now()
    case = draft_case(email=answers["contact_email"], kind=kind, now=now)
    asked = {one.code for one in shown(kind_of(case), answers)}
    case = answered(case, {code: answer for code, answer in answers.items() if code in asked}, now=now)
    if rows:
        case = actions.save_rows(
            case=case, block="list", added=rows, expected_revision=case.revision, by=VISITOR, now=now
        )
    with suppress(Refused):
        check_payer(case=case, by=VISITOR, now=now)
    for matter in (Matter.PAIR, Matter.RECEIVER):
        with suppress(Refused):
            check_pair(case=case, matter=matter, by=VISITOR, now=now)
    return Case.objects.get(pk=case.pk)


def signed(
    kind: str, answers: dict[str, str], *, rows: Any = (), days_ago: float = 2, **signing: Any
) -> Case:
    """The same, asked for and signed; two days ago, so that nobody can object any more, unless told otherwise."""
    now = clock.now() - timedelta(days=days_ago)
    case = filled(kind, answers, rows=rows, now=now)
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=now)
    sign_now(token_mailed(answers["official_email"]), case, now=now, **signing)
    return Case.objects.get(pk=case.pk)


def taken(one: Desk, kind: str, answers: dict[str, str], **more: Any) -> Case:
    case = signed(kind, answers, **more)
    return actions.take(case=case, desk=one, by=by_of(one), now=clock.now())


def approve(case: Case, one: Desk, **changes: Any) -> EnrollmentRecord:
    """Approve what is there, as somebody who has just looked at it."""
    now, answers = clock.now(), answers_of(case)
    route = era_route(answers, day=timezone.localdate(now))
    said = {
        "seen_revision": case.revision,
        "seen_signature_digest": version_of(case).digest,
        "on_file": on_file(case),
        "rows_on_file": check_rows(case),
        "seen_route": str(route.pk) if route else "",
        "reason": "As agreed.",
        **changes,
    }
    return actions.approve(case=case, desk=one, by=by_of(one), now=now, **said)
