"""Manage MFA and Recovery Devices: list, add, name, remove (S-3). Every change needs a fresh, strong factor (S-6)."""

from uuid import UUID

import pyotp
import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.forms import ConfirmForm, DeviceForm
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.sessions.doors import set_cookie, signed_in
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import Authenticator

ISSUER = "Bailiwick IDM"
SAID = {"added", "changed", "removed"}


@require_safe
@signed_in
def devices(request: HttpRequest) -> HttpResponse:
    account = request.signed_in.account
    factors = queries.factors(account)
    said = next((word for word in SAID if word in request.GET), "")
    context = page(
        request,
        apps=[factor for factor in factors if factor.kind is FactorKind.TOTP],
        email=account.email,
        said=said,
        is_limited=request.signed_in.is_limited,
    )
    return render(request, "profile/mfa.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def add(request: HttpRequest) -> HttpResponse:
    form = DeviceForm(request.POST or None, initial={"name": _("Authenticator app")})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.start_totp(
                account=request.signed_in.account,
                name=form.cleaned_data["name"],
                by=by(request),
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
        else:
            return redirect("profile_mfa_verify", identifier=row.pk)
    return render(request, "profile/mfa_add.html", page(request, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def confirm(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """QR and secret of an app being added, until it has shown the right number."""
    session = request.signed_in.session
    row = queries.authenticator(request.signed_in.account, identifier)
    if row is None or row.confirmed_at:
        return redirect("profile_mfa")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cookie = actions.confirm_totp(
                session=session,
                identifier=identifier,
                code=form.cleaned_data["code"],
                by=by(request),
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error("code", sentence_for(refused.code, **refused.facts))
        else:
            response = _said("added")
            set_cookie(response, cookie)
            return response
    secret = queries.secret_of(row)
    context = page(request, form=form, name=row.name, secret=_in_fours(secret), qr=_picture(row, secret))
    return render(request, "profile/mfa_verify.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def rename(request: HttpRequest, identifier: UUID) -> HttpResponse:
    row = _own(request, identifier)
    form = DeviceForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_factor(
            account=row.account,
            identifier=identifier,
            name=form.cleaned_data["name"],
            by=by(request),
            now=clock.now(),
        )
        return _said("changed")
    return render(request, "profile/mfa_edit.html", page(request, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def remove(request: HttpRequest, identifier: UUID) -> HttpResponse:
    row = _own(request, identifier)
    if request.method == "POST":
        actions.remove_factor(account=row.account, identifier=identifier, by=by(request), now=clock.now())
        return _said("removed")
    is_last = len(queries.confirmed_authenticators(row.account)) == 1
    return render(request, "profile/mfa_remove.html", page(request, name=row.name, is_last=is_last))


def _own(request: HttpRequest, identifier: UUID) -> Authenticator:
    row = queries.authenticator(request.signed_in.account, identifier)
    if row is None or row.confirmed_at is None:
        raise Http404
    return row


def _picture(row: Authenticator, secret: str) -> str:
    """The secret as a QR code, drawn into the page: it is nowhere to be fetched from."""
    address = pyotp.TOTP(secret).provisioning_uri(name=row.account.user_id, issuer_name=ISSUER)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#ffffff", omitsize=False)
    return mark_safe(drawn)  # noqa: S308 - made by segno of an address that has nothing typed but the escaped user ID


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _said(word: str) -> HttpResponse:
    response = redirect("profile_mfa")
    response["Location"] += f"?{word}"
    return response
