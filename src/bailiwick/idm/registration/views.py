"""New User Registration: three steps and a result (R-1, R-4)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.languages import asked_language
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.registration import actions, queries
from bailiwick.idm.registration.forms import StepForm
from bailiwick.idm.registration.journey import HEADINGS, URLS, Journey, clear_cookie, set_cookie
from bailiwick.idm.rules import accounts as account_rules
from bailiwick.idm.rules import passwords, registration, signin
from bailiwick.idm.rules.registration import STEPS, Step, is_open

TOO_MANY_REQUESTS = 429
THROTTLES = frozenset(
    {registration.Refusal.TOO_MANY_REGISTRATIONS, registration.Refusal.TOO_MANY_CHECKS_FROM_HERE}
)
FIELD_OF: dict[type, str] = {
    registration.Refusal: "user_id",
    account_rules.Refusal: "user_id",
    passwords.Refusal: "password",
    signin.Refusal: "answer",
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step. A step that is not open yet leads to the furthest that is; a finished registration to its result."""
    current = next(step for step in STEPS if step.name == name)
    journey = Journey.of(request, clock.now())
    if journey.draft and journey.draft.submitted_at:
        return redirect("registration_done") if request.method == "POST" else _again(request, current)
    if not is_open(current, queries.answered(journey.draft)):
        return redirect(URLS[journey.furthest.name])
    if request.method != "POST":
        return _page(request, journey, current, journey.form(current))
    return _sent(request, journey, current, journey.form(current, request.POST))


def _sent(request: HttpRequest, journey: Journey, current: Step, form: StepForm) -> HttpResponse:
    if "back" in request.POST and current is not STEPS[0]:
        return _back(journey, current, form)
    if "check" in request.POST and current is STEPS[-1]:
        return _check_on_the_page(request, journey, current, form)
    if not form.is_valid():
        return _page(request, journey, current, form)
    return _submit(request, journey, current, form) if current is STEPS[-1] else _next(journey, current, form)


def _again(request: HttpRequest, current: Step) -> HttpResponse:
    """Whoever comes back after a finished registration starts a new one."""
    response = redirect(URLS[STEPS[0].name]) if current is not STEPS[0] else None
    response = response or _page(request, Journey(None, {}, clock.now()), current, None)
    clear_cookie(response)
    return response


def _next(journey: Journey, current: Step, form: StepForm) -> HttpResponse:
    _, key = actions.keep_answers(
        draft=journey.draft,
        step=current.name,
        typed=journey.kept_of(current, form),
        is_accepted=True,
        now=journey.now,
    )
    following = STEPS[STEPS.index(current) + 1]
    response = redirect(URLS[following.name])
    if key:
        set_cookie(response, key)
    return response


def _back(journey: Journey, current: Step, form: StepForm) -> HttpResponse:
    """Keep what was typed so far, right or wrong, and show the step before."""
    actions.keep_answers(
        draft=journey.draft,
        step=current.name,
        typed=journey.kept_of(current, form),
        is_accepted=form.is_valid() and current is not STEPS[-1],
        now=journey.now,
    )
    return redirect(URLS[STEPS[STEPS.index(current) - 1].name])


def _check_on_the_page(request: HttpRequest, journey: Journey, current: Step, form: StepForm) -> HttpResponse:
    """The check of a user ID for who has no JavaScript: the page again, with what was typed but for the secrets."""
    typed = journey.kept_of(current, form)
    actions.keep_answers(
        draft=journey.draft, step=current.name, typed=typed, is_accepted=False, now=journey.now
    )
    shown = Journey.of(request, journey.now)
    said = _said(request, journey, str(typed.get("user_id", "")))
    return _page(request, shown, current, shown.form(current), said=said)


def _submit(request: HttpRequest, journey: Journey, current: Step, form: StepForm) -> HttpResponse:
    try:
        whole = journey.registration(form, language=asked_language(request))
    except LookupError as unanswered:
        return redirect(URLS[str(unanswered.args[0])])
    try:
        actions.submit(draft=journey.draft, registration=whole, by=by(request), now=journey.now)
    except Refused as refused:
        field = FIELD_OF.get(type(refused.code))
        is_throttled = refused.code in THROTTLES
        form.add_error(None if is_throttled else field, sentence_for(refused.code, **refused.facts))
        page = _page(request, journey, current, form)
        page.status_code = TOO_MANY_REQUESTS if is_throttled else page.status_code
        return page
    return redirect("registration_done")


def _page(
    request: HttpRequest,
    journey: Journey,
    current: Step,
    form: StepForm | None,
    *,
    said: dict[str, object] | None = None,
) -> HttpResponse:
    form = form or journey.form(current)
    context = {
        "form": form,
        "step": current.name,
        "heading": HEADINGS[current.name],
        "steps": journey.steps(current),
        "is_first": current is STEPS[0],
        "is_last": current is STEPS[-1],
        "said": said,
    }
    return render(request, "registration/step.html", context)


@require_POST
def user_id_check(request: HttpRequest) -> HttpResponse:
    """A fragment for the page of step 3: whether the user ID could be had (R-3)."""
    journey = Journey.of(request, clock.now())
    if not is_open(STEPS[-1], queries.answered(journey.draft)):
        return HttpResponse(status=204)
    said = _said(request, journey, request.POST.get("user_id", ""))
    return render(request, "registration/user_id_said.html", {"said": said})


def _said(request: HttpRequest, journey: Journey, user_id: str) -> dict[str, object]:
    """What is said about a user ID: a sentence against it, or that it is free; of a mailbox neither (A-4)."""
    own_email = str(journey.answers["personal"]["email"]).strip()
    try:
        actions.check_user_id(
            draft=journey.draft, user_id=user_id.strip(), own_email=own_email, by=by(request), now=journey.now
        )
    except Refused as refused:
        return {"sentence": sentence_for(refused.code, **refused.facts)}
    return {"is_mailbox": registration.names_a_mailbox(user_id)}


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Forget everything typed, and go to the sign-in page."""
    journey = Journey.of(request, clock.now())
    if journey.draft:
        actions.cancel(draft=journey.draft, now=journey.now)
    response = redirect("sign_in")
    clear_cookie(response)
    return response


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The result; the same for a registration that was stopped (A-4)."""
    journey = Journey.of(request, clock.now())
    if journey.draft is None or not journey.draft.submitted_at:
        return redirect(URLS[journey.furthest.name])
    days = settings.LIMITS.unproven_account_life.days
    return render(
        request, "registration/done.html", {"user_id": journey.answers["done"]["user_id"], "days": days}
    )
