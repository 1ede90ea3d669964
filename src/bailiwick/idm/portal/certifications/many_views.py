"""My Annual Role Certifications: all that is due, with its evidence; many are decided at once, each looked at (C-4, Q-10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

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
from bailiwick.ground.rulings import By, No
from bailiwick.idm.access import actions, queries
from bailiwick.idm.access.queries import CertificationLine
from bailiwick.idm.access.queries.authority import Authority, authority_of
from bailiwick.idm.access.queries.grants import grants_reached_for
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.portal.certifications.forms import LookedAtForm, ManyForm
from bailiwick.idm.portal.certifications.page import Shown, shown
from bailiwick.idm.portal.certifications.views import NO_SUCH
from bailiwick.idm.portal.strength import sits_at_desk, strength_of, time_to_decide_many
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.certification import AUTHORITY, Refusal, may_certify
from bailiwick.idm.sessions.doors import freshly_verified, is_proven, signed_in

MOST_RESTORABLE = 25
COLUMNS = (_("Looked at"), _("Role"), _("Due by"), _("What is known"), _("Suggestion"))
RESULT_COLUMNS = (_("Person"), _("Role"), _("Result"))
SEEN = "-seen"


@dataclass(frozen=True)
class Row:
    """A line of the list, with its tick."""

    shown: Shown
    form: LookedAtForm


@require_GET
@signed_in
def due(request: HttpRequest) -> HttpResponse:
    """The first due first. A desk's part of the list opens to its factor only (S-2)."""
    authority = authority_of(request.signed_in.account, now=clock.now())
    return _list(request, authority, ManyForm(auto_id="many_%s"))


@require_GET
@signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """Pass a factor before looking, so that nothing ticked is lost on the way."""
    within = time_to_decide_many(authority_of(request.signed_in.account, now=clock.now()))
    return freshly_verified(within=within)(lambda _request: redirect("certifications"))(request)


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: HttpRequest) -> HttpResponse:
    """Certify or remove what was looked at. Who is led here after a step-up comes by GET, and sees the list again."""
    if request.method != "POST":
        return redirect("certifications")
    authority = authority_of(request.signed_in.account, now=clock.now())
    within = time_to_decide_many(authority)
    return freshly_verified(within=within)(lambda one: _decide(one, authority))(request)


def _decide(request: HttpRequest, authority: Authority) -> HttpResponse:
    form, seen = ManyForm(request.POST, auto_id="many_%s"), _seen(request)
    removes = request.POST.get("act") == "remove"
    if form.is_valid() and removes and not form.cleaned_data["reason"]:
        needed = sentence_for(grants.Refusal.REMOVAL_REASON_NEEDED)
        form.add_error("reason", ValidationError(needed, code="required"))
    if not seen:
        needed = _("Look at least at one role, and tick it.")
        form.add_error(None, ValidationError(needed, code="required"))
    if not form.is_valid():
        return _list(request, authority, form, status=422)
    now, me = clock.now(), request.signed_in.account
    found = queries.certification_lines(seen, me, strength=strength_of(request), now=now)
    how = {"strength": strength_of(request), "by": by(request), "now": now}
    lines = {key: line for key, line in found.items() if _is_theirs(line)}
    _note_reach(seen.keys() - lines.keys(), found, by=how["by"], now=now)
    said = form.cleaned_data["reason"]
    if removes:
        chosen = [line.grant for line in lines.values()]
        results = actions.remove_grants(grants=chosen, remover=me, reason=said, **how)
    else:
        reviews = [actions.Review(line.grant, seen[key], said) for key, line in lines.items()]
        results = actions.certify_many(reviews=reviews, certifier=me, **how)
    outcomes = [_told(lines[result.about.pk], result, removes=removes) for result in results]
    outcomes += [("", "", NO_SUCH)] * (len(seen) - len(lines))
    done = sum(result.is_done for result in results)
    context = {"outcomes": outcomes, "done": done, "columns": RESULT_COLUMNS, "width": "wide"}
    return render(request, "portal/certifications/results.html", context)


