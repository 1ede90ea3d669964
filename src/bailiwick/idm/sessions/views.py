"""Staying signed in (S-8), and "This was not me" (S-9): opening its page does nothing, its button freezes the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.rules.devices import Refusal
from bailiwick.idm.rules.sessions import Refusal as SessionRefusal
from bailiwick.idm.sessions import actions, doors, queries

NOT_FOUND, GONE = 404, 410


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """`/stay/`: the request itself has moved the idle clock; what was typed elsewhere stays where it is.

    Raises Refused(SESSION_OVER) where it came too late: a redirect to sign in would look like a yes to the page's script.
    """
    if request.signed_in is None:
        raise Refused(SessionRefusal.SESSION_OVER)
    return redirect("stayed")


@require_safe
@doors.signed_in
def stayed(request: HttpRequest) -> HttpResponse:
    """`/stay/done/`: says so, for a browser without JavaScript that asked from another window."""
    return render(request, "sessions/stayed.html")


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """`/not-me/<token>/`: whoever is signed in here, it is about the sign-in of the mail."""
    link = queries.disowning_link(token)
    if request.method == "POST":
        try:
            actions.disown(token=token, by=By("visitor", by(request).source), now=clock.now())
        except Refused as refused:
            return _refused(request, No(refused.code, refused.facts))
        return redirect("not_me_done")
    ruling = queries.disowning_ruling(link, now=clock.now())
    if isinstance(ruling, No):
        return _refused(request, ruling)
    session = link.session
    context = {
        "at": session.authenticated_at,
        "device": session.device.words if session.device else "",
        "place": session.place,
    }
    return doors.discreet(render(request, "sessions/not_me.html", context))


@require_safe
def not_me_done(request: HttpRequest) -> HttpResponse:
    """`/not-me/done/`: what happened, and how to get in again."""
    return render(request, "sessions/not_me_done.html")


def _refused(request: HttpRequest, ruling: No) -> HttpResponse:
    context = {"sentence": sentence_for(ruling.because, **ruling.facts)}
    context["is_done"] = ruling.because is Refusal.DISOWNING_LINK_USED
    status = NOT_FOUND if ruling.because is Refusal.DISOWNING_LINK_UNKNOWN else GONE
    page = render(request, "sessions/not_me_refused.html", context, status=status)
    page["X-Refusal"] = ruling.because.value
    return doors.discreet(page)
