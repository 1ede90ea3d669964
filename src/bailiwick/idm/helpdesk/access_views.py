"""Who had access to an organization on a day: a page, and a list to take along (Q-11, SR-38). For its approvers and the desks."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.spreadsheets import CSV_TYPE, ENCODING, write_csv
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.actions import export_access
from bailiwick.idm.access.queries.access_on import applications_seen
from bailiwick.idm.access.queries.authority import authority_of, zone
from bailiwick.idm.access.words import why_ended
from bailiwick.idm.helpdesk.actions import note_looks
from bailiwick.idm.helpdesk.forms import DayForm
from bailiwick.idm.organizations import queries as organizations
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.exports import Refusal
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, signed_in

PEOPLE_A_PAGE = 50
EARLIEST = date(1900, 1, 1)
COLUMNS = (
    gettext_lazy("Person"),
    gettext_lazy("Role"),
    gettext_lazy("Held from"),
    gettext_lazy("Until"),
    gettext_lazy("Access on that day"),
    gettext_lazy("Approved by"),
    gettext_lazy("Why"),
)


@dataclass(frozen=True)
class Place:
    """An organization, and the applications whose roles there the viewer may know of: read once a request.

    `approved`: those in which they are its approver. Where there are none, they look from a desk.
    """

    organization: Organization
    approved: frozenset[str]
    seen: frozenset[str]

    @property
    def within(self) -> timedelta:
        """A desk's act wants a factor passed more lately than an approver's (S-6)."""
        return settings.LIMITS.step_up if self.approved else settings.LIMITS.step_up_desk


def organization_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one organization: `view(request, place, now, …)`. 404 for whoever has nothing to see there (INV-14).

    Who comes as a desk is signed in as desks are (S-2).
    """

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, submitter_id: str, **named: object) -> HttpResponse:
        person, now = request.signed_in, clock.now()
        found = organizations.organization(submitter_id)
        authority = authority_of(person.account, now=now)
        if found is None or not applications_seen(authority, found, as_desk=True):
            raise Http404(_("There is no such organization."))
        place = Place(
            organization=found,
            approved=applications_seen(authority, found, as_desk=False),
            seen=applications_seen(authority, found, as_desk=person.strength.may_work_at_desk),
        )
        if not place.approved and (stronger := desk_factor_page(request)):
            return stronger
        return view(request, place, now, **named)

    return opened


@require_http_methods(["GET", "POST"])
@organization_page
def access_on(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    """The day comes by POST and stands in the address then, so that the page can be kept as a bookmark."""
    today = day_of(now, zone())
    day = _day(request.GET.get("day"), today)
    form = DayForm(request.POST or None, initial={"day": day}, latest=today)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{request.path}?{_query(form.cleaned_data['day'])}")
    context = _page(request, place, day, now) | {"form": form}
    return render(request, "helpdesk/access_on.html", context)


def _page(request: HttpRequest, place: Place, day: date, now: datetime) -> dict[str, object]:
    held = access.held_on(place.organization, day, applications=place.seen)
    page = Paginator(held, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    lines = access.access_lines(page.object_list, day, now=now)
    if not place.approved:
        note_looks(accounts={line.grant.account for line in lines}, by=by(request), now=now)
    return {
        "organization": place.organization,
        "day": day,
        "page": page,
        "query": _query(day),
        "lines": lines,
        "columns": COLUMNS,
        "width": "wide",
    }


def _query(day: date) -> str:
    query = QueryDict(mutable=True)
    query["day"] = day.isoformat()
    return query.urlencode()


def _day(text: str | None, today: date) -> date:
    """The day of the address; today where there is none, 404 for what is none or has not come yet."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Http404(_("There is no such day.")) from None
    if not EARLIEST <= day <= today:
        raise Http404(_("There is no such day."))
    return day


@require_http_methods(["GET", "POST"])
@organization_page
def export(request: HttpRequest, place: Place, now: datetime, day: str) -> HttpResponse:
    """The list as a file, made on the spot and kept nowhere. Who is led here after a step-up comes by GET: back to the page."""
    when = _day(day, day_of(now, zone()))
    page = f"{reverse('organization-access', args=[place.organization.submitter_id])}?{_query(when)}"

    def taken(request: HttpRequest) -> HttpResponse:
        return _taken(request, place, when, now) if request.method == "POST" else redirect(page)

    return freshly_verified(within=place.within)(taken)(request)


def _taken(request: HttpRequest, place: Place, day: date, now: datetime) -> HttpResponse:
    try:
        lines = export_access(
            organization=place.organization,
            day=day,
            account=request.signed_in.account,
            as_desk=request.signed_in.strength.may_work_at_desk,
            by=by(request),
            now=now,
        )
    except Refused as refused:
        sentence = sentence_for(refused.code, **refused.facts)
        is_over = refused.code is Refusal.TOO_MANY_EXPORTS
        context = _page(request, place, day, now) | {"refusal": sentence}
        context["form"] = DayForm(initial={"day": day}, latest=day_of(now, zone()))
        return render(request, "helpdesk/access_on.html", context, status=429 if is_over else 422)
    name = f"access-{place.organization.submitter_id}-{day.isoformat()}.csv"
    return download(as_csv(lines), name=name, content_type=CSV_TYPE)


def as_csv(lines: Iterable[access.AccessLine]) -> bytes:
    """One row a role."""
    titles = [
        _("Name"),
        _("User ID"),
        _("Application"),
        _("Role"),
        _("Held from"),
        _("Until"),
        _("How it ended"),
        _("Access on that day"),
        _("Last sign-in until then"),
        _("Approved by"),
        _("Request"),
    ]
    page = io.StringIO()
    write_csv(page, titles, (_cells(line) for line in lines))
    return page.getvalue().encode(ENCODING)


def _cells(line: access.AccessLine) -> list[str]:
    def shown(at: datetime | None) -> str:
        return at.astimezone(zone()).isoformat(sep=" ", timespec="minutes") if at else ""

    return [
        line.name,
        line.user_id,
        line.application_name,
        line.role_name,
        shown(line.started_at),
        shown(line.ended_at),
        why_ended(access.why_it_ended(line.grant)) if line.ended_at else "",
        _("no, account stopped")
        if line.was_stopped
        else _("no, inactive")
        if line.was_inactive
        else _("yes"),
        shown(line.last_sign_in_at),
        line.granted_by,
        line.number,
    ]
