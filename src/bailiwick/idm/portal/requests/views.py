"""One role request, for its owner and for those who may decide it (Q-4 … Q-6). For anyone else there is none: 404."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NoReturn

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import actions, queries
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries import Look
from bailiwick.idm.portal.actions import note_look
from bailiwick.idm.portal.requests.forms import ApproveForm, CancelForm, DenyForm
from bailiwick.idm.portal.requests.page import page_of
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.catalogue import Decider
from bailiwick.idm.rules.requests import Refusal
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, is_proven, signed_in

NO_SUCH = _("There is no such request.")
TEMPLATE = "portal/requests/request.html"
NOT_THEIRS = frozenset({Refusal.NOT_A_DECIDER, Refusal.OWN_REQUEST, Refusal.NOT_YOURS})


def refuse(request: HttpRequest, asked: RoleRequest, because: Refusal, now: datetime) -> NoReturn:
    """A request that is not theirs is none for them; that they reached for it is on the ledger (L-2)."""
    actions.note_refusal(about=asked, because=because, by=by(request), now=now)
    raise Http404(NO_SUCH)


def request_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one request: `view(request, look, now)`; 404, and an entry, for whoever may not know of it."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponse:
        now = clock.now()
        asked = queries.request_numbered(number)
        if asked is None:
            raise Http404(NO_SUCH)
        look = _look(request, asked, now)
        if not look.may_see:
            refuse(request, asked, Refusal.NOT_A_DECIDER, now)
        return view(request, look, now)

    return opened


def request_act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that acts on a request. Who is led here after a step-up comes by GET, and sees the page again."""

    @request_page
    @wraps(view)
    def acted(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:
        if request.method != "POST":
            return redirect("request", number=look.request.number)
        return view(request, look, now)

    return acted


def _look(request: HttpRequest, asked: RoleRequest, now: datetime) -> Look:
    return queries.look_at(asked, request.signed_in.account, strength=strength_of(request), now=now)


def time_to_decide(look: Look) -> timedelta:
    """How lately a decider must have passed a factor: a desk's act wants it fresher (S-6)."""
    is_approvers_act = look.who.decider is Decider.APPROVERS
    return settings.LIMITS.step_up if is_approvers_act else settings.LIMITS.step_up_desk


def _desk_factor(request: HttpRequest, look: Look) -> HttpResponse | None:
    """For whoever comes as a desk: the page that says what it needs, unless they signed in with it (S-2)."""
    return desk_factor_page(request) if look.is_desks else None


@require_GET
@request_page
def show(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:
    if stronger := _desk_factor(request, look):
        return stronger
    if look.is_desks:
        note_look(about=look.request, by=by(request), now=now)
    return _page(request, look, now)


@require_GET
@request_page
def verify(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:  # noqa: ARG001 - the shape of every page
    """Pass a factor before reading and typing, so that nothing typed is lost on the way."""
    back = lambda _request: redirect("request", number=look.request.number)  # noqa: E731 - three words need no name
    return freshly_verified(within=time_to_decide(look))(back)(request)


@require_http_methods(["GET", "POST"])
@request_act
def approve(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:
    form = ApproveForm(request.POST)
    return _when_fresh(request, look, now, lambda _request: _decide(request, look, now, approving=form))


@require_http_methods(["GET", "POST"])
@request_act
def deny(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:
    form = DenyForm(request.POST)
    return _when_fresh(request, look, now, lambda _request: _decide(request, look, now, denying=form))


def _when_fresh(
    request: HttpRequest, look: Look, now: datetime, act: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Only a decider gets as far as being asked for a factor; the owner's forged POST is nobody's page."""
    ruling = look.may_decide
    if not ruling and ruling.because in NOT_THEIRS:
        refuse(request, look.request, ruling.because, now)
    if stronger := _desk_factor(request, look):
        because = Refusal.STRONGER_FACTOR_NEEDED
        actions.note_refusal(about=look.request, because=because, by=by(request), now=now)
        return stronger
    return freshly_verified(within=time_to_decide(look))(act)(request)


def _decide(
    request: HttpRequest,
    look: Look,
    now: datetime,
    *,
    approving: ApproveForm | None = None,
    denying: DenyForm | None = None,
) -> HttpResponse:
    form = approving or denying
    if not form.is_valid():
        return _page(request, look, now, status=422, approving=approving, denying=denying)
    try:
        actions.decide(
            request=look.request,
            decider=look.viewer,
            approve=approving is not None,
            reason=form.cleaned_data.get("reason") or form.cleaned_data.get("comment", ""),
            snapshot_digest=form.cleaned_data["digest"],
            ends_on=form.cleaned_data.get("ends_on"),
            strength=strength_of(request),
            by=by(request),
            now=now,
        )
    except Refused as refused:
        return _refused(request, look, refused, now)
    return redirect("request", number=look.request.number)


@require_http_methods(["GET", "POST"])
@request_act
def cancel(request: HttpRequest, look: Look, now: datetime) -> HttpResponse:
    """The owner at once; a desk says why, freshly verified (H-2)."""
    if look.is_owner:
        return _cancel(request, look, now, reason="")
    ruling = look.may_cancel
    if not ruling and ruling.because in NOT_THEIRS:
        refuse(request, look.request, ruling.because, now)
    if stronger := desk_factor_page(request):
        because = Refusal.STRONGER_FACTOR_NEEDED
        actions.note_refusal(about=look.request, because=because, by=by(request), now=now)
        return stronger
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, look, now, status=422, canceling=form)
    act = lambda _request: _cancel(request, look, now, reason=form.cleaned_data["reason"])  # noqa: E731
    return freshly_verified(within=settings.LIMITS.step_up_desk)(act)(request)


def _cancel(request: HttpRequest, look: Look, now: datetime, *, reason: str) -> HttpResponse:
    try:
        actions.cancel_request(
            request=look.request,
            canceller=look.viewer,
            strength=strength_of(request),
            reason=reason,
            by=by(request),
            now=now,
        )
    except Refused as refused:
        return _refused(request, look, refused, now)
    return redirect("request", number=look.request.number)


def _refused(request: HttpRequest, look: Look, refused: Refused, now: datetime) -> HttpResponse:
    """The page as it is by now, with why nothing was done."""
    asked = queries.request_numbered(look.request.number)
    sentence = sentence_for(refused.code, **refused.facts)
    return _page(request, _look(request, asked, now), now, status=409, refusal=sentence)


def _page(
    request: HttpRequest, look: Look, now: datetime, *, status: int = 200, **context: Any
) -> HttpResponse:
    fresh = is_proven(request.signed_in, within=time_to_decide(look), now=now)
    return render(request, TEMPLATE, page_of(look, is_fresh=fresh, now=now, **context), status=status)
