"""Giving a form that one has taken to a colleague (B-1)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk.desk import again_url, case_page
from bailiwick.spot.helpdesk.forms import GiveForm
from bailiwick.spot.rules.deciding import Desk, Refusal


@require_http_methods(["GET", "POST"])
@case_page
def give(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Asked for on a page of its own: to whom, of those who have worked at the desk lately."""
    colleagues = queries.colleagues_of(int(desk.key), now=now)
    form = GiveForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    context = {"person": request.signed_in, "case": case, "form": form, "colleagues": colleagues}
    if request.method != "POST" or not form.is_valid():
        return render(request, "spot_helpdesk/give.html", context)
    chosen = next(one for one in colleagues if str(one.pk) == form.cleaned_data["colleague"])
    try:
        actions.give(case=case, desk=desk, colleague=chosen, by=by(request), now=now)
    except Refused as refused:
        context["refusal"] = sentence_for(refused.code, **refused.facts)
        if refused.code is Refusal.VERIFIED_TOO_LONG_AGO:
            context["verify_url"] = again_url(request.path)
        return render(request, "spot_helpdesk/give.html", context, status=409)
    return redirect("spot_helpdesk:inbox")
