"""The page for somebody who cannot enter an application: the state, why, what to do, who can act (O-2).

The address names the application only; everything else is read for the person who is signed in.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bailiwick.ground.program import clock
from bailiwick.idm.access.queries import StandingIn, standing_in, who_can_help
from bailiwick.idm.access.queries.authority import spans_of
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.protocols.oidc.words import reason_of
from bailiwick.idm.sessions.doors import signed_in

NO_LONGER = frozenset({"removed", "inactive", "closed"})


@require_GET
@signed_in
def no_access(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("application", "")
    try:
        application = catalogue().application(code)
    except KeyError:
        raise Http404 from None
    account, now = request.signed_in.account, clock.now()
    standing = standing_in(account, code, now=now)
    about = standing.request or standing.grant
    context = {
        "application": application,
        "standing": standing,
        "state": str(standing.state),
        # What somebody wrote when asking is no reason for waiting.
        "reason": "" if standing.who else reason_of(standing.reason),
        "is_any_more": standing.state in NO_LONGER,
        "deciders": _deciders(standing),
        "window": spans_of(application).reactivation_window.days,
        "help": who_can_help(account, code, about.organization if about else None, now=now),
    }
    return render(request, "oidc/no_access.html", context)


def _deciders(standing: StandingIn) -> str:
    """Who can act on what waits: a code of the template's sentences."""
    return "" if standing.who is None else str(standing.who.decider)
