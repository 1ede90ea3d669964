"""The list that is attached to a form: its lines, and the three ways by which lines come to it (F-4).

Good lines are kept as soon as they are sent; bad ones come back with everything that is wrong with them, to be corrected.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.spreadsheets import CSV_TYPE
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.list_forms import FileForm, PasteForm, RowForm
from bailiwick.spot.formpages.step_views import seen_revision
from bailiwick.spot.formpages.visits import Visit, case_page
from bailiwick.spot.formpages.way import link_to, way_of
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.answer_words import cells_of, listed
from bailiwick.spot.forms.kind_words import in_every_language, worded_list
from bailiwick.spot.forms.listfiles import (
    XLSX_TYPE,
    Lines,
    as_csv,
    lines_of_file,
    lines_of_text,
    template_workbook,
    written,
)
from bailiwick.spot.rules.forms import Event, Refusal
from bailiwick.spot.rules.listreading import read
from bailiwick.spot.rules.lists import LISTS, BadRow, Fault, FileRefusal, ListKind, Read, pair_of
from bailiwick.spot.rules.schema import Block, Field

A_PAGE = 50
CONFLICT, UNPROCESSABLE = 409, 422


@dataclass
class Listing:
    """One list at one request, and what came of what was sent."""

    visit: Visit
    block: Block
    question: Field
    kind: ListKind
    bad: Sequence[BadRow] = ()
    added: int = 0
    refusal: str = ""
    status: int = 200
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def rows(self) -> list[dict[str, str]]:
        return queries.rows_of(self.visit.case, self.question, self.visit.answers)

    def read(self, lines: Lines, *, most: int) -> Read:
        """The lines as the rules read them; titles and answers in any language that pages have."""
        tin = self.visit.answers.get("tin", "")
        return read(self.kind, lines, tin=tin, most=most, also=in_every_language(LISTS[self.kind.code]))


def _listing(visit: Visit, code: str) -> Listing:
    block = visit.kind.block(code)
    question = block.list_field if block else None
    if block is None or question is None:
        raise Http404("No such list.")
    return Listing(visit, block, question, worded_list(LISTS[question.rows]))


@require_http_methods(["GET", "HEAD", "POST"])
@case_page
def show(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """The list and the ways to add to it. A list that cannot be changed now, or is not asked for, is not shown."""
    listing = _listing(visit, code)
    if not visit.may(Event.SAVE):
        return redirect("spot_formpages:case", visit.case.tracking)
    if listing.block not in visit.blocks:
        return redirect("spot_formpages:review", visit.case.tracking)
    if request.method != "POST":
        return _page(request, listing)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _page(request, listing)
    try:
        act(request, listing)
    except Refused as refused:
        _refuse(listing, refused)
    if listing.status == 200 and not listing.bad:  # noqa: PLR2004
        return redirect(f"{link_to(visit, listing.block)}?saved")
    return _page(request, listing)


def _refuse(listing: Listing, refused: Refused) -> None:
    """What was refused, at the field that it is about; the list as it stands by now."""
    listing.status = CONFLICT if refused.code is Refusal.CHANGED_ELSEWHERE else UNPROCESSABLE
    listing.visit = listing.visit.fresh()
    sentence = sentence_for(refused.code, **refused.facts)
    form = next(iter(listing.forms.values()), None)
    name = "file" if form is not None and "file" in form.fields else "lines"
    if isinstance(refused.code, FileRefusal) and form is not None:
        form.add_error(name, sentence)
    else:
        listing.refusal = sentence


def _send_file(request: HttpRequest, listing: Listing) -> None:
    form = FileForm(request.POST, request.FILES)
    listing.forms["file"] = form
    if not form.is_valid():
        listing.status = UNPROCESSABLE
        return
    limits = settings.LIMITS
    lines = lines_of_file(
        form.cleaned_data["file"], most_bytes=limits.list_file_bytes, most_lines=limits.list_rows
    )
    _add(request, listing, lines, starts_anew=form.cleaned_data["anew"])


def _paste(request: HttpRequest, listing: Listing) -> None:
    form = PasteForm(request.POST)
    listing.forms["paste"] = form
    if not form.is_valid():
        listing.status = UNPROCESSABLE
        return
    lines = lines_of_text(form.cleaned_data["lines"], most_lines=settings.LIMITS.list_rows)
    _add(request, listing, lines, starts_anew=form.cleaned_data["anew"])


def _type_row(request: HttpRequest, listing: Listing) -> None:
    form = RowForm(listing.kind, request.POST)
    said = listing.read([(1, form.typed(listing.kind, request.POST))], most=1)
    if said.bad:
        form.hear(said.bad[0], listing.kind, _sentence)
    if said.bad or not said.good:
        listing.forms["row"], listing.status = form, UNPROCESSABLE
        return
    _save(request, listing, added=[row for _line, row in said.good])


def _take_off(request: HttpRequest, listing: Listing) -> None:
    gone = request.POST.get("pair", "")
    removed = {pair_of(row) for row in listing.rows if "/".join(_pair(row)) == gone}
    _save(request, listing, removed=removed)


def _add(request: HttpRequest, listing: Listing, lines: Lines, *, starts_anew: bool) -> None:
    """Keep the good lines; the bad ones come back in the field for pasting, to be corrected there."""
    said = listing.read(lines, most=settings.LIMITS.list_rows)
    listing.bad, listing.added = said.bad, len(said.good)
    if said.good or starts_anew:
        _save(request, listing, added=[row for _line, row in said.good], starts_anew=starts_anew)
    if said.bad:
        again = "\n".join("\t".join(bad.typed) for bad in said.bad if any(bad.typed))
        listing.forms, listing.status = {"paste": PasteForm(initial={"lines": again})}, UNPROCESSABLE


def _save(request: HttpRequest, listing: Listing, **change: Any) -> None:
    visit = listing.visit
    actions.save_rows(
        case=visit.case,
        block=listing.block.code,
        expected_revision=seen_revision(request),
        by=visit.by,
        now=visit.now,
        **{"added": (), **change},
    )
    listing.visit = visit.fresh()


ACTS: dict[str, Callable[[HttpRequest, Listing], None]] = {
    "file": _send_file,
    "paste": _paste,
    "row": _type_row,
    "remove": _take_off,
}


def _page(request: HttpRequest, listing: Listing) -> HttpResponse:
    visit, rows = listing.visit, listing.rows
    way, page = way_of(visit), Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "step": listing.block,
        "steps": way.indicator(listing.block),
        "columns": [column.label for column in listing.kind.columns],
        "all_columns": [*(column.label for column in listing.kind.columns), _("Take off")],
        "bad_columns": [_("Line"), _("What is wrong")],
        "page": page,
        "rows": [_line(listing.kind, row) for row in page],
        "how_many": listed(len(rows)),
        "has_rows": bool(rows),
        "revision": visit.case.revision,
        "bad": [(str(bad.line), " ".join(_told(fault) for fault in bad.faults)) for bad in listing.bad],
        "bad_words": ngettext(
            "%(count)s line is not on the list yet",
            "%(count)s lines are not on the list yet",
            len(listing.bad),
        )
        % {"count": len(listing.bad)},
        "added": listed(listing.added),
        "paste_heading": _("Correct these lines") if listing.bad else _("Or paste lines"),
        "refusal": listing.refusal,
        "is_saved": "saved" in request.GET and request.method != "POST",
        "state": visit.state.value,
        "past_block": link_to(visit, way.after(listing.block)),
        "before": link_to(visit, way.before(listing.block)),
        "file_form": listing.forms.get("file") or FileForm(auto_id="file_%s"),
        "paste_form": listing.forms.get("paste") or PasteForm(auto_id="paste_%s"),
        "row_form": listing.forms.get("row") or RowForm(listing.kind),
        "width": "wide",
    }
    return render(request, "spot_formpages/list.html", visit.page(**context), status=listing.status)


def _line(kind: ListKind, row: dict[str, str]) -> tuple[list[tuple[str, str]], str, str]:
    """(title, cell) of each column, what to send to take the line off, and the name of its provider."""
    titled = zip((column.label for column in kind.columns), cells_of(kind, row), strict=True)
    return list(titled), "/".join(_pair(row)), row["name"]


def _pair(row: dict[str, str]) -> tuple[str, str, str]:
    return row["ptan"], row["npi"], row["line_of_business"]


def _sentence(fault: Fault) -> str:
    return sentence_for(fault.code, **fault.facts)


def _told(fault: Fault) -> str:
    return ": ".join(filter(None, (fault.column, _sentence(fault))))


@require_safe
@case_page
def take_along(_request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """The list as CSV, without TINs."""
    listing = _listing(visit, code)
    document = as_csv(listing.kind, listing.rows)
    return download(document, name=f"{visit.case.tracking}.csv", content_type=CSV_TYPE)


@require_safe
@case_page
def template_csv(_request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    kind = _listing(visit, code).kind
    document = written([column.label for column in kind.columns], [])
    return download(document, name=f"{kind.code}.csv", content_type=CSV_TYPE)


@require_safe
@case_page
def template_xlsx(_request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    kind = _listing(visit, code).kind
    return download(template_workbook(kind), name=f"{kind.code}.xlsx", content_type=XLSX_TYPE)
