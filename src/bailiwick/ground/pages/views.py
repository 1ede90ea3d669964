"""The pages for when something went wrong: a kind sentence, what to do, whom to ask. Never a raw error.

`handler400 = "bailiwick.ground.pages.views.bad_request"` and so on in each program's urls; `form_too_old` is the
CSRF failure view. `server_error` and `busy` ask neither database nor session: they may be what is down.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from bailiwick.ground.pages.context import page
from bailiwick.ground.rulings import Busy

# What passes by itself: too much work at once, or a database that is away for a moment.
PASSING = (Busy, InterfaceError, OperationalError)
RETRY_AFTER_SECONDS = 5


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or in a browser that had signed out meanwhile. Nothing was done. Status 403."""
    del reason  # Django's words for developers; the log has them
    return render(request, "errors/form_too_old.html", {"again": _same_page(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _without_database(request, "errors/bad_request.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return render(request, "errors/permission_denied.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return render(request, "errors/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500; where a middleware met a database that is away, the page of a view that did: 503."""
    if isinstance(sys.exception(), PASSING):
        return busy(request)
    return _without_database(request, "errors/server_error.html", 500)


def busy(request: HttpRequest) -> HttpResponse:
    """Nothing was done; come back in a moment. Status 503."""
    response = _without_database(request, "pages/busy.html", 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _without_database(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # No request in the context: then no context processor runs.
    context = {**page(request), "request_number": getattr(request, "number", ""), "unsure_who": True}
    return HttpResponse(loader.get_template(template).render(context), status=status)


def _same_page(request: HttpRequest) -> str:
    """Where to open the form again: its own path, never what came with it."""
    return request.path if request.path.startswith("/") and not request.path.startswith("//") else "/"
