"""Signing in and out: password, second step, and the second step again for a sensitive act (S-1, S-2, S-6)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.actions import accept_terms
from bailiwick.idm.accounts.queries import terms_in_force
from bailiwick.idm.rules.factors import FactorKind, may_step_up
from bailiwick.idm.rules.sessions import EndReason, Stage
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions import doors
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.forms import CodeForm, SignInForm, refuse

TOO_MANY_REQUESTS = 429


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """`/`: user ID, password, terms; then the second step. Whoever is signed in goes on."""
    if request.method != "POST" and request.signed_in:
        return redirect(doors.after_sign_in_url(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _check_password(request, form)
        if answer:
            return answer
    return render(request, "signin/sign_in.html", {"form": form, "is_out": "signed-out" in request.GET})


def _check_password(request: HttpRequest, form: SignInForm) -> HttpResponse | None:
    now, typed = clock.now(), form.cleaned_data
    try:
        session, cookie = actions.sign_in(
            user_id=typed["user_id"], password=typed["password"], by=_visitor(request), now=now
        )
    except Refused as refused:
        refuse(form, refused)
        return None
    accept_terms(
        account=session.account, version=terms_in_force().version, by=_holder(request, session), now=now
    )
    if before := _session(request):
        sessions.end(session=before, why=EndReason.REPLACED, by=_holder(request, before), now=now)
    response = redirect("verify")
    doors.set_cookie(response, cookie)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """`/sign-in/verify/`: the second step of a sign-in, or one more within a session."""
    session = _session(request)
    if session is None:
        return doors.send_to_sign_in(request) if request.method == "POST" else redirect("sign_in")
    if request.method != "POST":
        return _verify_page(request, session, CodeForm())
    if "send" in request.POST:
        return _send_code(request, session)
    form = CodeForm(request.POST)
    return _take_step(request, session, form) if form.is_valid() else _verify_page(request, session, form)


def _send_code(request: HttpRequest, session: Session) -> HttpResponse:
    try:
        actions.send_code(session=session, by=_holder(request, session), now=clock.now())
    except Refused as refused:
        sentence = sentence_for(refused.code, **refused.facts)
        page = _verify_page(request, session, CodeForm(), kind=FactorKind.EMAIL, sentence=sentence)
        page.status_code = TOO_MANY_REQUESTS
        return page
    response = redirect("verify")
    response["Location"] += "?factor=email"
    return response


def _take_step(request: HttpRequest, session: Session, form: CodeForm) -> HttpResponse:
    asked = request.POST.get("factor", "")
    # Not asked of the database where the page named it: this is the busiest path there is.
    kind = FactorKind(asked) if asked in set(FactorKind) else _usable(session)[0]
    try:
        cookie = actions.take_second_step(
            session=session,
            kind=kind,
            code=form.cleaned_data["code"],
            by=_holder(request, session),
            now=clock.now(),
        )
    except Refused as refused:
        refuse(form, refused, "code")
        return _verify_page(request, session, form)
    response = redirect(doors.after_sign_in_url(request))
    doors.set_cookie(response, cookie)
    return response


def _verify_page(
    request: HttpRequest,
    session: Session,
    form: CodeForm,
    *,
    kind: FactorKind | None = None,
    sentence: str = "",
) -> HttpResponse:
    usable = _usable(session)
    kind = kind or _chosen(request, usable)
    is_sign_in = session.stage == Stage.PASSWORD
    waits = queries.live_code(session) if kind is FactorKind.EMAIL else None
    context: dict[str, Any] = {
        "form": form,
        "kind": kind.value,
        "code_waits": waits,
        "others": [other.value for other in usable if other is not kind],
        "email": queries.masked_email(session.account.email),
        "is_sign_in": is_sign_in,
        "would_be_limited": is_sign_in and len(usable) > 1,
        "sentence": sentence,
        "minutes": int(settings.LIMITS.code_life_email.total_seconds() // 60),
        "cancel": "sign_out" if is_sign_in else "",
    }
    return render(request, "signin/verify.html", context)


def _usable(session: Session) -> list[FactorKind]:
    """The kinds this person can take the step with now, the strongest first."""
    held = list(dict.fromkeys(factor.kind for factor in queries.factors(session.account)))
    if session.stage == Stage.PASSWORD:
        return held
    return [kind for kind in held if may_step_up(kind, held)]


def _chosen(request: HttpRequest, usable: list[FactorKind]) -> FactorKind:
    asked = request.POST.get("factor") or request.GET.get("factor", "")
    return next((kind for kind in usable if kind.value == asked), usable[0])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`/sign-out/`: end this session, also one that is only half begun."""
    session = _session(request)
    if session:
        sessions.end(session=session, why=EndReason.SIGNED_OUT, by=_holder(request, session), now=clock.now())
    response = redirect("sign_in")
    response["Location"] += "?signed-out"
    doors.clear_cookie(response)
    return response


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """`/terms/`: the Terms & Conditions in force."""
    return render(request, "signin/terms.html", {"terms": terms_in_force()})


def _session(request: HttpRequest) -> Session | None:
    return request.signed_in.session if request.signed_in else request.half_signed_in


def _visitor(request: HttpRequest) -> By:
    return By(actor="visitor", source=by(request).source)


def _holder(request: HttpRequest, session: Session) -> By:
    """Who gave the password acts as themselves, also before the second step."""
    return By(actor=str(session.account_id), source=by(request).source)
