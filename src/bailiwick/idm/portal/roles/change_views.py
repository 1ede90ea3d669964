"""What a holder does with a role but remove it: see why they have it, modify it, give it a last day (Q-7, Q-10, Q-11)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.spreadsheets import CSV_TYPE
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries
from bailiwick.idm.access.actions import export_chain, modify_grant, set_end_date
from bailiwick.idm.access.chain_words import chain_as_csv
from bailiwick.idm.access.words import why_ended
from bailiwick.idm.portal.roles.forms import EndDateForm, ModifyForm
from bailiwick.idm.portal.roles.views import about_role, own_grant
from bailiwick.idm.portal.strength import strength_of
from bailiwick.idm.rules.modifying import shown
from bailiwick.idm.sessions.doors import freshly_verified, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def why(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Why do I have this? By POST the same as a file, freshly verified (Q-11, SR-38)."""
    account, now = request.signed_in.account, clock.now()
    grant = own_grant(account, grant_id)

    def taken(request: HttpRequest) -> HttpResponse:
        exported = export_chain(grant=grant, account=account, by=by(request), now=now)
        return download(chain_as_csv(exported), name=f"role-{grant.pk}.csv", content_type=CSV_TYPE)

    if request.method == "POST":
        return freshly_verified()(taken)(request)
    chain = queries.chain_of(grant, account, now)
    if chain is None:
        raise Http404(_("There is no such role."))
    context = about_role(grant) | {"chain": chain, "end_words": why_ended(queries.why_it_ended(grant))}
    return render(request, "portal/roles/why.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def modify(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Only what the application file marks free; the rest is a new request (Q-7)."""
    account, now = request.signed_in.account, clock.now()
    grant = own_grant(account, grant_id)
    if queries.has_ended(grant, now=now):
        return redirect("role-details", grant_id=grant.pk)
    free = queries.free_attributes(grant)
    form = ModifyForm(request.POST or None, free=free, initial=shown(grant.attributes, free))
    if request.method == "POST" and free and form.is_valid():
        try:
            modify_grant(grant=grant, holder=account, values=form.cleaned_data, by=by(request), now=now)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
        else:
            return redirect("role-details", grant_id=grant.pk)
    return render(request, "portal/roles/modify.html", about_role(grant) | {"form": form, "is_free": free})


@require_http_methods(["GET", "POST"])
@freshly_verified()
def end_date(request: HttpRequest, grant_id: str) -> HttpResponse:
    """Give one's own role a last day, or an earlier one (Q-10)."""
    account, now = request.signed_in.account, clock.now()
    grant = own_grant(account, grant_id)
    if queries.has_ended(grant, now=now):
        return redirect("role-details", grant_id=grant.pk)
    leaves_no_approver = queries.leaves_no_approver(grant, now=now)
    initial = {"ends_on": grant.ends_on}
    form = EndDateForm(request.POST or None, leaves_no_approver=leaves_no_approver, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_end_date(
                grant=grant,
                ends_on=form.cleaned_data["ends_on"],
                setter=account,
                reason=form.cleaned_data["reason"],
                confirmed_none_left=bool(form.cleaned_data.get("none_left")),
                strength=strength_of(request),
                by=by(request),
                now=now,
            )
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
        else:
            return redirect("role-details", grant_id=grant.pk)
    context = about_role(grant) | {"form": form, "leaves_no_approver": leaves_no_approver}
    return render(request, "portal/roles/end_date.html", context)
