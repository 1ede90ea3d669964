"""Manage MFA and Recovery Devices: the list, changing, removing (S-3). Every change needs a fresh, strong factor (S-6)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.mfa_forms import PHONE_FORMS, NameForm
from bailiwick.idm.rules.factors import DEVICES, PHONES, FactorKind
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import PhoneFactor
from bailiwick.idm.signin.words import FACTOR_WORDS

SAID = ("added", "changed", "removed", "codes")


@require_safe
@signed_in
def devices(request: HttpRequest) -> HttpResponse:
    """`/profile/mfa/`: every way to verify in one table."""
    account = request.signed_in.account
    factors = queries.factors(account)
    kinds = {factor.kind for factor in factors}
    context = page(
        request,
        columns=[_("Name"), _("Kind"), _("Added"), _("Last used"), _("Change")],
        rows=[(FACTOR_WORDS[factor.kind], factor) for factor in factors],
        email=account.email,
        has_device=bool(kinds & DEVICES),
        needs_codes=bool(kinds & DEVICES) and FactorKind.RECOVERY not in kinds,
        is_low=any(factor.is_low for factor in factors),
        said=next((word for word in SAID if word in request.GET), ""),
        is_limited=request.signed_in.is_limited,
    )
    return render(request, "profile/mfa.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def edit(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """`/profile/mfa/…/edit/`: another name; for a phone another number, too, which has to show a code first."""
    row = _own(request, identifier)
    if row.kind is FactorKind.RECOVERY:
        raise Http404
    is_phone = isinstance(row, PhoneFactor)
    initial = {"name": row.name} | ({"number": row.number, "extension": row.extension} if is_phone else {})
    form = (PHONE_FORMS[row.kind] if row.kind in PHONES else NameForm)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if isinstance(row, PhoneFactor) and _moves(row, typed):
            return _change_number(request, row, form)
        actions.rename_factor(
            account=row.account, identifier=identifier, name=typed["name"], by=by(request), now=clock.now()
        )
        return said("changed")
    return _edit_page(request, form, is_phone=is_phone)


def _moves(row: PhoneFactor, typed: dict[str, str]) -> bool:
    return (typed["number"], typed.get("extension", "")) != (row.number, row.extension)


def _change_number(request: HttpRequest, row: PhoneFactor, form: NameForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        changed = actions.start_phone(
            session=request.signed_in.session,
            kind=row.kind,
            name=typed["name"],
            number=typed["number"],
            extension=typed.get("extension", ""),
            replaces=row,
            by=by(request),
            now=clock.now(),
        )
    except Refused as refused:
        form.add_error(None, sentence_for(refused.code, **refused.facts))
        return _edit_page(request, form, is_phone=True)
    return redirect("profile_mfa_verify", identifier=changed.pk)


def _edit_page(request: HttpRequest, form: NameForm, *, is_phone: bool) -> HttpResponse:
    return render(request, "profile/mfa_edit.html", page(request, form=form, is_phone=is_phone))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def remove(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """`/profile/mfa/…/remove/`: asked first, with what it means."""
    row = _own(request, identifier)
    if request.method == "POST":
        actions.remove_factor(account=row.account, identifier=identifier, by=by(request), now=clock.now())
        return said("removed")
    held = queries.counts(row.account)
    context = page(
        request,
        name=row.name,
        kind=FACTOR_WORDS[row.kind],
        is_sheet=row.kind is FactorKind.RECOVERY,
        is_last=row.kind in DEVICES and sum(held[kind] for kind in DEVICES) == 1,
        has_codes=bool(held[FactorKind.RECOVERY]),
    )
    return render(request, "profile/mfa_remove.html", context)


def _own(request: HttpRequest, identifier: UUID) -> queries.Device:
    row = queries.device(request.signed_in.account, identifier)
    if row is None or row.confirmed_at is None:
        raise Http404
    return row


def said(word: str) -> HttpResponse:
    """Back to the list, which says what was done."""
    return redirect(f"{reverse('profile_mfa')}?{word}")
