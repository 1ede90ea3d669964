"""Notices: which are mailed, in which language, which one may do without; and that mail arrives again (N-2)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.outbox.catalogue import kinds
from bailiwick.ground.outbox.preferences import all_declined
from bailiwick.ground.pages.languages import translated
from bailiwick.ground.program import by, clock
from bailiwick.idm.accounts.noticing import choose_notices, say_mail_works
from bailiwick.idm.portal.profile.forms import NoticesForm
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.views import saved
from bailiwick.idm.sessions.doors import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """`/profile/notices/`: the language, and what can be switched off; the rest is listed."""
    account = request.signed_in.account
    initial = NoticesForm.of(account.language, all_declined(str(account.pk)))
    form = NoticesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_notices(
            account=account,
            language=form.cleaned_data["language"],
            declined=form.declined(),
            by=by(request),
            now=clock.now(),
        )
        return saved("profile_notices")
    required = [kind for kind in kinds().values() if not kind.is_optional and kind.channel == "email"]
    context = {
        "form": form,
        "required": sorted({translated(kind.when) for kind in required}),
        "is_saved": "saved" in request.GET,
        "kept": settings.LIMITS.inbox_kept.days,
    }
    return render(request, "profile/notices.html", page(request, **context))


@require_POST
@signed_in
def mailbox_works(request: HttpRequest) -> HttpResponse:
    """Said on the home page by whom mail did not reach."""
    say_mail_works(account=request.signed_in.account, by=by(request), now=clock.now())
    return redirect("home")
