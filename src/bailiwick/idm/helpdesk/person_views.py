"""One person's page for a desk, revealing what is masked, unlocking, and mailing the user ID (H-2, H-3)."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.actions import Deskwork
from bailiwick.idm.helpdesk.desk import Visit, desk_act, hides_itself
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.queries import PersonAtDesk
from bailiwick.idm.helpdesk.views import ROLE_COLUMNS
from bailiwick.idm.helpdesk.words import (
    CLOSING_WORDS,
    GROUND_WORDS,
    MASKED_WORDS,
    OUTCOME_WORDS,
    PATH_WORDS,
)
from bailiwick.idm.proofing.queries import has_handed_in
from bailiwick.idm.rules.closing import Kind
from bailiwick.idm.rules.desk import Act, Masked
from bailiwick.idm.rules.sharing import Ground
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.signin.queries import reset_of
from bailiwick.idm.signin.words import FACTOR_WORDS

SAID = {
    "unlocked": _("Signing in is unlocked. The person was told by e-mail."),
    "open": _("Signing in was open already; nothing was changed."),
    "user-id": _("The user ID is on its way to the e-mail address on file."),
    "checked": _("The caller is who they say. This holds for ten minutes, for you and this person."),
    "reset": _(
        "The reset link is on its way to the e-mail address on file. It is good for 60 minutes, once."
    ),
    "reset-asked": _("It is under way. Every mailbox and phone that we know of the person was told."),
    "reset-done": _("It is done. The person was told, and signed out everywhere."),
    "hidden": _("The value is hidden again."),
    "canceled": _("The request is canceled. The person was told by e-mail."),
    "suspended": _("The account is suspended. The person was told, and signed out everywhere."),
    "unsuspended": _("The suspension is lifted. The person was told by e-mail."),
    "proposed": _("It is proposed. Nothing changes until a second member of the security desk agrees."),
    "agreed": _("It is done. The person was told by e-mail."),
    "sent-back": _("It is sent back. The account stays as it is."),
    "reported": _("It is reported. The security desk was told, and looks at it."),
}
PAGES_BEFORE = {"proofing": "desk-proofing"}
ENTRY_COLUMNS = (_("When"), _("What"), _("By"), _("Outcome"), _("Account"))
STATE_COLUMNS = (_("When"), _("What"), _("By"), _("Reason"))
FACTOR_COLUMNS = (_("Kind"), _("Name"), _("Last used"))


def work_of(visit: Visit) -> Deskwork:
    return Deskwork(desk=visit.desk, person=visit.person, presence=visit.presence, once=visit.once)


def back_to(visit: Visit, said: str = "", page: str = "desk-person") -> HttpResponse:
    response = redirect(page, person_id=visit.person.pk)
    if said:
        response["Location"] += f"?{said}"
    return response


def act_page(
    request: HttpRequest,
    visit: Visit,
    template: str,
    *,
    form: Form,
    perform: Callable[[Form], str] | None,
    refused: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    """A page with one form that does one act; `perform` returns what the page before is to say.

    `refused`: of an act by another button of the page. The page before is the person's, or the case it was opened from.
    """
    page = _came_from(request)
    if request.method == "POST" and perform and form.is_valid():
        try:
            return back_to(visit, perform(form), page)
        except Refused as answer:
            refused = answer
    sentence = sentence_for(refused.code, **refused.facts) if refused else ""
    found = queries.person_found(visit.person, visit.scope, now=visit.now)
    back = reverse(page, args=[visit.person.pk])
    context = {"form": form, "person": found, "back": back, "sentence": sentence, **more}
    return render(request, f"helpdesk/{template}.html", context)


def _came_from(request: HttpRequest) -> str:
    """Which page about the person leads here: `?from=` names it, and names no other."""
    return PAGES_BEFORE.get(request.GET.get("from", ""), "desk-person")


@require_http_methods(["GET", "POST"])
@desk_act(Act.LOOK)
def person(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Masked; behind a reason, unless one was given in the last five minutes (H-3)."""
    if queries.has_looked(visit.desk, visit.person, now=visit.now):
        return back_to(visit) if request.method == "POST" else _person_page(request, visit)

    def look(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.open_looks(
            desk=visit.desk, people=[visit.person], reason=reason, by=by(request), now=visit.now
        )
        return ""

    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return back_to(visit, look(form))
    return render(request, "helpdesk/look.html", {"form": form})


def _person_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    page = queries.person_at_desk(
        visit.person,
        visit.scope,
        member=visit.member,
        session=request.signed_in.session,
        now=visit.now,
    )
    said = next((SAID[word] for word in SAID if word in request.GET), "")
    response = render(request, "helpdesk/person_page.html", _context(page) | {"said": said})
    shown = next((line.until for line in page.values if line.until), None)
    hides_itself(request, response, shown, now=visit.now)
    return response


def _context(page: PersonAtDesk) -> dict[str, Any]:
    return {
        "page": page,
        "person": page.found,
        "can": {act.value for act in page.acts},
        "reset": reset_of(page.account) if Act.AGREE_RESET in page.acts else None,
        "path_words": PATH_WORDS[page.path.state] if page.path else None,
        "is_path_closed": page.path is not None and page.path.state is not PathState.OPEN,
        "factors": [(FACTOR_WORDS[factor.kind], factor) for factor in page.factors],
        "factor_columns": FACTOR_COLUMNS,
        "entries": [(line, OUTCOME_WORDS.get(line.outcome, "")) for line in page.entries],
        "entry_columns": ENTRY_COLUMNS if page.merged else ENTRY_COLUMNS[:-1],
        "state_columns": STATE_COLUMNS,
        "closing": page.stopping
        and page.stopping.waiting
        and CLOSING_WORDS[Kind(page.stopping.waiting.kind)],
        "cases": [(GROUND_WORDS[Ground(case.ground)], case) for case in page.stopping.cases]
        if page.stopping
        else [],
        "role_columns": ROLE_COLUMNS,
        "merged_columns": ROLE_COLUMNS[:4],
        "has_documents": Act.SEE_PROOFING in page.acts and has_handed_in(page.account),
        "can_remove": Act.REMOVE_ROLES in page.acts and any(role.is_removable for role in page.found.roles),
        "width": "wide",
    }


@require_http_methods(["GET", "POST"])
@desk_act(Act.REVEAL)
def reveal(request: HttpRequest, visit: Visit, value: str) -> HttpResponse:
    if value not in queries.SHOWN:
        raise Http404(_("There is no such value."))
    masked = Masked(value)

    def perform(form: Form) -> str:
        actions.reveal(
            work=work_of(visit),
            value=masked,
            session=request.signed_in.session,
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=visit.now,
        )
        return ""

    form = ReasonForm(request.POST or None)
    return act_page(request, visit, "reveal", form=form, perform=perform, label=MASKED_WORDS[masked])


@require_POST
@desk_act(Act.REVEAL)
def hide(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        actions.hide(desk=visit.desk, now=visit.now)
    return back_to(visit, "hidden", _came_from(request))


@require_http_methods(["GET", "POST"])
@desk_act(Act.UNLOCK)
def unlock(request: HttpRequest, visit: Visit) -> HttpResponse:
    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        opened = actions.unlock(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "unlocked" if opened else "open"

    return act_page(request, visit, "unlock", form=ReasonForm(request.POST or None), perform=perform)


@require_http_methods(["GET", "POST"])
@desk_act(Act.SEND_USER_ID)
def user_id(request: HttpRequest, visit: Visit) -> HttpResponse:
    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.send_user_id(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "user-id"

    return act_page(request, visit, "user_id", form=ReasonForm(request.POST or None), perform=perform)
