"""What could not be delivered: for the desk, to call whom no mail reaches and to send once more (N-2)."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from bailiwick.ground.outbox.undelivered import COLUMNS, lines, undelivered
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions
from bailiwick.spot.helpdesk.desk import again_url, desk_page
from bailiwick.spot.helpdesk.undelivered import whose
from bailiwick.spot.rules.deciding import Desk, Refusal
from bailiwick.spot.rules.notices import Refusal as NoticeRefusal

A_PAGE = 25
LARGEST = 2**62
NO_SUCH = _("There is no such notice.")


@require_safe
@desk_page
def listing(request: HttpRequest, _desk: Desk, now: datetime) -> HttpResponse:
    """The latest first."""
    return _page(request, now)


@require_POST
@desk_page
def retry(request: HttpRequest, desk: Desk, now: datetime, message_id: int) -> HttpResponse:
    """Send one again, after a fresh second step (S-6). A code, and what is too old, is not sent again."""
    if message_id > LARGEST:
        raise Http404(NO_SUCH)
    try:
        actions.try_notice_again(number=message_id, desk=desk, by=by(request), now=now)
    except Refused as refused:
        return _page(request, now, refused)
    return redirect(f"{reverse('spot_helpdesk:undelivered')}?again")


def _page(request: HttpRequest, now: datetime, refused: Refused | None = None) -> HttpResponse:
    pages = Paginator(undelivered(), A_PAGE).get_page(request.GET.get("page"))
    shown, here = list(pages.object_list), reverse("spot_helpdesk:undelivered")
    is_stale = refused is not None and refused.code is Refusal.VERIFIED_TOO_LONG_AGO
    context = {
        "person": request.signed_in,
        "pages": pages,
        "lines": lines(shown, whose=whose(shown), now=now),
        "columns": COLUMNS,
        "retry": "spot_helpdesk:undelivered-retry",
        "refusal": sentence_for(refused.code, **refused.facts) if refused else "",
        "verify_url": again_url(here) if is_stale else "",
        "is_again": "again" in request.GET,
        "width": "wide",
    }
    return render(request, "spot_helpdesk/undelivered.html", context, status=_status(refused))


def _status(refused: Refused | None) -> int:
    if refused is None:
        return 200
    return 409 if refused.code is NoticeRefusal.NOTHING_TO_TRY else 403
