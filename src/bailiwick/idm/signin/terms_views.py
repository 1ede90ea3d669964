"""The page of new Terms & Conditions, between the second step and where the person was going (R-6)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.fields import TickField
from bailiwick.ground.program import by, clock
from bailiwick.idm.accounts.actions import accept_terms
from bailiwick.idm.accounts.queries import terms_in, terms_in_force
from bailiwick.idm.sessions import doors
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin.terms_gate import is_due


class AcceptForm(forms.Form):
    """`version`: of the terms that the page showed; others that came meanwhile are shown first."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    terms = TickField(label=_("I agree to the Terms & Conditions"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def accept(request: HttpRequest) -> HttpResponse:
    """`/terms/accept/`: the new terms, a tick, and on to where the person was going."""
    terms = terms_in_force()
    onward = redirect(doors.after_sign_in_url(request))
    if not is_due(request.signed_in):
        return onward
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"version": terms.version})
    if form.is_bound and form.is_valid() and form.cleaned_data["version"] == terms.version:
        accept_terms(
            account=request.signed_in.account,
            version=terms.version,
            was_shown=True,
            language=request.LANGUAGE_CODE,
            by=by(request),
            now=clock.now(),
        )
        return onward
    if form.is_bound and form.is_valid():
        form = AcceptForm(initial={"version": terms.version})
    return render(request, "signin/accept_terms.html", {"form": form, **terms_in(request.LANGUAGE_CODE)})
