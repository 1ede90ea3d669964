"""One role to certify, to remove, to hand over or to restore (C-2 to C-5). Whose it is not finds none: 404."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import actions, queries
from bailiwick.idm.access.queries import CertificationLine
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.portal.actions import note_look
from bailiwick.idm.portal.certifications.forms import HandForm, KeepForm, TakeForm
from bailiwick.idm.portal.certifications.page import beside, shown
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.certification import Refusal, may_certify
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, is_proven, signed_in

NO_SUCH = _("There is no such role to certify.")
TEMPLATE = "portal/certifications/one.html"


@dataclass(frozen=True)
class Visit:
    """A certifier at one role. `forms` by what is done with it."""

    line: CertificationLine
    forms: dict[str, Form]
    now: datetime

    @property
    def within(self) -> timedelta:
        """A desk's act wants a factor passed more lately than an approver's (S-6)."""
        limits = settings.LIMITS
        within: timedelta = limits.step_up_desk if self.line.is_desks else limits.step_up
        return within

    @property
    def is_over(self) -> bool:
        return self.line.line.state is GrantState.ENDED


def certification_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one role: `view(request, visit)`; 404, and an entry, for whoever does not certify it (L-2, INV-14)."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, grant_id: UUID) -> HttpResponse:
        now, viewer = clock.now(), request.signed_in.account
        found = queries.certification_lines([grant_id], viewer, strength=strength_of(request), now=now)
        line = found.get(grant_id)
        if line is None:
            raise Http404(NO_SUCH)
        if not line.may_see:
            because = may_certify(line.facts).because
            actions.note_refusal(about=line.grant, because=because, by=by(request), now=now)
            raise Http404(NO_SUCH)
        if line.is_desks and (stronger := desk_factor_page(request)):
            return stronger
        return view(request, Visit(line, _forms(request, line, now), now))

    return opened


def _forms(request: HttpRequest, line: CertificationLine, now: datetime) -> dict[str, Form]:
    """The one that was sent is bound; nothing can be handed over where nobody else certifies."""
    act, sent, others = request.POST.get("act"), request.POST, []
    if not line.is_desks:
        others = queries.others_to_certify(line.grant, request.signed_in.account, now=now)
    start = {"digest": line.digest}
    return {
        "certify": KeepForm(sent if act == "certify" else None, initial=start, auto_id="certify_%s"),
        "restore": KeepForm(sent if act == "restore" else None, initial=start, auto_id="restore_%s"),
        "remove": TakeForm(sent if act == "remove" else None, auto_id="remove_%s"),
        "hand": HandForm(sent if act == "hand" else None, others=others, auto_id="hand_%s"),
    }


@require_GET
@certification_page
def show(request: HttpRequest, visit: Visit) -> HttpResponse:
    if visit.line.is_desks:
        note_look(about=visit.line.grant, by=by(request), now=visit.now)
    return _page(request, visit)


@require_GET
@certification_page
def verify(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Pass a factor before reading and typing, so that nothing typed is lost on the way."""
    return freshly_verified(within=visit.within)(lambda _request: _back(visit))(request)


def _back(visit: Visit) -> HttpResponse:
    return redirect("certification", grant_id=visit.line.grant.pk)


@require_http_methods(["GET", "POST"])
@certification_page
def decide(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Certify, remove, hand over or restore. Who is led here after a step-up comes by GET, and sees the page again."""
    if request.method != "POST":
        return _back(visit)
    return freshly_verified(within=visit.within)(lambda one: _decide(one, visit))(request)


def _decide(request: HttpRequest, visit: Visit) -> HttpResponse:
    act = request.POST.get("act", "")
    form = visit.forms.get(act)
    if form is None:
        return _back(visit)
    if not form.is_valid():
        return _page(request, visit, status=422)
    try:
        _do(act, form.cleaned_data, request, visit)
    except Refused as refused:
        return _page(request, visit, status=409, refusal=sentence_for(refused.code, **refused.facts))
    return _back(visit) if act == "hand" else redirect("certifications")


def _do(act: str, said: dict[str, Any], request: HttpRequest, visit: Visit) -> None:
    grant, me = visit.line.grant, request.signed_in.account
    how = {"strength": strength_of(request), "by": by(request), "now": visit.now}
    if act in {"certify", "restore"}:
        review = actions.Review(grant, said["digest"], said["comment"])
        keep = actions.certify if act == "certify" else actions.restore_missed
        keep(review=review, certifier=me, **how)
    elif act == "hand":
        to = visit.forms["hand"].chosen
        actions.hand_certification(grant=grant, to=to, certifier=me, why=said["why"], **how)
    else:
        actions.remove_grant(grant=grant, remover=me, reason=said["reason"], **how)


def _page(request: HttpRequest, visit: Visit, *, status: int = 200, refusal: str = "") -> HttpResponse:
    line, person = visit.line, request.signed_in
    context = {
        "shown": shown(line),
        "line": line,
        "is_missed": line.is_missed,
        "is_over": visit.is_over,
        "is_early": day_of(visit.now, zone()) < line.opens_on,
        "leaves_no_approver": line.evidence.is_only_approver,
        "refusal": refusal,
        "is_fresh": is_proven(person, within=visit.within, now=visit.now),
        "objection": "" if person.strength.may_decide else sentence_for(Refusal.STRONGER_FACTOR_NEEDED),
        "can_hand": bool(visit.forms["hand"].others),
        **{f"{name}_form": form for name, form in visit.forms.items()},
        **(beside(line) if line.is_desks else {}),
        "width": "wide",
    }
    return render(request, TEMPLATE, context, status=status)
