"""Changing the e-mail address (R-9): asked here, confirmed behind a link to the new one, taken back behind one to the old.

No page changes anything by being opened: mail scanners press links. Each has a button.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts import mailboxes, queries
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.forms import EmailChangeForm
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.views import saved
from bailiwick.idm.rules.mailboxes import Refusal
from bailiwick.idm.sessions.doors import discreet, signed_in
from bailiwick.idm.signin import actions as signin

NOT_FOUND, GONE = 404, 410


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def ask(request: HttpRequest) -> HttpResponse:
    """`/profile/email/edit/`: the new address, typed twice."""
    account, now = request.signed_in.account, clock.now()
    form = EmailChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wanted = form.cleaned_data["email"]
            mailboxes.ask_email_change(account=account, wanted=wanted, by=by(request), now=now)
        except Refused as refused:
            form.add_error("email", sentence_for(refused.code, **refused.facts))
        else:
            return redirect("profile_email_asked")
    context = page(request, form=form, waits=queries.waiting_change(account, now=now))
    return render(request, "profile/email.html", context)


@require_safe
@signed_in
def asked(request: HttpRequest) -> HttpResponse:
    """`/profile/email/asked/`: what happens next, and for how long."""
    waits = queries.waiting_change(request.signed_in.account, now=clock.now())
    return render(request, "profile/email_asked.html", page(request, waits=waits))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/profile/email/confirm/<token>/`: only the account that asked, signed in, confirms (AX10)."""
    account, now = request.signed_in.account, clock.now()
    change = queries.change_to_confirm(account, token)
    ruling = queries.confirm_ruling(change, now=now)
    if request.method == "POST":
        try:
            mailboxes.confirm_email_change(account=account, token=token, by=by(request), now=now)
        except Refused as refused:
            return _refused(request, No(refused.code, refused.facts))
        return saved("profile")
    if isinstance(ruling, No):
        return _refused(request, ruling)
    return discreet(render(request, "profile/email_confirm.html", page(request, change=change)))


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """`/email-undo/<token>/`: whoever is signed in here, it is about the account of the link."""
    change, now = queries.change_to_take_back(token), clock.now()
    ruling = queries.take_back_ruling(change, now=now)
    if request.method == "POST":
        visitor = By("visitor", by(request).source)
        try:
            signin.take_back_email_change(token=token, by=visitor, now=now)
        except Refused as refused:
            return _refused(request, No(refused.code, refused.facts))
        return redirect("email_taken_back")
    if isinstance(ruling, No):
        return _refused(request, ruling)
    context = {"change": change, "days": settings.LIMITS.email_change_undone.days}
    return discreet(render(request, "profile/email_take_back.html", context))


@require_safe
def taken_back(request: HttpRequest) -> HttpResponse:
    """`/email-undo/done/`: what happened, and what to do now."""
    return render(request, "profile/email_taken_back.html")


def _refused(request: HttpRequest, ruling: No) -> HttpResponse:
    context = {"sentence": sentence_for(ruling.because, **ruling.facts)}
    status = NOT_FOUND if ruling.because is Refusal.EMAIL_LINK_UNKNOWN else GONE
    answer = render(request, "profile/email_refused.html", context, status=status)
    answer["X-Refusal"] = ruling.because.value
    return discreet(answer)
