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
from bailiwick.idm.portal.actions import note_look
from bailiwick.idm.portal.requests.forms import ApproveForm, CancelForm, DenyForm
from bailiwick.idm.portal.requests.page import page_of, viewer_approves
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.catalogue import Decider
from bailiwick.idm.rules.requests import Refusal
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, signed_in

NO_SUCH = _("There is no such request.")
TEMPLATE = "portal/requests/request.html"
NOT_THEIRS = frozenset({Refusal.NOT_A_DECIDER, Refusal.OWN_REQUEST, Refusal.NOT_YOURS})


def refuse(request: HttpRequest, asked: RoleRequest, because: Refusal, now: datetime) -> NoReturn:
    """A request that is not theirs is none for them; that they reached for it is on the ledger (L-2)."""
    actions.note_refusal(about=asked, because=because, by=by(request), now=now)
    raise Http404(NO_SUCH)


def request_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one request: `view(request, asked, now)`; 404, and an entry, for whoever may not know of it."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponse:
        now = clock.now()
        asked = queries.request_numbered(number)
        if asked is None:
            raise Http404(NO_SUCH)
        if not queries.may_see_request(request.signed_in.account, asked, now=now):
            refuse(request, asked, Refusal.NOT_A_DECIDER, now)
        return view(request, asked, now)

    return opened


def request_act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that acts on a request. Who is led here after a step-up comes by GET, and sees the page again."""

    @request_page
    @wraps(view)
    def acted(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
        if request.method != "POST":
            return redirect("request", number=asked.number)
        return view(request, asked, now)

    return acted


def time_to_decide(asked: RoleRequest, now: datetime) -> timedelta:
    """How lately a decider must have passed a factor: a desk's act wants it fresher (S-6)."""
    deciding = queries.who_decides(asked, now=now)
    is_approvers_act = deciding.decider is Decider.APPROVERS and not deciding.is_fallback
    return settings.LIMITS.step_up if is_approvers_act else settings.LIMITS.step_up_desk


def _desk_factor(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse | None:
    """For whoever comes as a desk: the page that says what it needs, unless they signed in with it (S-2)."""
    viewer = request.signed_in.account
    is_desks = asked.account_id != viewer.pk and not viewer_approves(viewer, asked, now)
    return desk_factor_page(request) if is_desks else None


@require_GET
@request_page
def show(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
    if stronger := _desk_factor(request, asked, now):
        return stronger
    page = _page(request, asked, now)
    if page["is_desks_look"]:
        note_look(request=asked, by=by(request), now=now)
    return render(request, TEMPLATE, page)


@require_GET
@request_page
def verify(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
    """Pass a factor before reading and typing, so that nothing typed is lost on the way."""
    back = lambda _request: redirect("request", number=asked.number)  # noqa: E731 - three words need no name
    return freshly_verified(within=time_to_decide(asked, now))(back)(request)


@require_http_methods(["GET", "POST"])
@request_act
def approve(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
    form = ApproveForm(request.POST)
    return _when_fresh(request, asked, now, lambda _request: _decide(request, asked, now, approving=form))


@require_http_methods(["GET", "POST"])
@request_act
def deny(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
    form = DenyForm(request.POST)
    return _when_fresh(request, asked, now, lambda _request: _decide(request, asked, now, denying=form))


def _when_fresh(
    request: HttpRequest, asked: RoleRequest, now: datetime, act: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Only a decider gets as far as being asked for a factor; the owner's forged POST is nobody's page."""
    ruling = queries.may_decide_request(
        request.signed_in.account, asked, strength=strength_of(request), now=now
    )
    if not ruling and ruling.because in NOT_THEIRS:
        refuse(request, asked, ruling.because, now)
    if stronger := _desk_factor(request, asked, now):
        actions.note_refusal(about=asked, because=Refusal.STRONGER_FACTOR_NEEDED, by=by(request), now=now)
        return stronger
    return freshly_verified(within=time_to_decide(asked, now))(act)(request)


def _decide(
    request: HttpRequest,
    asked: RoleRequest,
    now: datetime,
    *,
    approving: ApproveForm | None = None,
    denying: DenyForm | None = None,
) -> HttpResponse:
    form = approving or denying
    if not form.is_valid():
        return render(
            request, TEMPLATE, _page(request, asked, now, approving=approving, denying=denying), status=422
        )
    try:
        actions.decide(
            request=asked,
            decider=request.signed_in.account,
            approve=approving is not None,
            reason=form.cleaned_data.get("reason") or form.cleaned_data.get("comment", ""),
            snapshot_digest=form.cleaned_data["digest"],
            strength=strength_of(request),
            by=by(request),
            now=now,
        )
    except Refused as refused:
        asked.refresh_from_db()
        sentence = sentence_for(refused.code, **refused.facts)
        return render(request, TEMPLATE, _page(request, asked, now, refusal=sentence), status=409)
    return redirect("request", number=asked.number)


@require_http_methods(["GET", "POST"])
@request_act
def cancel(request: HttpRequest, asked: RoleRequest, now: datetime) -> HttpResponse:
    """The owner at once; a desk says why, freshly verified (H-2)."""
    if asked.account_id == request.signed_in.account_id:
        return _cancel(request, asked, now, reason="")
    ruling = queries.may_cancel_request(
        request.signed_in.account, asked, strength=strength_of(request), now=now
    )
    if not ruling and ruling.because in NOT_THEIRS:
        refuse(request, asked, ruling.because, now)
    if stronger := desk_factor_page(request):
        actions.note_refusal(about=asked, because=Refusal.STRONGER_FACTOR_NEEDED, by=by(request), now=now)
        return stronger
    form = CancelForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, _page(request, asked, now, canceling=form), status=422)
    act = lambda _request: _cancel(request, asked, now, reason=form.cleaned_data["reason"])  # noqa: E731
    return freshly_verified(within=settings.LIMITS.step_up_desk)(act)(request)


def _cancel(request: HttpRequest, asked: RoleRequest, now: datetime, *, reason: str) -> HttpResponse:
    try:
        actions.cancel_request(
            request=asked,
            canceller=request.signed_in.account,
            strength=strength_of(request),
            reason=reason,
            by=by(request),
            now=now,
        )
    except Refused as refused:
        asked.refresh_from_db()
        sentence = sentence_for(refused.code, **refused.facts)
        return render(request, TEMPLATE, _page(request, asked, now, refusal=sentence), status=409)
    return redirect("request", number=asked.number)


def _page(request: HttpRequest, asked: RoleRequest, now: datetime, **forms: Any) -> dict[str, Any]:
    person = request.signed_in
    return page_of(
        asked,
        viewer=person.account,
        strength=strength_of(request),
        factor_at=person.factor_at,
        within=time_to_decide(asked, now),
        now=now,
        **forms,
    )
