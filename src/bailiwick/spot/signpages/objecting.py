"""The page where somebody who was told of a signature objects to it (F-8). Opening the link does nothing."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.fields import ParagraphField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import No, Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.forms.kind_words import worded
from bailiwick.spot.rules.deciding import TEXT_LONGEST
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.objecting import Refusal, may_object

OBJECT = "spot_signpages/object.html"
STATUS = {Refusal.LINK_UNKNOWN: 404, Refusal.SIGNATURE_GONE: 410, Refusal.DECIDED: 410}


class ObjectForm(forms.Form):
    reason = ParagraphField(
        label=_("What is not right?"),
        max_length=TEXT_LONGEST,
        rows=4,
        help_text=_("For example: I do not know this person, or we did not ask for this."),
        error_messages={"required": _("Say what is not right.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objecting(request: HttpRequest, token: str) -> HttpResponse:
    """What was signed and what it would change; a reason and a button; afterwards the same address says that it was heard."""
    now, form = clock.now(), ObjectForm(request.POST if request.method == "POST" else None)
    objection = queries.objection_with(token)
    if objection is None:
        return _page(request, form, why=Refusal.LINK_UNKNOWN)
    ruling = may_object(queries.objected(objection))
    if objection.made_at is None and isinstance(ruling, No):
        return _page(request, form, why=Refusal(ruling.because))
    if objection.made_at is None and form.is_bound and form.is_valid():
        try:
            actions.object_to(token=token, reason=form.cleaned_data["reason"], by=by(request), now=now)
        except Refused as refused:
            return _page(request, form, why=Refusal(refused.code))
        return redirect("object", token=token)
    case = objection.signature.case
    answers = queries.answers_of(case, objection.signature.revision)
    context = {
        "objection": objection,
        "kind": worded(queries.kind_of(case)),
        "group_name": name_of(answers),
        "answers": answers,
        "takes": takes(case, answers, day=timezone.localdate(now)),
    }
    return _page(request, form, **context)


def _page(
    request: HttpRequest, form: ObjectForm, *, why: Refusal | None = None, **context: object
) -> HttpResponse:
    is_wrong = form.is_bound and not form.is_valid() and "objection" in context
    context |= {"form": form, "sentence": sentence_for(why) if why else ""}
    return render(request, OBJECT, context, status=STATUS[why] if why else 422 if is_wrong else 200)
