"""One organization, for its approvers and the desks: record, approvers, health with the next step, people (G-7)."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bailiwick.ground.program import by, clock
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.words import HEALTH_WORDS
from bailiwick.idm.helpdesk.actions import note_looks
from bailiwick.idm.helpdesk.queries import PersonFound, person_found
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.helpdesk.views import ROLE_COLUMNS, strength_of
from bailiwick.idm.organizations import queries as organizations
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.words import KIND_WORDS
from bailiwick.idm.rules.grants import APPROVING
from bailiwick.idm.sessions.doors import desk_factor_page, signed_in


@require_GET
@signed_in
def organization(request: HttpRequest, submitter_id: str) -> HttpResponse:
    """404 for whoever is not one of its approvers, or a desk (INV-14)."""
    account, now = request.signed_in.account, clock.now()
    found = organizations.organization(submitter_id)
    if found is None or not access.may_see_organization(account, found, now=now):
        raise Http404(_("There is no such organization."))
    scope = scope_of(account, strength=strength_of(request), now=now)
    is_desks_look = found.pk not in {each.pk for each in scope.organizations}
    if is_desks_look and (stronger := desk_factor_page(request)):
        return stronger
    people = _people(found, scope, now)
    if is_desks_look:
        note_looks(accounts=[each.account for each in people], by=by(request), now=now)
    context = {
        "organization": found,
        "record": record_items(found, scope),
        "of_record": _of_record(found),
        "health": [HEALTH_WORDS[flag] for flag in access.health(found, now=now)],
        "approvers": [each for each in people if _approves(each)],
        "others": [each for each in people if not _approves(each)],
        "role_columns": ROLE_COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/organization.html", context)


def _people(found: Organization, scope: Scope, now: datetime) -> list[PersonFound]:
    """Everyone with a role there, once each, with their roles there alone."""
    seen: dict[object, PersonFound] = {}
    for line in access.people_of(found, now=now):
        if scope.sees(line) and line.grant.account_id not in seen:
            seen[line.grant.account_id] = person_found(line.grant.account, scope, now=now, organization=found)
    return list(seen.values())


def _approves(person: PersonFound) -> bool:
    return any(role.line.role and role.line.role.standing in APPROVING for role in person.roles)


def record_items(found: Organization, scope: Scope) -> list[tuple[str, str]]:
    """The enrollment record; the TIN's last digits for an application's desk only (A-3)."""
    record = found.record
    items = [
        (_("Submitter ID"), record.submitter_id),
        (_("Kind"), str(KIND_WORDS[found.kind])),
        (_("Address"), f"{record.address}, {record.city}, {record.state} {record.zip}"),
        (_("Company phone"), record.phone),
        (_("State of the record"), _("Closed") if found.is_closed else _("Active")),
    ]
    if scope.applications and scope.is_strong_desk:
        items.append((_("TIN"), organizations.masked_tin(record)))
    return items


def _of_record(found: Organization) -> list[tuple[str, str]]:
    record = found.record
    return [
        (_("Approver of record"), f"{record.approver_name}, {record.approver_email}"),
        (
            _("Backup approver of record"),
            f"{record.backup_name}, {record.backup_email}" if record.backup_name else "",
        ),
    ]
