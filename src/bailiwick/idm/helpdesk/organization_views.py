"""One organization, for its approvers and the desks: record, approvers, health with the next step, people (G-7)."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bailiwick.ground.program import by, clock
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.queries.authority import authority_of
from bailiwick.idm.access.queries.grants import organizations_within
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.access_views import Place, organization_page
from bailiwick.idm.helpdesk.actions import note_looks
from bailiwick.idm.helpdesk.queries import MOST_PEOPLE, people_found
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.helpdesk.views import ROLE_COLUMNS
from bailiwick.idm.organizations import queries as organizations
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.words import KIND_WORDS
from bailiwick.idm.sessions.doors import signed_in


@require_GET
@signed_in
def my_organization(request: HttpRequest) -> HttpResponse:
    """Those whose approver or backup one is: who can decide there, what they lack, and the next step."""
    account, now = request.signed_in.account, clock.now()
    places = organizations_within(authority_of(account, now=now))
    found = access.healths_of(places, now=now) if places else {}
    context = {"places": [(place, found[place.pk]) for place in places], "width": "wide"}
    return render(request, "helpdesk/my_organization.html", context)


@require_GET
@organization_page
def organization(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    """404 for whoever is not one of its approvers, or a desk (INV-14)."""
    scope, found, seen = scope_of(request, now=now), place.organization, place.seen
    is_desks_look = not place.approved
    approvers = list(access.approvers_at(found, applications=seen, now=now))
    others = Paginator(access.others_at(found, applications=seen, now=now), MOST_PEOPLE)
    page = others.get_page(request.GET.get("page"))
    if is_desks_look:
        note_looks(accounts=[*approvers, *page], by=by(request), now=now)
    context = {
        "organization": found,
        "record": record_items(found, scope),
        "of_record": _of_record(found),
        "departing": [
            (full_name(one.grant.account), one.last_day)
            for one in access.departing_from(found.record, now=now)
            if one.grant.application in seen
        ],
        "health": access.health_of(found, now=now),
        "approvers": people_found(approvers, scope, now=now, organization=found),
        "others": people_found(list(page), scope, now=now, organization=found),
        "page": page,
        "is_theirs": not is_desks_look,
        "role_columns": ROLE_COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/organization.html", context)


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
