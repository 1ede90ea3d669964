"""The pages of reports and times (B-3, B-4), and a report as a file."""

from contextlib import ExitStack
from datetime import datetime
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.spreadsheets import CSV_TYPE, ENCODING, write_csv
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.helpdesk.desk import again_url, desk_page
from bailiwick.spot.helpdesk.forms import ReportForm, TimesForm
from bailiwick.spot.helpdesk.reports import REPORTS, Kind, first_of
from bailiwick.spot.helpdesk.times import times_of
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.rules.deciding import Refusal as DeskRefusal
from bailiwick.spot.rules.reports import Refusal, Report

NO_SUCH = _("There is no such report.")
SHOWN = 50
# A file up to this size stays in memory; a longer one lies on the disk, without a name, until it is sent.
IN_MEMORY = 2 * 1024**2
STATUSES = {Refusal.TOO_MANY_EXPORTS: 429, Refusal.IDM_UNANSWERED: 503}


@require_safe
@desk_page
def times(request: HttpRequest, _desk: Desk, now: datetime) -> HttpResponse:
    form = TimesForm(request.GET, kinds=queries.kinds())
    context = {"person": request.signed_in, **times_of(form, now=now)}
    return render(request, "spot_helpdesk/times.html", context)


@require_safe
@desk_page
def reports(request: HttpRequest, _desk: Desk, _now: datetime) -> HttpResponse:
    context = {"person": request.signed_in, "reports": REPORTS, "width": "wide"}
    return render(request, "spot_helpdesk/reports.html", context)


@require_safe
@desk_page
def report(request: HttpRequest, _desk: Desk, now: datetime, code: str) -> HttpResponse:
    """The first lines; a look at people's data, so it is on the ledger (L-2)."""
    found, form = _report(code), ReportForm(request.GET)
    if form.is_valid():
        of = form.cleaned_data["submitter_id"]
        actions.note_report_look(report=found, organization=of, by=by(request), now=now)
    return _page(request, found, form, now)


@require_http_methods(["GET", "POST"])
@desk_page
def export(request: HttpRequest, desk: Desk, now: datetime, code: str) -> HttpResponse:
    """The whole report as a file, made before any of it is sent, and kept nowhere."""
    found, form = _report(code), ReportForm(request.POST)
    if request.method != "POST":
        return redirect("spot_helpdesk:report", code=code)
    if not form.is_valid():
        return _page(request, found, form, now)
    of = form.cleaned_data["submitter_id"]
    try:
        actions.begin_export(report=found, desk=desk, by=by(request), now=now)
        file, lines = _file(REPORTS[code], of, now)
    except Refused as refused:
        return _page(request, found, form, now, refused=refused)
    actions.note_exported(report=found, organization=of, lines=lines, by=by(request), now=now)
    name = "-".join(filter(None, (code, of, f"{now:%Y-%m-%d}")))
    answer = FileResponse(file, as_attachment=True, filename=f"{name}.csv", content_type=CSV_TYPE)
    answer["Cache-Control"] = "no-store, private"
    return answer


def _file(kind: Kind, of: str, now: datetime) -> tuple[IO[bytes], int]:
    """The file from its beginning, and how many lines it has; no line is kept in memory. Raises IDM_UNANSWERED."""
    with ExitStack() as unless_made:
        file = unless_made.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        text = TextIOWrapper(file, encoding=ENCODING, newline="")
        try:
            lines = write_csv(text, [str(column) for column in kind.columns], kind.lines(of, now))
        except UnansweredError:
            raise Refused(Refusal.IDM_UNANSWERED) from None
        text.flush()
        text.detach()
        file.seek(0)
        unless_made.pop_all()
    return file, lines


def _report(code: str) -> Report:
    try:
        return Report(code)
    except ValueError:
        raise Http404(NO_SUCH) from None


def _page(
    request: HttpRequest,
    found: Report,
    form: ReportForm,
    now: datetime,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    kind, of = REPORTS[found.value], form.cleaned_data.get("submitter_id", "")
    lines: list[tuple[str, ...]] = []
    if form.is_valid() and (refused is None or refused.code is not Refusal.IDM_UNANSWERED):
        try:
            lines = first_of(kind, submitter_id=of, most=SHOWN + 1, now=now)
        except UnansweredError:
            refused = Refused(Refusal.IDM_UNANSWERED)
    context = {
        "person": request.signed_in,
        "code": found.value,
        "report": kind,
        "form": form,
        "of": of,
        "lines": lines[:SHOWN],
        "has_more": len(lines) > SHOWN,
        "width": "wide",
    }
    if refused is None:
        return render(request, "spot_helpdesk/report.html", context)
    context |= _said(refused, found, of)
    return render(request, "spot_helpdesk/report.html", context, status=STATUSES.get(refused.code, 403))


def _said(refused: Refused, found: Report, of: str) -> dict[str, str]:
    """Why not; `verify_url` where a second step lifts it (S-6)."""
    said = {"refusal": sentence_for(refused.code, **refused.facts)}
    if refused.code is DeskRefusal.VERIFIED_TOO_LONG_AGO:
        page = reverse("spot_helpdesk:report", args=[found.value])
        here = f"{page}?{urlencode({'submitter_id': of})}" if of else page
        said["verify_url"] = again_url(here)
    return said
