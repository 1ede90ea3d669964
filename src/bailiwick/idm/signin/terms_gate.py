"""Between the second step and everything else: who accepted older terms reads the new ones first (R-6).

Every page of a signed-in person is behind this gate, so that no address and no POST leads round it (AX02).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bailiwick.idm.accounts.queries import terms_in_force
from bailiwick.idm.rules.accounts import must_accept_terms
from bailiwick.idm.sessions import doors

# The way itself, and the ways out. The last are machines' doors: no cookie of a person counts there.
OPEN = frozenset({"terms", "accept_terms", "sign_out", "set_language", "oidc_logout", "oidc_logout_confirm"})
# An application hears that nobody is signed in, and sends the person to sign in, where the terms wait for them.
AS_IF_NOT_SIGNED_IN = frozenset({"oidc_authorize"})


class TermsGate:
    """Comes after the middleware that finds the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _named: Any) -> HttpResponse | None:
        """The page of the new terms instead of the view, for as long as they are not accepted."""
        person, name = request.signed_in, request.resolver_match.url_name
        if person is None or name in OPEN or not is_due(person):
            return None
        if name in AS_IF_NOT_SIGNED_IN:
            request.signed_in = None
            return None
        return doors.come_back_here(request, HttpResponseRedirect(reverse("accept_terms")))


def is_due(person: doors.SignedIn) -> bool:
    """Whether this person has new terms to accept. Costs no query: the account came with the session."""
    return must_accept_terms(person.account.terms_version, terms_in_force().version)
