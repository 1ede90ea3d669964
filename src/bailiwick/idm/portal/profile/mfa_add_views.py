"""Add another device: kind, details, Verify MFA (S-3). It counts once a code or an answer from it was right."""

from uuid import UUID

import pyotp
import segno
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.mfa_forms import (
    KINDS,
    PHONE_FORMS,
    ConfirmForm,
    ConfirmSheetForm,
    KindForm,
    NameForm,
    NewPasskeyForm,
)
from bailiwick.idm.portal.profile.mfa_views import said
from bailiwick.idm.rules.factors import FactorKind, code_life, may_add, must_add_factor
from bailiwick.idm.sessions.doors import set_cookie
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import Authenticator, PhoneFactor, RecoverySheet

ISSUER = "Bailiwick IDM"
FIRST_NAMES = {
    FactorKind.PASSKEY: _("Passkey"),
    FactorKind.TOTP: _("Authenticator app"),
    FactorKind.SMS: _("Mobile phone"),
    FactorKind.VOICE: _("Office phone"),
}
DETAILS: dict[FactorKind, type[forms.Form]] = {
    FactorKind.PASSKEY: NewPasskeyForm,
    FactorKind.TOTP: NameForm,
    FactorKind.RECOVERY: forms.Form,
    **PHONE_FORMS,
}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def choose(request: HttpRequest) -> HttpResponse:
    """`/profile/mfa/add/`: which kind, each with whom it suits."""
    held = queries.counts(request.signed_in.account)
    offered = queries.offered_kinds()
    rulings = {kind: may_add(kind, held, settings.LIMITS) for kind in KINDS if kind in offered}
    form = KindForm(rulings, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("profile_mfa_add_kind", kind=form.cleaned_data["kind"])
    must = must_add_factor(held, may_be_email_only=settings.PROFILE.email_only_after_first_sign_in)
    return render(request, "profile/mfa_add.html", page(request, form=form, must=must))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """`/profile/mfa/add/<kind>/`: its details."""
    if kind not in {each.value for each in DETAILS}:
        raise Http404
    wanted = FactorKind(kind)
    form = DETAILS[wanted](request.POST or None, initial={"name": FIRST_NAMES.get(wanted, "")})
    # The form for recovery codes has no fields, so it is bound by being sent.
    if request.method == "POST" and (wanted is FactorKind.RECOVERY or form.is_valid()):
        try:
            return _begin(request, wanted, form)
        except Refused as refused:
            if wanted is FactorKind.RECOVERY:
                raise
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    label, words = KINDS[wanted]
    context = page(request, form=form, kind=kind, label=label, words=words)
    return render(request, "profile/mfa_details.html", context)


def _begin(request: HttpRequest, kind: FactorKind, form: forms.Form) -> HttpResponse:
    session, asked_by, now = request.signed_in.session, by(request), clock.now()
    typed = getattr(form, "cleaned_data", {})
    if kind is FactorKind.PASSKEY:
        answer, name = typed["assertion"], typed["name"]
        return _added(actions.add_passkey(session=session, name=name, answer=answer, by=asked_by, now=now))
    row: Authenticator | PhoneFactor | RecoverySheet
    if kind is FactorKind.TOTP:
        row = actions.start_totp(account=session.account, name=typed["name"], by=asked_by, now=now)
    elif kind is FactorKind.RECOVERY:
        row = actions.start_recovery_codes(account=session.account, by=asked_by, now=now)
    else:
        row = actions.start_phone(session=session, kind=kind, **typed, by=asked_by, now=now)
    return redirect("profile_mfa_verify", identifier=row.pk)


@require_POST
@sensitive
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """`/profile/mfa/passkey/options/`: what the new passkey is asked."""
    question = actions.ask_to_add(session=request.signed_in.session, now=clock.now())
    response = HttpResponse(question, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def confirm(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """`/profile/mfa/…/verify/`: Verify MFA: a code from the new device."""
    row = queries.device(request.signed_in.account, identifier)
    if row is None or row.confirmed_at:
        return redirect("profile_mfa")
    if isinstance(row, PhoneFactor) and "send" in request.POST:
        return _resend(request, row)
    form = (ConfirmSheetForm if isinstance(row, RecoverySheet) else ConfirmForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _confirm(request, row, form.cleaned_data["code"])
        except Refused as refused:
            form.add_error("code", sentence_for(refused.code, **refused.facts))
    return _confirm_page(request, row, form)


def _confirm(request: HttpRequest, row: queries.Device, code: str) -> HttpResponse:
    session, asked_by, now = request.signed_in.session, by(request), clock.now()
    if isinstance(row, RecoverySheet):
        actions.confirm_recovery_codes(
            account=session.account, identifier=row.pk, code=code, by=asked_by, now=now
        )
        return said("codes")
    confirm_it = actions.confirm_phone if isinstance(row, PhoneFactor) else actions.confirm_totp
    return _added(confirm_it(session=session, identifier=row.pk, code=code, by=asked_by, now=now))


def _resend(request: HttpRequest, row: PhoneFactor) -> HttpResponse:
    form = ConfirmForm()
    try:
        actions.resend_to_phone(session=request.signed_in.session, row=row, by=by(request), now=clock.now())
    except Refused as refused:
        return _confirm_page(request, row, form, problem=sentence_for(refused.code, **refused.facts))
    return redirect("profile_mfa_verify", identifier=row.pk)


def _confirm_page(
    request: HttpRequest, row: queries.Device, form: forms.Form, *, problem: str = ""
) -> HttpResponse:
    context = page(request, form=form, name=row.name, identifier=row.pk, problem=problem)
    if isinstance(row, Authenticator):
        secret = queries.secret_of(row)
        context |= {"secret": _in_fours(secret), "qr": _picture(row, secret)}
        return render(request, "profile/mfa_verify.html", context)
    if isinstance(row, PhoneFactor):
        minutes = int(code_life(row.kind, settings.LIMITS).total_seconds() // 60)
        context |= {"number": spoken(row), "is_call": row.kind is FactorKind.VOICE, "minutes": minutes}
        return render(request, "profile/mfa_verify_phone.html", context)
    context |= {"codes": "\n".join(queries.codes_of(row)) if isinstance(row, RecoverySheet) else ""}
    return render(request, "profile/mfa_verify_codes.html", context)


@require_safe
@sensitive
def download(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """`/profile/mfa/…/codes.txt`: the recovery codes as a file, while they are being set up."""
    row = queries.device(request.signed_in.account, identifier)
    if not isinstance(row, RecoverySheet) or row.confirmed_at:
        raise Http404
    lines = [str(_("Recovery codes for %(user_id)s at Bailiwick IDM. Each works once.")), ""]
    text = "\n".join([*lines, *queries.codes_of(row), ""]) % {"user_id": row.account.user_id}
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="recovery-codes.txt"',
            "Cache-Control": "no-store",
        },
    )


def spoken(row: PhoneFactor) -> str:
    """The number as people read it."""
    number = f"{row.number[:3]} {row.number[3:6]} {row.number[6:]}"
    return (
        str(_("%(number)s, extension %(extension)s")) % {"number": number, "extension": row.extension}
        if row.extension
        else number
    )


def _added(cookie: str) -> HttpResponse:
    response = said("added")
    set_cookie(response, cookie)
    return response


def _picture(row: Authenticator, secret: str) -> str:
    """The secret as a QR code, drawn into the page: it is nowhere to be fetched from."""
    address = pyotp.TOTP(secret).provisioning_uri(name=row.account.user_id, issuer_name=ISSUER)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#ffffff", omitsize=False)
    return mark_safe(drawn)  # noqa: S308 - made by segno of an address that has nothing typed but the escaped user ID


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
