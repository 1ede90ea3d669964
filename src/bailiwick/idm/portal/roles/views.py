"""Manage My Roles (Q-7): what a person holds, what they asked for, and giving a role up (Q-8, Q-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.languages import translated
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries
from bailiwick.idm.access.actions import remove_grant
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal.lines import RequestLine, RoleLine, request_line, role_line, role_name
from bailiwick.idm.portal.roles.forms import GiveUpForm
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.catalogue import Application, FreeAttribute
from bailiwick.idm.rules.modifying import shown
from bailiwick.idm.rules.requests import State
from bailiwick.idm.sessions.doors import freshly_verified, signed_in

COLUMNS = (
    gettext_lazy("Role"),
    gettext_lazy("Organization"),
    gettext_lazy("State"),
    gettext_lazy("Granted"),
    gettext_lazy("Certification due"),
    gettext_lazy("Last sign-in"),
    gettext_lazy("What you can do"),
)
PENDING_COLUMNS = (
    gettext_lazy("Request"),
    gettext_lazy("Role"),
    gettext_lazy("Waiting since"),
    gettext_lazy("What you can do"),
)
PAST_COLUMNS = (gettext_lazy("Request"), gettext_lazy("Role"), gettext_lazy("State"), gettext_lazy("Since"))


@dataclass(frozen=True)
class RolesOfApplication:
    application: Application
    roles: list[RoleLine]
    pending: list[RequestLine]


@require_GET
@signed_in
def manage_my_roles(request: HttpRequest) -> HttpResponse:
    account, now = request.signed_in.account, clock.now()
    requests = [request_line(each, now) for each in queries.requests_of(account)]
    context = {
        "groups": roles_by_application(account, requests, now),
        "past": [line for line in requests if line.state is not State.PENDING],
        "columns": COLUMNS,
        "pending_columns": PENDING_COLUMNS,
        "past_columns": PAST_COLUMNS,
        "width": "wide",
    }
    return render(request, "portal/roles/roles.html", context)


def roles_by_application(
    account: Account, requests: list[RequestLine], now: datetime
) -> list[RolesOfApplication]:
    """One group per application in which the person holds or waits for something, in the catalogue's order."""
    lines = [role_line(line) for line in queries.grant_lines(account, now=now)]
    pending = [each for each in requests if each.state is State.PENDING]
    groups = [
        RolesOfApplication(
            application=application,
            roles=[line for line in lines if line.grant.application == application.code],
            pending=[line for line in pending if line.request.application == application.code],
        )
        for application in catalogue().applications
    ]
    return [group for group in groups if group.roles or group.pending]


@require_GET
@signed_in
def role_details(request: HttpRequest, grant_id: str) -> HttpResponse:
    """View details: how this role came to be, and until when it holds. Once removed: that it is."""
    grant, now = own_grant(request.signed_in.account, grant_id), clock.now()
    line = role_line(queries.line_of(grant, now=now))
    has_ended = queries.has_ended(grant, now=now)
    context = about_role(grant) | {"line": None if has_ended else line, "attributes": _attributes(grant)}
    if has_ended:
        context["ended"] = queries.end_of(grant, now=now)
    return render(request, "portal/roles/details.html", context)


def _attributes(grant: Grant) -> list[tuple[str, str]]:
    """What the holder said about the role, in the words of the application file (Q-7)."""
    free = queries.free_attributes(grant)
    said = shown(grant.attributes, free)
    return [
        (translated(attribute.label), _read(attribute, said.get(attribute.code, "–"))) for attribute in free
    ]


def _read(attribute: FreeAttribute, value: str) -> str:
    """A choice as the page's language has it; what somebody typed as it is."""
    return translated(value) if value in attribute.choices else value


@require_http_methods(["GET", "POST"])
@freshly_verified()
def remove_role(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Are you sure? Then it ends at once, in sessions too (Q-8)."""
    account, now = request.signed_in.account, clock.now()
    grant = own_grant(account, grant_id)
    if queries.has_ended(grant, now=now):
        return redirect("role-details", grant_id=grant.pk)
    leaves_no_approver = queries.leaves_no_approver(grant, now=now)
    form = GiveUpForm(request.POST or None, leaves_no_approver=leaves_no_approver)
    if request.method == "POST" and form.is_valid():
        try:
            remove_grant(
                grant=grant,
                remover=account,
                reason=form.cleaned_data["reason"],
                confirmed_none_left=bool(form.cleaned_data.get("none_left")),
                strength=strength_of(request),
                by=by(request),
                now=now,
            )
            return redirect("role-details", grant_id=grant.pk)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    context = about_role(grant) | {"form": form, "leaves_no_approver": leaves_no_approver}
    return render(request, "portal/roles/remove.html", context)


def own_grant(account: Account, grant_id: str) -> Grant:
    """The role of that id, if it is or was the account's; else there is none: 404."""
    grant = queries.grant_with_id(grant_id)
    if grant is None or grant.account_id != account.pk:
        raise Http404(_("There is no such role."))
    return grant


def about_role(grant: Grant) -> dict[str, object]:
    """What every page about one role shows."""
    application = catalogue().remembered(grant.application)
    return {"grant": grant, "application": application, "role_name": role_name(application, grant.role)}
