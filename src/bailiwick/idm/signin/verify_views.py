"""`/sign-in/verify/`: the second step of a sign-in, or one more within a session for a sensitive act (S-2, S-6)."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.rules.factors import SENT, FactorKind, Refusal, code_life, may_step_up
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions import doors
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.askers import holder, session_of
from bailiwick.idm.signin.forms import CodeForm, PasskeyForm, RecoveryForm, refuse

OK, TOO_MANY_REQUESTS = 200, 429
LATER = {Refusal.CODE_TOO_SOON, Refusal.CODES_TOO_MANY}
FORMS: dict[FactorKind, type[forms.Form]] = {
    FactorKind.PASSKEY: PasskeyForm,
    FactorKind.RECOVERY: RecoveryForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The strongest way first; the others are one press away."""
    session = session_of(request)
    if session is None:
        return doors.send_to_sign_in(request) if request.method == "POST" else redirect("sign_in")
    if request.method != "POST":
        usable = _usable(session)
        return _page(request, session, usable, _chosen(request.GET.get("factor", ""), usable))
    if "send" in request.POST:
        return _send_code(request, session)
    # Not asked of the database where the page named it: this is the busiest path there is.
    kind = _named(request.POST.get("factor", "")) or _usable(session)[0]
    form = FORMS.get(kind, CodeForm)(request.POST)
    if form.is_valid():
        return _take_step(request, session, kind, form)
    return _page(request, session, _usable(session), kind, form=form)


def _send_code(request: HttpRequest, session: Session) -> HttpResponse:
    kind = _named(request.POST["send"])
    if kind not in SENT:
        return redirect("verify")
    try:
        actions.send_code(session=session, kind=kind, by=holder(request, session), now=clock.now())
    except Refused as refused:
        sentence = sentence_for(refused.code, **refused.facts)
        page = _page(request, session, _usable(session), kind, sentence=sentence)
        page.status_code = TOO_MANY_REQUESTS if refused.code in LATER else OK
        return page
    return redirect(f"{reverse('verify')}?factor={kind}")


def _take_step(request: HttpRequest, session: Session, kind: FactorKind, form: forms.Form) -> HttpResponse:
    asked_by, now = holder(request, session), clock.now()
    try:
        if kind is FactorKind.PASSKEY:
            answer = form.cleaned_data["assertion"]
            cookie = actions.verify_passkey(session=session, answer=answer, by=asked_by, now=now)
        else:
            code = form.cleaned_data["code"]
            cookie = actions.take_second_step(session=session, kind=kind, code=code, by=asked_by, now=now)
    except Refused as refused:
        usable = _usable(session)
        if kind not in usable:
            return _page(request, session, usable, kind, sentence=sentence_for(refused.code, **refused.facts))
        refuse(form, refused, None if kind is FactorKind.PASSKEY else "code")
        return _page(request, session, usable, kind, form=form)
    response = redirect(doors.after_sign_in_url(request))
    doors.set_cookie(response, cookie)
    return response


def _page(
    request: HttpRequest,
    session: Session,
    usable: list[FactorKind],
    kind: FactorKind,
    *,
    form: forms.Form | None = None,
    sentence: str = "",
) -> HttpResponse:
    if kind not in usable:
        # What is not theirs is not offered; what was typed for it is answered by the sentence.
        kind, form = usable[0], None
    is_sign_in = session.stage == Stage.PASSWORD
    context: dict[str, Any] = {
        "form": form or FORMS.get(kind, CodeForm)(),
        "kind": kind.value,
        "is_sent": kind in SENT,
        "code_waits": kind in SENT and queries.live_code(session, kind),
        "minutes": int(code_life(kind, settings.LIMITS).total_seconds() // 60),
        "others": [other.value for other in usable if other is not kind],
        "places": _places(session, usable),
        "left": queries.recovery_codes_left(session.account) if FactorKind.RECOVERY in usable else 0,
        "is_sign_in": is_sign_in,
        "would_be_limited": is_sign_in and usable[0] is not FactorKind.EMAIL,
        "sentence": sentence,
        "cancel": "sign_out" if is_sign_in else "",
    }
    return render(request, "signin/verify.html", context)


def _places(session: Session, usable: list[FactorKind]) -> dict[str, str]:
    """Where a code would go, masked."""
    places = {"email": queries.masked_email(session.account.email)}
    for factor in queries.factors(session.account) if SENT.intersection(usable) - {FactorKind.EMAIL} else []:
        if factor.detail:
            places[factor.kind.value] = factor.detail
    return places


def _usable(session: Session) -> list[FactorKind]:
    """The kinds this person can take the step with now, the strongest first."""
    usable = queries.usable_kinds(session.account)
    if session.stage == Stage.PASSWORD:
        return usable
    held = queries.held_kinds(session.account)
    # What is left where the strongest cannot be used here: the page then says whom to call.
    return [kind for kind in usable if may_step_up(kind, held)] or usable[:1]


def _named(word: str) -> FactorKind | None:
    return FactorKind(word) if word in set(FactorKind) else None


def _chosen(word: str, usable: list[FactorKind]) -> FactorKind:
    kind = _named(word)
    return kind if kind in usable else usable[0]
