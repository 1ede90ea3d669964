"""Announcements: a desk publishes and withdraws them; applications ask for theirs (N-4)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from bailiwick.ground.outbox import announcements
from bailiwick.ground.outbox.models import Announcement
from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.announcement_forms import AnnouncementForm
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import desk_page
from bailiwick.idm.rules.notices import announces_for
from bailiwick.idm.sessions.doors import freshly_verified
from bailiwick.wire.announcements import MOST

# What the form sends for "all applications": an empty answer would be none.
ALL = "all"
COLUMNS = (_("Announcement"), _("Where"), _("From"), _("Until"), _("What you can do"))


@require_GET
@desk_page
def listing(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:
    """What is shown, or will be, where the viewer may announce."""
    may = _may(scope)
    rows = Announcement.objects.filter(application__in=may, withdrawn_at=None, ends_at__gt=now)
    names = dict(_places(may))
    shown = [(row, names[row.application or ALL]) for row in rows.order_by("starts_at", "id")]
    context = {"shown": shown, "columns": COLUMNS, "width": "wide", "is_saved": "saved" in request.GET}
    return render(request, "helpdesk/announcements.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def publish(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:
    """Publish one."""
    may = _may(scope)

    def entered(request: HttpRequest) -> HttpResponse:
        form = AnnouncementForm(request.POST or None, places=_places(may))
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["application"]
            try:
                actions.publish(
                    announced=form.announced(once_of(request.POST)),
                    application="" if chosen == ALL else chosen,
                    is_mailed=form.cleaned_data["is_mailed"],
                    may=may,
                    by=by(request),
                    now=now,
                )
                return _saved()
            except Refused as refused:
                form.add_error(None, sentence_for(refused.code, **refused.facts))
        return render(request, "helpdesk/announcement.html", {"form": form})

    return freshly_verified(within=settings.LIMITS.step_up_desk)(entered)(request)


@require_http_methods(["GET", "POST"])
@desk_page
def withdraw(request: HttpRequest, scope: Scope, now: datetime, identifier: UUID) -> HttpResponse:
    """Take one off the pages. Who is led here after a step-up sees the list."""
    may = _may(scope)
    if not Announcement.objects.filter(pk=identifier, application__in=may).exists():
        raise Http404(_("There is no such announcement."))

    def entered(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return redirect("desk-announcements")
        actions.withdraw(identifier=identifier, may=may, by=by(request), now=now)
        return _saved()

    return freshly_verified(within=settings.LIMITS.step_up_desk)(entered)(request)


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """`{"announcements": […]}` for `?application=`, by its code; whoever asks may know what stands on its pages."""
    application = request.GET.get("application", "").replace("\x00", "")
    rows = announcements.upcoming(application, now=clock.now())[:MOST]
    return JsonResponse({"announcements": [announcements.announced(row).to_json() for row in rows]})


def _may(scope: Scope) -> tuple[str, ...]:
    codes = [application.code for application in catalogue().applications]
    may = announces_for(codes, identity_tier=scope.identity_tier, applications=scope.applications)
    if not may or not scope.is_strong_desk:
        raise PermissionDenied
    return may


def _places(may: tuple[str, ...]) -> list[tuple[str, str | Promise]]:
    names = {application.code: application.name for application in catalogue().applications}
    return [(code or ALL, names[code] if code else _("Everywhere")) for code in may]


def _saved() -> HttpResponse:
    response = redirect("desk-announcements")
    response["Location"] += "?saved"
    return response
