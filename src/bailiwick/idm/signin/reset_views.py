"""The page behind a mailed reset link (P-7): opening it does nothing, its button sets the new password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.rules import resetting
from bailiwick.idm.rules.resetting import Refusal
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.discretion import discreet
from bailiwick.idm.signin.forms import refuse
from bailiwick.idm.signin.recovery_forms import NewPasswordForm

NOT_FOUND, GONE = 404, 410


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """`/reset-password/<token>/`: whoever is signed in here, it is about the account of the link."""
    link = queries.reset_link(token)
    ruling = queries.link_ruling(link, now=clock.now())
    asks = link is not None and queries.asks_for_answer(link.account)
    form = NewPasswordForm(request.POST or None, asks=asks)
    if request.method == "POST" and (isinstance(ruling, No) or form.is_valid()):
        try:
            _set_password(request, token, form)
        except Refused as refused:
            if isinstance(refused.code, resetting.Refusal) and refused.code is not Refusal.ANSWER_WRONG:
                return _refused(request, No(refused.code, refused.facts))
            refuse(form, refused, "answer" if refused.code is Refusal.ANSWER_WRONG else "new")
        else:
            return redirect("reset_done")
    if isinstance(ruling, No):
        return _refused(request, ruling)
    question = queries.question_words(link.account) if asks else ""
    context = {"form": form, "question": question, "until": link.expires_at}
    return discreet(render(request, "signin/reset.html", context))


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/reset_done.html")


def _set_password(request: HttpRequest, token: str, form: NewPasswordForm) -> None:
    """A link that may not be used is tried all the same, so that the ledger hears of it (AX01)."""
    typed = getattr(form, "cleaned_data", {})
    visitor = By(actor="visitor", source=by(request).source)
    actions.reset_password(
        token=token,
        answer=typed.get("answer", ""),
        new=typed.get("new", ""),
        by=visitor,
        now=clock.now(),
    )


def _refused(request: HttpRequest, ruling: No) -> HttpResponse:
    sentence = sentence_for(ruling.because, **ruling.facts)
    status = NOT_FOUND if ruling.because is Refusal.LINK_UNKNOWN else GONE
    page = render(request, "signin/reset_refused.html", {"sentence": sentence}, status=status)
    page["X-Refusal"] = ruling.because.value
    return discreet(page)
