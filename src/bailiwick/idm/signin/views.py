"""Signing in with user ID and password, and out (S-1). The second step: verify_views; passkeys: passkey_views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import accept_terms
from bailiwick.idm.accounts.queries import terms_in, terms_in_force
from bailiwick.idm.rules import signin
from bailiwick.idm.rules.recovering import Goal
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions import doors
from bailiwick.idm.signin import actions, recovery_views
from bailiwick.idm.signin.askers import holder, session_of, visitor
from bailiwick.idm.signin.forms import SignInForm, refuse

FORBIDDEN = 403
HEADINGS = {
    signin.Refusal.ACCOUNT_SUSPENDED: _("This account is suspended"),
    signin.Refusal.ACCOUNT_ARCHIVED: _("This account is archived"),
    signin.Refusal.ACCOUNT_FROZEN: _("This account is frozen"),
}


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
            user_id=typed["user_id"], password=typed["password"], by=visitor(request), now=now
        )
    except Refused as refused:
        if refused.code in signin.IN_THE_WAY:
            return _stopped(request, refused, typed["user_id"])
        refuse(form, refused)
        return None
    accept_terms(
        account=session.account,
        version=terms_in_force().version,
        language=request.LANGUAGE_CODE,
        by=holder(request, session),
        now=now,
    )
    if before := session_of(request):
        sessions.end(session=before, why=EndReason.REPLACED, by=holder(request, before), now=now)
    response = redirect("verify")
    doors.set_cookie(response, cookie)
    return response


def _stopped(request: HttpRequest, refused: Refused, user_id: str) -> HttpResponse:
    """Who gave the right password is told what stands in the way, and what helps (S-5, S-9); an expired one is reset (P-5)."""
    if refused.code is signin.Refusal.PASSWORD_EXPIRED:
        cookie = actions.begin_recovery(
            user_id=user_id, goal=Goal.NEW_PASSWORD, by=visitor(request), now=clock.now()
        )
        return recovery_views.to_ways(Goal.NEW_PASSWORD, cookie, note="?expired")
    context = {
        "heading": HEADINGS[refused.code],
        "sentence": sentence_for(refused.code, **refused.facts),
        "recovery_helps": refused.code in signin.RECOVERY_HELPS,
    }
    page = render(request, "signin/stopped.html", context, status=FORBIDDEN)
    page["X-Refusal"] = refused.code.value
    return page


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`/sign-out/`: end this session, also one that is only half begun."""
    session = session_of(request)
    if session:
        sessions.end(session=session, why=EndReason.SIGNED_OUT, by=holder(request, session), now=clock.now())
    response = redirect("sign_in")
    response["Location"] += "?signed-out"
    doors.clear_cookie(response)
    return response


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """`/terms/`: the Terms & Conditions in force."""
    return render(request, "signin/terms.html", terms_in(request.LANGUAGE_CODE))
