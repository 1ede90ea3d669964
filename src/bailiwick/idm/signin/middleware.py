"""Policy profile "strict": whoever has nothing but e-mail adds a factor before anything else (S-2)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from bailiwick.idm.rules.factors import must_add_factor
from bailiwick.idm.sessions.doors import come_back_here
from bailiwick.idm.signin.queries import held_kinds
from bailiwick.wire.claims import ACR_LIMITED

# What leads to a factor, out, or to words that help.
OPEN = ("/profile/mfa/", "/sign-in/", "/sign-out/", "/terms/", "/language/", "/stay/", "/mailbox")
SAFE = ("GET", "HEAD")


class FactorFirst:
    """Leads an e-mail-only session to Add another device. Costs nothing under "standard"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROFILE.email_only_after_first_sign_in or not _is_stopped(request):
            return self.get_response(request)
        response = redirect("profile_mfa_add")
        return come_back_here(request, response) if request.method in SAFE else response


def _is_stopped(request: HttpRequest) -> bool:
    person = request.signed_in
    if person is None or person.acr != ACR_LIMITED or request.path.startswith(OPEN):
        return False
    return must_add_factor(held_kinds(person.account), may_be_email_only=False)
