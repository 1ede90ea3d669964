"""Inbox (N-2): a copy of each notice that concerned the account, but for codes and links with tokens."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bailiwick.ground.outbox import inbox
from bailiwick.ground.program import clock
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.sessions.doors import signed_in

ROWS = 20
LARGEST = 2**62


@require_safe
@signed_in
def letters(request: HttpRequest) -> HttpResponse:
    """`/profile/inbox/`: newest first."""
    pages = Paginator(inbox.letters(str(request.signed_in.account_id)), ROWS)
    shown = pages.get_page(request.GET.get("page"))
    columns = [_("Notice"), _("Sent"), _("State")]
    return render(request, "profile/inbox.html", page(request, letters=shown, columns=columns))


@require_safe
@signed_in
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """`/profile/inbox/<number>/`: one of the holder's own; anybody else's is not there."""
    owner = str(request.signed_in.account_id)
    found = inbox.letter(owner, number) if number < LARGEST else None
    if found is None:
        raise Http404
    inbox.mark_read(owner, number, now=clock.now())
    return render(request, "profile/letter.html", page(request, letter=found))
