"""Signing in with a passkey alone (S-4), and the questions that the browser puts to a passkey."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.actions import accept_terms
from bailiwick.idm.accounts.queries import terms_in_force
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions import doors
from bailiwick.idm.signin import actions
from bailiwick.idm.signin.askers import holder, session_of, visitor
from bailiwick.idm.signin.forms import PasskeySignInForm, refuse

LONGEST_FLOW = 100


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """`/sign-in/passkey/`: terms ticked, and a passkey that verifies its holder: both steps at once."""
    if request.method != "POST" and request.signed_in:
        return redirect(doors.after_sign_in_url(request))
    form = PasskeySignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _enter(request, form)
        if answer:
            return answer
    return render(request, "signin/passkey.html", {"form": form})


def _enter(request: HttpRequest, form: PasskeySignInForm) -> HttpResponse | None:
    now = clock.now()
    try:
        session, cookie = actions.sign_in_by_passkey(
            flow=request.COOKIES.get(cookie_name(), "")[:LONGEST_FLOW],
            answer=form.cleaned_data["assertion"],
            by=visitor(request),
            now=now,
        )
    except Refused as refused:
        refuse(form, refused)
        return None
    self = By(actor=str(session.account_id), source=visitor(request).source)
    version, language = terms_in_force().version, request.LANGUAGE_CODE
    accept_terms(account=session.account, version=version, language=language, by=self, now=now)
    if before := session_of(request):
        sessions.end(session=before, why=EndReason.REPLACED, by=holder(request, before), now=now)
    response = redirect(doors.after_sign_in_url(request))
    doors.set_cookie(response, cookie)
    response.delete_cookie(cookie_name(), samesite="Lax")
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE or ""
    return response


@require_POST
def ask_to_sign_in(_request: HttpRequest) -> HttpResponse:
    """`/sign-in/passkey/options/`: what any passkey of this site is asked; bound to this browser by a cookie."""
    question, flow = actions.ask_to_sign_in(now=clock.now())
    response = said(question)
    response.set_cookie(
        cookie_name(),
        flow,
        max_age=int(settings.LIMITS.passkey_challenge_life.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_POST
def ask_to_verify(request: HttpRequest) -> HttpResponse:
    """`/sign-in/verify/passkey/`: what the passkeys of the person on their way are asked."""
    session = session_of(request)
    if session is None:
        return doors.send_to_sign_in(request)
    return said(actions.ask_to_verify(session=session, now=clock.now()))


def said(question: str) -> HttpResponse:
    """A question as JSON that no cache keeps."""
    response = HttpResponse(question, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def cookie_name() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_passkey"
