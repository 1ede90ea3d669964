"""Who may enter the desk's pages: holders of the desk's role, signed in with a passkey (H-2, S-2)."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.keeping import typed_in
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import No
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions import note_refusal
from bailiwick.spot.rules.deciding import DESK_ROLE, DESK_STANDING, Desk, Refusal, may_look
from bailiwick.spot.signin.doors import signed_in
from bailiwick.spot.signin.queries import SignedIn
from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

NO_SUCH = _("There is no such form.")
View = Callable[..., HttpResponse]


def desk_of(person: SignedIn) -> Desk:
    """The person as the desk's rules see them, by what IDM said last."""
    return Desk(
        key=str(person.session.person_id),
        name=person.name,
        email=person.email,
        is_of_desk=any((grant.role, grant.standing) == (DESK_ROLE, DESK_STANDING) for grant in person.grants),
        acr=person.session.acr,
        is_confirmed=not person.is_read_only,
        session=str(person.session.pk),
        weakest=settings.DESK_LEVEL,
    )


def desk_page(view: View) -> View:
    """A page of the desk: `view(request, desk, now, …)`. To anyone else it is closed, and that they tried is on the ledger."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, **named: object) -> HttpResponse:
        now, desk = clock.now(), desk_of(request.signed_in)
        ruling = may_look(desk)
        if isinstance(ruling, No):
            note_refusal(case=None, because=ruling.because, by=by(request), now=now)
            if ruling.because is Refusal.STRONGER_FACTOR_NEEDED:
                return stronger_page(request, str(named.get("tracking", "")))
            ruling.raise_it()
        request.signed_in = replace(request.signed_in, is_at_desk=True)
        return view(request, desk, now, *named.values())

    return opened


def stronger_page(request: HttpRequest, tracking: str = "") -> HttpResponse:
    """What the desk signs in with, and the way there; what a form had brought stands in the page, to be sent again (S-2)."""
    goes_to = reverse("spot_helpdesk:case", args=[tracking]) if tracking else reverse("spot_helpdesk:inbox")
    context = {
        "wants_passkey": settings.DESK_LEVEL == ACR_PHISHING_RESISTANT,
        "way": f"{reverse('spot_signin:start')}?{urlencode({'desk': '1', 'next': goes_to})}",
        "kept": typed_in(request),
    }
    page = render(request, "spot_helpdesk/stronger.html", context, status=403)
    page["X-Refusal"] = Refusal.STRONGER_FACTOR_NEEDED.value
    return page


def again_url(path: str) -> str:
    """The way to a fresh second step, and back to that page (S-6)."""
    return f"{reverse('spot_signin:start')}?{urlencode({'again': '1', 'next': path})}"


def case_page(view: View) -> View:
    """A page of one case: `view(request, desk, now, case, …)`; drafts that nobody signed yet are not the desk's to read."""

    @desk_page
    @wraps(view)
    def opened(request: HttpRequest, desk: Desk, now: object, tracking: str, *named: object) -> HttpResponse:
        case = queries.case_tracked(tracking)
        if case is None or case.submitted_at is None:
            raise Http404(NO_SUCH)
        return view(request, desk, now, case, *named)

    return opened
