"""The page behind the link of a factor reset: opening it does nothing, its button cancels (P-9, N-2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.rules.restoring import Refusal
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.askers import visitor
from bailiwick.idm.signin.discretion import discreet

NOT_FOUND, GONE = 404, 410


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """`/factor-reset/<token>/`: whoever was told of the reset stops it."""
    now, reset = clock.now(), queries.reset_by_token(token)
    ruling = queries.cancel_ruling(reset, now=now)
    if isinstance(ruling, No):
        return _over(request, ruling)
    if request.method == "POST":
        try:
            actions.cancel_reset(token=token, by=visitor(request), now=now)
        except Refused as refused:
            return _over(request, No(refused.code, refused.facts))
        return redirect("factor_reset_canceled")
    return discreet(render(request, "signin/factor_reset.html", {"reset": reset}))


@require_safe
def canceled(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/factor_reset_canceled.html")


def _over(request: HttpRequest, ruling: No) -> HttpResponse:
    sentence = sentence_for(ruling.because, **ruling.facts)
    status = NOT_FOUND if ruling.because is Refusal.RESET_UNKNOWN else GONE
    page = render(request, "signin/factor_reset_over.html", {"sentence": sentence}, status=status)
    page["X-Refusal"] = ruling.because.value
    return discreet(page)
