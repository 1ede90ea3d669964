"""Tier 3 and accounts that may be one person's: the queue, both side by side, the decisions (A-5, H-5)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.desk import hides_itself
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.queries import PersonAtDesk
from bailiwick.idm.helpdesk.registry_desk import (
    DeskVisit,
    look_first,
    person_page,
    reveal,
    security_desk,
)
from bailiwick.idm.helpdesk.registry_forms import SameForm
from bailiwick.idm.helpdesk.registry_words import ALIKE_WORDS, CASE_WORDS, GROUND_WORDS
from bailiwick.idm.helpdesk.words import MASKED_WORDS
from bailiwick.idm.registry import actions as registry
from bailiwick.idm.registry import queries
from bailiwick.idm.registry.models import DuplicateCase, Merge
from bailiwick.idm.rules.desk import Masked
from bailiwick.idm.rules.duplicates import CaseState, MergeState, Refusal
from bailiwick.idm.rules.matching import Resemblance

NO_SUCH_CASE = _("There is no such case.")
MOST_CASES = 200
QUEUE_COLUMNS = (_("Case"), _("Why it was opened"), _("State"), _("Waiting since"))
SIDES = ("first", "second")


@require_GET
@security_desk()
def queue(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What waits, the oldest first: no names, because nobody said yet why they look (H-3)."""
    rows = [
        (case, GROUND_WORDS[Resemblance(case.resemblance)], CASE_WORDS[CaseState(case.state)])
        for case in queries.waiting_cases(most=MOST_CASES)
        if visit.desk.pk not in {case.first_id, case.second_id}
    ]
    context = {"rows": rows, "columns": QUEUE_COLUMNS, "width": "wide"}
    return render(request, "helpdesk/duplicates.html", context)


@require_http_methods(["GET", "POST"])
@security_desk()
def case(request: HttpRequest, visit: DeskVisit, case_id: UUID) -> HttpResponse:
    """Both people side by side and what differs, behind a reason for looking at both."""
    found = _case(visit, case_id)
    again = redirect("desk-duplicate", case_id=case_id)
    if asking := look_first(request, visit, queries.sides_of(found), again):
        return asking
    return again if request.method == "POST" else _page(request, visit, found)


@require_http_methods(["GET", "POST"])
@security_desk(is_act=True)
def show(request: HttpRequest, visit: DeskVisit, case_id: UUID, side: str, value: str) -> HttpResponse:
    """Reveal one value of one of the two (H-3)."""
    found = _case(visit, case_id)
    if side not in SIDES or value not in SHOWABLE:
        raise Http404(NO_SUCH_CASE)
    person = queries.sides_of(found)[SIDES.index(side)]
    form, sentence = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            reveal(request, visit, person, Masked(value), form.cleaned_data["reason"])
            return redirect("desk-duplicate", case_id=case_id)
        except Refused as refused:
            sentence = sentence_for(refused.code, **refused.facts)
    context = {"form": form, "sentence": sentence, "account": person, "label": MASKED_WORDS[Masked(value)]}
    return render(request, "helpdesk/duplicate_reveal.html", context | {"case": found})


@require_POST
@security_desk()
def hide(request: HttpRequest, visit: DeskVisit, case_id: UUID) -> HttpResponse:
    if request.method == "POST":
        actions.hide(desk=visit.desk, now=visit.now)
    return redirect("desk-duplicate", case_id=case_id)


@require_http_methods(["GET", "POST"])
@security_desk(is_act=True)
def decide(request: HttpRequest, visit: DeskVisit, case_id: UUID, act: str) -> HttpResponse:
    """One of the acts that the case offers now, on a page of its own."""
    found = _case(visit, case_id)
    sides = queries.sides_of(found)
    if act not in PERFORM:
        raise Http404(NO_SUCH_CASE)
    if not visit.has_looked_at(sides):
        return redirect("desk-duplicate", case_id=case_id)
    form = SameForm(request.POST or None, sides=sides) if act == "same" else ReasonForm(request.POST or None)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            PERFORM[act](request, visit, found, form)
            return redirect("desk-duplicate", case_id=case_id)
        except Refused as refused:
            sentence = sentence_for(refused.code, **refused.facts)
    context = {"case": found, "form": form, "act": act, "sides": sides, "sentence": sentence}
    context |= {"merge": queries.latest_merge(found), "days": settings.LIMITS.merge_undone.days}
    return render(request, "helpdesk/duplicate_decide.html", context)


