"""SPOT's pages: the public start page and its guides (M-5), Home (M-4), My IDM Account (M-1)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bailiwick.ground.program import clock
from bailiwick.spot.portal.activity_views import kept_until
from bailiwick.spot.portal.guides import GUIDES
from bailiwick.spot.portal.open_tasks import in_idm, tasks_of
from bailiwick.spot.portal.questions import QUESTIONS, ROLE_COLUMNS, ROLES
from bailiwick.spot.portal.roles import PROVIDER_COLUMNS, organizations_of, roles_of
from bailiwick.spot.rules.deciding import DESK_STANDING
from bailiwick.spot.rules.services import ENDS_MANDATES
from bailiwick.spot.signin.doors import signed_in

IDM_PLACES = {
    "idm_home": "/home/",
    "idm_register": "/register/",
    "idm_role_request": "/role-request/",
    "idm_roles": "/roles/",
    "idm_profile": "/profile/",
    "idm_requests": "/requests/",
    "idm_certifications": "/certifications/",
}


def _idm() -> dict[str, str]:
    return {name: settings.ENVIRONMENT.idm_url + path for name, path in IDM_PLACES.items()}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Who are you, and what comes first: anybody may read this."""
    return render(request, "spot_portal/start.html", {"guides": GUIDES.values(), "width": "wide", **_idm()})


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Every guide, what the roles are, and what people ask."""
    context = {
        "guides": GUIDES.values(),
        "role_columns": ROLE_COLUMNS,
        "roles": ROLES,
        "questions": QUESTIONS,
        "width": "wide",
    }
    return render(request, "spot_portal/guides.html", context)


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The steps of one kind of person."""
    found = GUIDES.get(code)
    if found is None:
        raise Http404("No such guide.")
    return render(request, found.template, {"guide": found, **_idm()})


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    person, now = request.signed_in, clock.now()
    context = {
        "person": person,
        "kept": kept_until(person.grants, now=now),
        "organizations": organizations_of(person.grants),
        "tasks": tasks_of(person, now=now),
        "in_idm": in_idm(person),
        "decides": any(grant.standing in ENDS_MANDATES for grant in person.grants),
        "is_of_desk": any(grant.standing == DESK_STANDING for grant in person.grants),
        "width": "wide",
        **_idm(),
    }
    return render(request, "spot_portal/home.html", context)


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    person = request.signed_in
    context = {
        "person": person,
        "roles": roles_of(person.grants, now=clock.now()),
        "columns": PROVIDER_COLUMNS,
        "in_idm": in_idm(person),
        "width": "wide",
        **_idm(),
    }
    return render(request, "spot_portal/account.html", context)
