"""An approver removes many end users of an organization at once: each by itself, with a result for each (Q-8, Q-10)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.actions import Result, note_refusal, remove_grants
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.grants import grants_reached_for
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.access_views import Place, organization_page
from bailiwick.idm.helpdesk.forms import RolesForm
from bailiwick.idm.rules.grants import Refusal
from bailiwick.idm.sessions.doors import freshly_verified

AT_ONCE = 50
PREFIX = "role-"
COLUMNS = (gettext_lazy("Person"), gettext_lazy("Role"), gettext_lazy("Result"))


@require_http_methods(["GET", "POST"])
@freshly_verified()
@organization_page
def remove_many(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    """The answer to the POST is the result: a reload changes nothing more. Not for desks, which go by the person (H-2)."""
    if not place.approved:
        raise Http404(_("There is no such organization."))
    found = place.organization
    end_users = access.end_users_at(found, applications=place.approved, now=now)
    page = Paginator(end_users, AT_ONCE).get_page(request.GET.get("page"))
    ticked = access.grants_among(_ticked(request), found, applications=place.approved)
    lines = [access.line_of(grant, now=now) for grant in ticked or page]
    form = RolesForm(request.POST or None, roles=[(line.grant.pk, label_of(line)) for line in lines])
    context = {"organization": found, "form": form, "page": page, "lines": lines, "width": "wide"}
    for reached in grants_reached_for(set(_ticked(request)) - {grant.pk for grant in ticked}):
        note_refusal(about=reached, because=Refusal.NOT_A_REMOVER, by=by(request), now=now)
    if request.method == "POST" and form.is_valid():
        results = remove_grants(
            grants=[grant for grant in ticked if grant.pk in form.chosen],
            remover=request.signed_in.account,
            reason=form.cleaned_data["reason"],
            strength=request.signed_in.strength,
            by=by(request),
            now=now,
        )
        context |= _told(results, now)
        return render(request, "helpdesk/many_removed.html", context)
    return render(request, "helpdesk/remove_many.html", context)


def label_of(line: access.GrantLine) -> str:
    """Whom, and which role; with the day on which they last used it."""
    used = line.last_sign_in_at
    last = _("last sign-in %(day)s") % {"day": used.date().isoformat()} if used else _("never signed in")
    account = line.grant.account
    return f"{full_name(account)} ({account.user_id}), {line.role_name}, {last}"


def _ticked(request: HttpRequest) -> list[UUID]:
    """The ids of the boxes that were sent, as many as one page holds; what is no id is none."""
    return [key for key in map(_key, request.POST) if key is not None][:AT_ONCE]


def _key(name: str) -> UUID | None:
    try:
        return UUID(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    except ValueError:
        return None


def _told(results: Iterable[Result], now: datetime) -> dict[str, object]:
    results = list(results)
    done = sum(result.is_done for result in results)
    return {"rows": [_row(result, now) for result in results], "columns": COLUMNS, "done": done}


def _row(result: Result, now: datetime) -> tuple[str, str, str]:
    grant: Grant = result.about
    line, refused = access.line_of(grant, now=now), result.refused
    said = sentence_for(refused.code, **refused.facts) if refused else _("Removed")
    return f"{full_name(grant.account)} ({grant.account.user_id})", line.role_name, said