def _case(visit: DeskVisit, case_id: UUID) -> DuplicateCase:
    """The case; nobody sees one about themselves (Q-5)."""
    found = queries.duplicate_case(case_id)
    if found is None:
        raise Http404(NO_SUCH_CASE)
    if visit.desk.pk in {found.first_id, found.second_id, *(side.pk for side in queries.sides_of(found))}:
        raise Refused(Refusal.OWN_CASE)
    return found


@dataclass(frozen=True)
class Line:
    """One line of the comparison: what it is, both values as the desk may see them, and how they compare."""

    label: Any
    values: list[dict[str, Any]]
    alike: Any = None


def _page(request: HttpRequest, visit: DeskVisit, found: DuplicateCase) -> HttpResponse:
    sides = queries.sides_of(found)
    pages = [person_page(request, visit, person) for person in sides]
    merge = queries.latest_merge(found)
    state = CaseState(found.state)
    until = next((line.until for page in pages for line in page.values if line.until), None)
    context: dict[str, Any] = {
        "case": found,
        "ground": GROUND_WORDS[Resemblance(found.resemblance)],
        "state": CASE_WORDS[state],
        "pages": pages,
        "columns": [_("What"), *(page.account.user_id for page in pages), _("How they compare")],
        "lines": _lines(found, sides, pages),
        "merge": merge,
        "acts": _acts(visit, state, merge),
        "is_revealed": until is not None,
        "days": settings.LIMITS.merge_undone.days,
        "width": "wide",
    }
    response = render(request, "helpdesk/duplicate.html", context)
    hides_itself(request, response, until, now=visit.now)
    return response


def _lines(found: DuplicateCase, sides: tuple[Account, Account], pages: list[PersonAtDesk]) -> list[Line]:
    compared = queries.comparison_of(*sides)
    lines = [Line(_("Legal name"), [{"text": page.name} for page in pages], ALIKE_WORDS[compared.name])]
    for each in zip(*(page.values for page in pages), strict=True):
        code = each[0].code
        values = [
            {"text": line.value, "until": line.until, "show": _show(found, side, code)}
            for side, line in zip(SIDES, each, strict=True)
        ]
        lines.append(Line(each[0].label, values, ALIKE_WORDS[getattr(compared, code.value)]))
    return lines


def _show(found: DuplicateCase, side: str, code: Masked) -> dict[str, Any]:
    return {"case_id": found.pk, "side": side, "value": code.value}


def _acts(visit: DeskVisit, state: CaseState, merge: Merge | None) -> list[str]:
    """What can be done to the case now; whether this member may, the action says."""
    if state is CaseState.OPEN:
        return ["different", "same"]
    if state is CaseState.PROPOSED and merge is not None:
        return ["reject"] if merge.proposed_by_id == visit.desk.pk else ["agree", "reject"]
    return (
        ["undo"] if state is CaseState.SAME and merge is not None and merge.state == MergeState.DONE else []
    )


def _different(request: HttpRequest, visit: DeskVisit, found: DuplicateCase, form: Form) -> None:
    registry.find_different(case=found, **_how(request, visit, form))


def _same(request: HttpRequest, visit: DeskVisit, found: DuplicateCase, form: Any) -> None:
    registry.propose_merge(case=found, survivor=form.survivor, **_how(request, visit, form))


def _agree(request: HttpRequest, visit: DeskVisit, found: DuplicateCase, form: Form) -> None:
    registry.agree_to_merge(merge=_merge(found), **_how(request, visit, form))


def _reject(request: HttpRequest, visit: DeskVisit, found: DuplicateCase, form: Form) -> None:
    registry.reject_merge(merge=_merge(found), **_how(request, visit, form))


def _undo(request: HttpRequest, visit: DeskVisit, found: DuplicateCase, form: Form) -> None:
    registry.undo_merge(merge=_merge(found), **_how(request, visit, form))


def _merge(found: DuplicateCase) -> Merge:
    merge = queries.latest_merge(found)
    if merge is None:
        raise Http404(NO_SUCH_CASE)
    return merge


def _how(request: HttpRequest, visit: DeskVisit, form: Form) -> dict[str, Any]:
    return {
        "decider": visit.desk,
        "presence": visit.presence,
        "reason": form.cleaned_data["reason"],
        "by": by(request),
        "now": visit.now,
    }


SHOWABLE = frozenset({Masked.SSN, Masked.BIRTH_DATE, Masked.EMAIL, Masked.PHONE, Masked.ADDRESS})
PERFORM: dict[str, Callable[[HttpRequest, DeskVisit, DuplicateCase, Any], None]] = {
    "different": _different,
    "same": _same,
    "agree": _agree,
    "reject": _reject,
    "undo": _undo,
}
