"""The requests that wait for somebody, decided many at once: each by itself, with a result for each (Q-10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access import actions, queries
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries import Weighed
from bailiwick.idm.access.queries.authority import Authority, authority_of
from bailiwick.idm.access.state_words import REQUEST_STATE_WORDS
from bailiwick.idm.portal.requests.forms import ChoiceForm, ManyForm
from bailiwick.idm.portal.requests.page import comparisons, difference_lines
from bailiwick.idm.portal.requests.views import NO_SUCH, NOT_THEIRS
from bailiwick.idm.portal.strength import sits_at_desk, strength_of, time_to_decide_many
from bailiwick.idm.rules.requests import Refusal
from bailiwick.idm.sessions.doors import freshly_verified, is_proven, signed_in

TEMPLATE = "portal/requests/waiting.html"
COLUMNS = (_("Choose"), _("Who"), _("Role"), _("What to know"), _("Waits"))
RESULT_COLUMNS = (_("Request"), _("Who"), _("Result"))


@dataclass(frozen=True)
class Line:
    """One request of the list. `notes`: what a decider should know before choosing it without opening it."""

    weighed: Weighed
    form: ChoiceForm
    notes: list[str | Promise]
    last_day: date


@dataclass(frozen=True)
class Outcome:
    """What became of one that was chosen. `name` is "" for a request that is none of theirs."""

    number: str
    name: str
    words: str | Promise
    mood: str
    sentence: str | Promise = ""


@require_GET
@signed_in
def waiting(request: HttpRequest) -> HttpResponse:
    """The oldest first. A desk's part of the list opens to its factor only (S-2)."""
    authority = authority_of(request.signed_in.account, now=clock.now())
    return _list(request, authority, ManyForm(auto_id="many_%s"))


@require_GET
@signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """Pass a factor before choosing, so that nothing chosen is lost on the way."""
    within = time_to_decide_many(authority_of(request.signed_in.account, now=clock.now()))
    back = lambda _request: redirect("requests-waiting")  # noqa: E731 - three words need no name
    return freshly_verified(within=within)(back)(request)


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or deny what was chosen. Who is led here after a step-up comes by GET, and sees the list again."""
    if request.method != "POST":
        return redirect("requests-waiting")
    authority = authority_of(request.signed_in.account, now=clock.now())
    return freshly_verified(within=time_to_decide_many(authority))(lambda one: _decide(one, authority))(
        request
    )


def _decide(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = ManyForm(request.POST, auto_id="many_%s")
    approve = request.POST.get("act") == "approve"
    chosen = _chosen(request)
    if form.is_valid() and not approve and not form.cleaned_data["reason"]:
        form.add_error("reason", ValidationError(sentence_for(Refusal.DENIAL_REASON_NEEDED), code="required"))
    if not chosen:
        form.add_error(None, ValidationError(_("Choose at least one request."), code="required"))
    if not form.is_valid():
        return _list(request, authority, form, status=422)
    now = clock.now()
    found = {one.number: one for one in queries.requests_numbered(chosen)}
    for reached in _beyond_the_wall(chosen.keys() - found.keys()):
        actions.note_refusal(about=reached, because=Refusal.NOT_A_DECIDER, by=by(request), now=now)
    decisions = [
        actions.Decision(found[number], approve, digest, form.cleaned_data["reason"])
        for number, digest in chosen.items()
        if number in found
    ]
    results = actions.decide_many(
        decisions=decisions,
        decider=request.signed_in.account,
        strength=strength_of(request),
        by=by(request),
        now=now,
    )
    outcomes = [_outcome(result, now) for result in results]
    outcomes += [_nothing(number) for number in chosen if number not in found]
    context = {
        "outcomes": outcomes,
        "done": sum(result.is_done for result in results),
        "columns": RESULT_COLUMNS,
        "width": "wide",
    }
    return render(request, "portal/requests/results.html", context)


@beyond()
def _beyond_the_wall(numbers: Collection[str]) -> list[RoleRequest]:
    """What the second wall hides of them: to write down who reached for it (L-2), never to be shown."""
    return queries.requests_numbered(numbers) if numbers else []


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The digest of each chosen request by its number, as many as one page can hold."""
    forms = [
        ChoiceForm(request.POST, prefix=name.removesuffix("-chosen"))
        for name in request.POST
        if name.endswith("-chosen")
    ]
    meant = [form for form in forms if form.is_valid() and form.cleaned_data["chosen"]]
    most = settings.LIMITS.requests_decided_at_once
    return {str(form.prefix)[:20]: form.cleaned_data["digest"] for form in meant[:most]}


def _outcome(result: actions.Result, now: datetime) -> Outcome:
    asked = result.about
    if result.refused is None:
        words, mood = REQUEST_STATE_WORDS[asked.state_at(now)]
        return Outcome(asked.number, asked.snapshot["name"], words, mood)
    if result.refused.code in NOT_THEIRS:
        return _nothing(asked.number)
    sentence = sentence_for(result.refused.code, **result.refused.facts)
    return Outcome(asked.number, asked.snapshot["name"], _("Not done"), "warn", sentence)


def _nothing(number: str) -> Outcome:
    return Outcome(number, "", _("Not done"), "warn", NO_SUCH)


def _list(request: HttpRequest, authority: Authority, form: ManyForm, *, status: int = 200) -> HttpResponse:
    person, now = request.signed_in, clock.now()
    queue = queries.awaiting(person.account, now=now, as_desk=person.strength.may_work_at_desk)
    keys = queue.values_list("pk", flat=True)
    page = Paginator(keys, settings.LIMITS.requests_decided_at_once).get_page(request.GET.get("page"))
    weighed = queries.weigh(page, person.account, strength=strength_of(request), now=now)
    within = time_to_decide_many(authority)
    context: dict[str, Any] = {
        "page": page,
        "lines": [_line(weighed[key], request) for key in page if key in weighed],
        "form": form,
        "columns": COLUMNS,
        "is_weak_desk": sits_at_desk(authority) and not person.strength.may_work_at_desk,
        "is_fresh": is_proven(person, within=within, now=now),
        "objection": "" if person.strength.may_decide else sentence_for(Refusal.STRONGER_FACTOR_NEEDED),
        "width": "wide",
    }
    return render(request, TEMPLATE, context, status=status)


def _line(weighed: Weighed, request: HttpRequest) -> Line:
    asked, picture = weighed.request, weighed.picture
    # What was ticked stays ticked; the digest is always of what is shown now (SR-15).
    ticked = f"{asked.number}-chosen" in request.POST
    form = ChoiceForm(prefix=asked.number, initial={"digest": picture.digest, "chosen": ticked})
    form.fields["chosen"].label = asked.number
    notes: list[str | Promise] = [
        _("This person is the one on record.") if each.is_same else _("This person is not the one on record.")
        for each in comparisons(asked, picture)
        if each.is_asked
    ]
    if picture.duplicates:
        notes.append(sentence_for(Refusal.DUPLICATE_REASON_NEEDED, duplicates=", ".join(picture.duplicates)))
    notes += [
        _("%(what)s: was %(then)s, is now %(now)s") % {"what": what, "then": then, "now": now}
        for what, then, now in difference_lines(picture)
    ]
    return Line(weighed, form, notes, queries.last_day_of(asked))
