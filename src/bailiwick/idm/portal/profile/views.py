"""My Profile: read-only sections, each with its Edit (R-8, R-9), and the change of the password (P-4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.contact import change_contact, contact_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name, masked_ssn, personal_facts, waiting_change
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.forms import BusinessForm, ContactForm, PasswordForm
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.rules import signin as signin_rules
from bailiwick.idm.rules.accounts import Address, spoken_phone
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin import actions as signin


@require_safe
@signed_in
def personal(request: HttpRequest) -> HttpResponse:
    account = request.signed_in.account
    facts = personal_facts(account)
    items = [
        (_("User ID"), account.user_id),
        (_("Legal name"), full_name(account)),
        (_("Preferred name"), account.preferred_name),
        (_("Birth date"), facts.birth_date),
        (_("Social Security number"), masked_ssn(facts)),
        (_("Home address"), _lines(facts.address)),
        (_("E-mail"), account.email),
        (_("Primary phone"), spoken_phone(account.phone)),
        (_("Receives text messages"), _("Yes") if account.text_capable else _("No")),
        (_("Language of our messages"), get_language_info(account.language)["name_translated"]),
    ]
    waits = waiting_change(account, now=clock.now())
    context = page(request, items=items, is_saved="saved" in request.GET, waits=waits)
    return render(request, "profile/personal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_personal(request: HttpRequest) -> HttpResponse:
    account = request.signed_in.account
    initial = ContactForm.of(contact_of(account))
    form = ContactForm(request.POST or None, initial={**initial, "phone": spoken_phone(account.phone)})
    if request.method == "POST" and form.is_valid():
        change_contact(account=account, contact=form.contact(), by=by(request), now=clock.now())
        return saved("profile")
    return render(request, "profile/edit_personal.html", page(request, form=form))


@require_safe
@signed_in
def business(request: HttpRequest) -> HttpResponse:
    account = request.signed_in.account
    fields = BusinessForm.base_fields
    plain = {name: getattr(account, name) for name in fields}
    plain |= {name: spoken_phone(plain[name]) for name in ("business_phone", "business_fax")}
    items = [(_business_label(name), plain[name]) for name in fields]
    context = page(request, items=items, is_saved="saved" in request.GET)
    return render(request, "profile/business.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_business(request: HttpRequest) -> HttpResponse:
    account: Account = request.signed_in.account
    form = BusinessForm(request.POST or None, initial=BusinessForm.of(account))
    if request.method == "POST" and form.is_valid():
        accounts.change_business_contact(
            account=account, values=form.cleaned_data, by=by(request), now=clock.now()
        )
        return saved("profile_business")
    return render(request, "profile/edit_business.html", page(request, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def change_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signin.change_password(
                session=request.signed_in.session,
                current=form.cleaned_data["current"],
                new=form.cleaned_data["new"],
                by=by(request),
                now=clock.now(),
            )
        except Refused as refused:
            field = "current" if isinstance(refused.code, signin_rules.Refusal) else "new"
            form.add_error(field, sentence_for(refused.code, **refused.facts))
        else:
            return saved("profile_password")
    context = page(request, form=form, is_saved="saved" in request.GET)
    return render(request, "profile/password.html", context)


def _lines(address: Address) -> str:
    region = " ".join(filter(None, (address.state, address.zip)))
    country = "" if address.is_us else address.country
    return ", ".join(filter(None, (address.line_1, address.line_2, address.city, region, country)))


def _business_label(name: str) -> str:
    mark = _("{label} (optional)").removeprefix("{label}")
    return str(BusinessForm.base_fields[name].label).removesuffix(mark)


def saved(name: str) -> HttpResponse:
    """Back to the section, which says that the changes are kept."""
    response = redirect(name)
    response["Location"] += "?saved"
    return response
