"""SPOT's pages: the public start page (M-5), Home (M-4), My IDM Account (M-1)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bailiwick.spot.portal.roles import organizations_of, roles_of
from bailiwick.spot.signin.doors import signed_in

IDM_PLACES = {
    "idm_home": "/home/",
    "idm_register": "/register/",
    "idm_roles": "/roles/",
    "idm_profile": "/profile/",
}


def _idm() -> dict[str, str]:
    return {name: settings.ENVIRONMENT.idm_url + path for name, path in IDM_PLACES.items()}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "spot_portal/start.html", {"width": "wide", **_idm()})


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    person = request.signed_in
    context = {"person": person, "organizations": organizations_of(person.grants), "width": "wide", **_idm()}
    return render(request, "spot_portal/home.html", context)


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    person = request.signed_in
    context = {"person": person, "roles": roles_of(person.grants), "width": "wide", **_idm()}
    return render(request, "spot_portal/account.html", context)
