"""Until when the access to SPOT stays active, as IDM tells with each role; and that day for one's own calendar (I-3, M-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bailiwick.ground.pages.calendar import CONTENT_TYPE, Reminder, calendar_file
from bailiwick.ground.pages.downloads import download
from bailiwick.ground.program import clock
from bailiwick.spot.signin.doors import signed_in
from bailiwick.wire import reminders
from bailiwick.wire.claims import GrantClaim


@dataclass(frozen=True)
class KeptUntil:
    """`sign_in_by`: the last day on which a sign-in to SPOT keeps every role that is active now."""

    sign_in_by: date
    days_left: int


def kept_until(grants: Sequence[GrantClaim], *, now: datetime) -> KeptUntil | None:
    """The day that comes first; None where IDM does not tell."""
    days = [day for grant in grants if (day := _day(grant.sign_in_by))]
    if not days:
        return None
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return KeptUntil(min(days), max(0, (min(days) - today).days))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@signed_in
def sign_in_by(request: HttpRequest) -> HttpResponse:
    """One event; taken along again later, or from IDM, it moves in the calendar."""
    person, now = request.signed_in, clock.now()
    kept = kept_until(person.grants, now=now)
    if kept is None:
        raise Http404(_("IDM did not say until when your access stays active."))
    environment = settings.ENVIRONMENT
    reminder = Reminder(
        about=reminders.sign_in_by(environment.idm_url, environment.client_id, person.account_id),
        day=kept.sign_in_by,
        title=_("Sign in to %(name)s") % {"name": "SPOT"},
        text=_("After this day your access is inactive. Signing in to IDM alone does not count."),
        url=f"{settings.BASE_URL}/",
    )
    return download(calendar_file(reminder, now=now), name="spot-sign-in-by.ics", content_type=CONTENT_TYPE)
