"""Filling in: one block of the form at a time, checked when it is sent; nothing typed is ever lost on the way (F-5, F-6)."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.filed import ask_about_new, does_not_match
from bailiwick.spot.formpages.step_form import StepForm
from bailiwick.spot.formpages.visits import Visit, case_page
from bailiwick.spot.formpages.way import link_to, open_remarks, way_of
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.answer_words import as_read
from bailiwick.spot.rules.forms import Event, Refusal
from bailiwick.spot.rules.schema import Block, Field, FieldType

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@case_page
def step(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """One step. A step that asks nothing leads to the review; a form that cannot be changed now, to its own page."""
    block = visit.kind.block(code)
    if block is None:
        raise Http404("No such step.")
    if block.list_field is not None:
        return redirect(link_to(visit, block))
    if request.method == "POST":
        return _sent(request, visit, block)
    if not visit.may(Event.SAVE):
        return redirect("spot_formpages:case", visit.case.tracking)
    if block not in visit.blocks:
        return redirect("spot_formpages:review", visit.case.tracking)
    return _page(request, visit, block, _form(visit, block))


def _form(
    visit: Visit, block: Block, request: HttpRequest | None = None, *, is_needed: bool = True
) -> StepForm:
    return StepForm(
        request.POST if request else None,
        kind=visit.kind,
        block=block,
        kept=visit.answers,
        today=visit.today,
        remarks=open_remarks(visit),
        is_needed=is_needed,
        check_at=reverse("spot_formpages:check", args=[visit.case.tracking, block.code]),
    )


def _sent(request: HttpRequest, visit: Visit, block: Block) -> HttpResponse:
    goes_on = not {"later", "back"} & set(request.POST)
    form = _form(visit, block, request, is_needed=goes_on)
    if not visit.may(Event.SAVE):
        return _kept(request, visit, form)
    if not form.is_valid():
        return _page(request, visit, block, form)
    try:
        saved = _save(request, visit, block, form)
    except Refused as refused:
        return _refused(request, visit, block, form, refused)
    return redirect(_where_next(request, saved, block, form))


def _save(request: HttpRequest, visit: Visit, block: Block, form: StepForm) -> Visit:
    """Save what is new. Answers that are as they were make no new revision, so that a signature is not lost to a look."""
    answers = form.answers()
    if all(visit.answers.get(code, "") == text for code, text in answers.items()):
        return visit
    case = actions.save_answers(
        case=visit.case,
        block=block.code,
        answers=answers,
        expected_revision=seen_revision(request),
        by=visit.by,
        now=visit.now,
    )
    return Visit(case, visit.session, visit.by, visit.now)


def seen_revision(request: HttpRequest) -> int:
    """The revision that the sent page showed; 0, which none is, where it does not say."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no case has a billion


def _refused(
    request: HttpRequest, visit: Visit, block: Block, form: StepForm, refused: Refused
) -> HttpResponse:
    if refused.code is Refusal.CHANGED_ELSEWHERE:
        return _conflict(request, visit.fresh(), block, form)
    if refused.code in (Refusal.NOT_NOW, Refusal.CASE_EXPIRED, Refusal.CASE_DECIDED):
        return _kept(request, visit.fresh(), form)
    if refused.code is Refusal.ANSWERS_MALFORMED:
        form.hear(refused.facts.get("problems", {}))
    else:
        form.add_error(None, sentence_for(refused.code, **refused.facts))
    return _page(request, visit, block, form)


def _where_next(request: HttpRequest, visit: Visit, block: Block, form: StepForm) -> str:
    here = link_to(visit, block)
    if "later" in request.POST:
        return f"{reverse('spot_formpages:case', args=[visit.case.tracking])}?saved"
    way = way_of(visit)
    if "back" in request.POST:
        before = way.before(block) if block in visit.blocks else None
        return (
            link_to(visit, before) if before else reverse("spot_formpages:case", args=[visit.case.tracking])
        )
    if form.opened_now:
        first = next(one.code for one in block.fields if one.code in form.opened_now)
        return f"{here}?more#id_{first}"
    if ask_about_new(visit, block):
        return here
    return link_to(visit, way.after(block))


def _page(
    request: HttpRequest, visit: Visit, block: Block, form: StepForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    way = way_of(visit)
    context = {
        "step": block,
        "form": form,
        "questions": form.shown(),
        "binding_terms": _binding_terms(visit, block),
        "steps": way.indicator(block),
        "revision": visit.case.revision,
        "has_before": block in visit.blocks and way.before(block) is not None,
        "has_more": "more" in request.GET and request.method != "POST",
        "does_not_match": "" if request.method == "POST" else does_not_match(visit, block),
        "past_block": link_to(visit, way.after(block)),
        "state": visit.state.value,
        **more,
    }
    return render(request, "spot_formpages/step.html", visit.page(**context), status=status)


def _binding_terms(visit: Visit, block: Block) -> list[tuple[str, str]]:
    """(question, text) of what is accepted on this step, in the words that bind; nothing where the page has them already."""
    kind = visit.binding
    original = kind.block(block.code) if kind else None
    return [(one.label, one.text) for one in original.fields if one.text] if original else []


@dataclass(frozen=True)
class Difference:
    label: str
    typed: str
    saved: str


def _differences(visit: Visit, form: StepForm) -> list[Difference]:
    typed = form.answers()
    return [
        Difference(
            one.label,
            as_read(one, typed.get(one.code, "")),
            as_read(one, visit.answers.get(one.code, "")),
        )
        for one in form.questions
        if typed.get(one.code, "") != visit.answers.get(one.code, "")
    ]


def _conflict(request: HttpRequest, visit: Visit, block: Block, form: StepForm) -> HttpResponse:
    """Somebody saved in between: what was typed stays in the fields, what is saved stands beside it."""
    if not visit.may(Event.SAVE):
        return _kept(request, visit, form)
    return _page(
        request,
        visit,
        block,
        form,
        status=CONFLICT,
        is_conflict=True,
        differences=_differences(visit, form),
        saved_href=link_to(visit, block),
    )


def _kept(request: HttpRequest, visit: Visit, form: StepForm) -> HttpResponse:
    """The form cannot be changed any more: what was typed is shown, so that nobody has to remember it."""
    form.is_valid()
    typed = [(one.label, text) for one in form.questions if (text := _as_typed(one, form))]
    context = visit.page(typed=typed, state=visit.state.value)
    return render(request, "spot_formpages/kept.html", context, status=CONFLICT)


def _as_typed(one: Field, form: StepForm) -> str:
    """An answer in words; what is no answer, as it came. Of a TIN the last four, whatever was typed."""
    if one.code in form.cleaned_data:
        answer = form.cleaned_data[one.code]
        return as_read(one, answer) if isinstance(answer, str) else ""
    text = form.data.get(one.code, "")
    return as_read(one, text) if one.type is FieldType.TIN else text


@require_POST
@case_page
def check(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """A fragment for the page of a step: what is wrong with the field that was just left. Saves nothing."""
    block = visit.kind.block(code)
    name = request.headers.get("HX-Trigger-Name", "")
    if block is None or block.list_field is not None or not request.POST.get(name, "").strip():
        return HttpResponse()
    form = _form(visit, block, request, is_needed=False)
    form.is_valid()
    return render(request, "spot_formpages/said.html", {"sentences": form.errors.get(name, [])})