def _is_theirs(line: CertificationLine) -> bool:
    """Of what is not theirs to know of there is none (INV-14); of a desk's, none without its factor (S-2)."""
    return line.may_see and (not line.is_desks or bool(may_certify(line.facts)))


def _note_reach(
    keys: Collection[UUID], found: Mapping[UUID, CertificationLine], *, by: By, now: datetime
) -> None:
    """Each role that somebody reached for, and that is none of theirs, is on the ledger (L-2)."""
    for grant in grants_reached_for(keys):
        ruling = may_certify(found[grant.pk].facts) if grant.pk in found else No(Refusal.NOT_A_CERTIFIER)
        actions.note_refusal(about=grant, because=ruling.because, by=by, now=now)


def _seen(request: HttpRequest) -> dict[UUID, str]:
    """The digest of each role that was ticked as looked at, as many as one page can hold; what is no id is none."""
    found = {}
    for name in [name for name in request.POST if name.endswith(SEEN)]:
        form, key = LookedAtForm(request.POST, prefix=name.removesuffix(SEEN)), _key(name.removesuffix(SEEN))
        if key is not None and form.is_valid() and form.cleaned_data["seen"]:
            found[key] = form.cleaned_data["digest"]
    return dict(islice(found.items(), settings.LIMITS.requests_decided_at_once))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(
    line: CertificationLine, result: actions.Result, *, removes: bool
) -> tuple[str, str, str | Promise]:
    name, role = full_name(line.grant.account), line.line.role_name
    if result.refused is None:
        return name, role, _("Removed") if removes else _("Certified")
    if result.refused.code in AUTHORITY - {Refusal.STRONGER_FACTOR_NEEDED}:
        return "", "", NO_SUCH
    return name, role, sentence_for(result.refused.code, **result.refused.facts)


def _list(request: HttpRequest, authority: Authority, form: ManyForm, *, status: int = 200) -> HttpResponse:
    person, now = request.signed_in, clock.now()
    asked = {"now": now, "as_desk": person.strength.may_work_at_desk, "authority": authority}
    queue = queries.to_certify(person.account, **asked)
    page = Paginator(queue, settings.LIMITS.requests_decided_at_once).get_page(request.GET.get("page"))
    over = queries.to_restore(person.account, **asked)
    missed = Paginator(over, MOST_RESTORABLE).get_page(request.GET.get("missed"))
    keys = [grant.pk for grant in (*page, *missed)]
    lines = queries.certification_lines(keys, person.account, strength=strength_of(request), now=now)
    within = time_to_decide_many(authority)
    context: dict[str, Any] = {
        "page": page,
        "rows": [_row(lines[grant.pk], request) for grant in page if grant.pk in lines],
        "missed_page": missed,
        "missed": [shown(lines[one.pk]) for one in missed if one.pk in lines and lines[one.pk].is_missed],
        "form": form,
        "columns": COLUMNS,
        "is_weak_desk": sits_at_desk(authority) and not person.strength.may_work_at_desk,
        "is_fresh": is_proven(person, within=within, now=now),
        "objection": "" if person.strength.may_decide else sentence_for(Refusal.STRONGER_FACTOR_NEEDED),
        "width": "wide",
    }
    return render(request, "portal/certifications/due.html", context, status=status)


def _row(line: CertificationLine, request: HttpRequest) -> Row:
    # What was ticked stays ticked; the digest is always of what is shown now (SR-15).
    prefix = str(line.grant.pk)
    start = {"digest": line.digest, "seen": f"{prefix}{SEEN}" in request.POST}
    form = LookedAtForm(prefix=prefix, initial=start)
    form.fields["seen"].label = full_name(line.grant.account)
    return Row(shown(line), form)
