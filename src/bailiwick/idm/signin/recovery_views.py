"""Forgot Password, Unlock and Forgot User ID: one page a step, the same for whoever asks (P-7, P-8).

A GET changes nothing and leads to where the browser is on its ladder; a POST out of its turn is refused in words and on
the ledger (AX01). The cookie says which ladder, the form which page it was made for.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.rules import factors, recovering
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.recovering import Goal, RecoveryEvent, RecoveryState, Refusal
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.askers import visitor
from bailiwick.idm.signin.forms import refuse
from bailiwick.idm.signin.models import Recovery
from bailiwick.idm.signin.recovery_forms import (
    AnswerForm,
    ChannelForm,
    ForgotUserIdForm,
    LadderCodeForm,
    NewPasswordForm,
    UserIdForm,
)

FORBIDDEN, TOO_MANY_REQUESTS = 403, 429
METHODS = require_http_methods(["GET", "HEAD", "POST"])
HEADINGS = {Goal.NEW_PASSWORD: _("Forgot Password"), Goal.UNLOCK: _("Unlock Account")}
NAMES = {Goal.NEW_PASSWORD: "forgot_password", Goal.UNLOCK: "unlock"}
LAST_STEPS = {Goal.NEW_PASSWORD: _("New password"), Goal.UNLOCK: _("Unlock")}
STEPS = (_("User ID"), _("Way"), _("Code"))
# Of these the page can go on; all others end it.
ON_THE_FORM = {Refusal.CODE_WRONG, Refusal.ANSWER_WRONG, Refusal.TOO_MANY_FROM_HERE}


@METHODS
def start(request: HttpRequest, goal: Goal) -> HttpResponse:
    """The user ID, filled in for who is signed in (I-4). Whether there is such a one shows neither here nor later."""
    person = request.signed_in
    initial = {"user_id": person.account.user_id} if person else None
    form = UserIdForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cookie = actions.begin_recovery(
                user_id=form.cleaned_data["user_id"], goal=goal, by=visitor(request), now=clock.now()
            )
        except Refused as refused:
            refuse(form, refused)
            return _page(request, "start", goal, 0, form, status=TOO_MANY_REQUESTS)
        return to_ways(goal, cookie)
    return _page(request, "start", goal, 0, form)


def to_ways(goal: Goal, cookie: str, *, note: str = "") -> HttpResponse:
    """On to the second step, with the browser's cookie; also where the sign-in page found the password expired."""
    response = redirect(f"{NAMES[goal]}_way")
    response["Location"] += note
    response.set_cookie(
        cookie_name(),
        cookie,
        max_age=int(settings.LIMITS.recovery_life.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@METHODS
def way(request: HttpRequest, goal: Goal) -> HttpResponse:
    """E-mail, text or call: all three are offered, and no address is shown."""
    ladder = _ladder(request, RecoveryEvent.SEND, goal)
    if isinstance(ladder, HttpResponse):
        return ladder
    form = ChannelForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_recovery_code(**_at(request, goal), channel=FactorKind(form.cleaned_data["channel"]))
        except Refused as refused:
            if not isinstance(refused.code, factors.Refusal):
                return _ended(request, goal, refused)
            refuse(form, refused)
            status = TOO_MANY_REQUESTS
        else:
            return redirect(f"{NAMES[goal]}_code")
    more = {"is_expired": "expired" in request.GET, "ladder": ladder}
    return _page(request, "way", goal, 1, form, status=status, **more)


@METHODS
def code(request: HttpRequest, goal: Goal) -> HttpResponse:
    """The code, if one came."""
    ladder = _ladder(request, RecoveryEvent.MATCH, goal)
    if isinstance(ladder, HttpResponse):
        return ladder
    form = LadderCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prove_code(**_at(request, goal), number=form.cleaned_data["code"])
        except Refused as refused:
            if refused.code not in ON_THE_FORM:
                return _ended(request, goal, refused)
            refuse(form, refused, "code")
        else:
            return redirect(f"{NAMES[goal]}_last")
    kind = FactorKind(ladder.channel)
    minutes = int(factors.code_life(kind, settings.LIMITS).total_seconds() // 60)
    return _page(request, "code", goal, 2, form, ladder=ladder, channel=kind.value, minutes=minutes)


@METHODS
def last(request: HttpRequest, goal: Goal) -> HttpResponse:
    """The security answer where one is asked for, and the new password; or the button that unlocks."""
    ladder = _ladder(request, RecoveryEvent.FINISH, goal)
    if isinstance(ladder, HttpResponse):
        return ladder
    asks = queries.asks_for_answer(ladder.account)
    form_class = NewPasswordForm if goal is Goal.NEW_PASSWORD else AnswerForm
    form = form_class(request.POST if request.method == "POST" else None, asks=asks)
    if request.method == "POST" and form.is_valid():
        try:
            _finish(request, goal, form.cleaned_data)
        except Refused as refused:
            if isinstance(refused.code, recovering.Refusal) and refused.code not in ON_THE_FORM:
                return _ended(request, goal, refused)
            refuse(form, refused, "answer" if refused.code is Refusal.ANSWER_WRONG else "new")
        else:
            response = redirect(f"{NAMES[goal]}_done")
            response.delete_cookie(cookie_name(), samesite="Lax")
            return response
    question = queries.question_words(ladder.account) if asks else ""
    return _page(request, "last", goal, 3, form, ladder=ladder, question=question)


def _finish(request: HttpRequest, goal: Goal, typed: dict[str, Any]) -> None:
    at = _at(request, goal)
    at.pop("goal")
    answer = typed.get("answer", "")
    if goal is Goal.NEW_PASSWORD:
        actions.set_recovered_password(**at, answer=answer, new=typed["new"])
    else:
        actions.unlock_recovered(**at, answer=answer)


@require_safe
def done(request: HttpRequest, goal: Goal) -> HttpResponse:
    name = "reset_done" if goal is Goal.NEW_PASSWORD else "unlock_done"
    return render(request, f"signin/{name}.html")


@METHODS
def forgot_user_id(request: HttpRequest) -> HttpResponse:
    """`/forgot-user-id/`: always the same answer."""
    form, status = ForgotUserIdForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.remind_of_user_id(**form.cleaned_data, by=visitor(request), now=clock.now())
        except Refused as refused:
            refuse(form, refused)
            status = TOO_MANY_REQUESTS
        else:
            return redirect("forgot_user_id_done")
    return render(request, "signin/forgot_user_id.html", {"form": form}, status=status)


@require_safe
def forgot_user_id_done(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/forgot_user_id_done.html")


def cookie_name() -> str:
    """Of the cookie that binds a ladder to the browser it was begun in."""
    return f"{settings.SESSION_COOKIE_NAME}_recovery"


def _at(request: HttpRequest, goal: Goal) -> dict[str, Any]:
    """What every step needs to know: which ladder, which page, who and when."""
    return {
        "cookie": request.COOKIES.get(cookie_name(), ""),
        "window": request.POST.get("ladder", ""),
        "goal": goal,
        "by": visitor(request),
        "now": clock.now(),
    }


def _ladder(request: HttpRequest, event: RecoveryEvent, goal: Goal) -> Recovery | HttpResponse:
    """The ladder on which this step may be taken; else the page to go to, or the refusal of a POST."""
    if request.method == "POST":
        try:
            return actions.check_recovery_step(event=event, **_at(request, goal))
        except Refused as refused:
            return _ended(request, goal, refused)
    ladder = queries.recovery(request.COOKIES.get(cookie_name(), ""))
    ruling = queries.step_ruling(ladder, event, goal, now=clock.now())
    if ladder is not None and not isinstance(ruling, No):
        return ladder
    if isinstance(ruling, No) and ruling.because is Refusal.OUT_OF_TURN and ladder is not None:
        place = {RecoveryState.STARTED: "way", RecoveryState.SENT: "code", RecoveryState.PROVED: "last"}
        return redirect(f"{NAMES[goal]}_{place[RecoveryState(ladder.state)]}")
    return redirect(NAMES[goal])


def _page(
    request: HttpRequest, name: str, goal: Goal, here: int, form: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    names = (*STEPS, LAST_STEPS[goal])
    states = ["done" if at < here else "current" if at == here else "todo" for at in range(len(names))]
    context = {
        "form": form,
        "goal": goal.value,
        "heading": HEADINGS[goal],
        "steps": list(zip(names, states, strict=True)),
        "start_url": NAMES[goal],
        "way_url": f"{NAMES[goal]}_way",
        **more,
    }
    return render(request, f"signin/recovery_{name}.html", context, status=status)


def _ended(request: HttpRequest, goal: Goal, refused: Refused) -> HttpResponse:
    sentence = sentence_for(refused.code, **refused.facts)
    context = {"sentence": sentence, "heading": HEADINGS[goal], "start_url": NAMES[goal]}
    page = render(request, "signin/recovery_refused.html", context, status=FORBIDDEN)
    page["X-Refusal"] = refused.code.value
    return page
