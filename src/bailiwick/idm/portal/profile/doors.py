"""Who may change what protects an account (S-6)."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from bailiwick.idm.rules.sessions import LEVEL_OF, Factor
from bailiwick.idm.sessions.doors import freshly_verified, send_to_verify
from bailiwick.idm.signin.queries import strongest_factor
from bailiwick.wire.claims import satisfies

View = Callable[..., HttpResponse]


def sensitive(view: View) -> View:
    """Freshly verified, and with a factor as strong as the account's strongest is by now.

    A session verified by e-mail stops sufficing at the moment another one adds an authenticator (AX05).
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        strongest = strongest_factor(request.signed_in.account)
        if not satisfies(request.signed_in.acr, LEVEL_OF[Factor(strongest.value)]):
            return send_to_verify(request)
        return view(request, *args, **kwargs)

    return freshly_verified()(guarded)
