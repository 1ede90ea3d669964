"""One person's way through the role request: the draft, the choices it stands for, and the page that is due (Q-1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.program import by, clock
from bailiwick.idm.access.queries import Helper, who_can_help
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal import actions
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.rules.asking import Answers, StepName, before, furthest, is_open, progress
from bailiwick.idm.rules.catalogue import Application, Role
from bailiwick.idm.sessions.doors import signed_in

LABELS = {
    StepName.APPLICATION: _("Select an Application"),
    StepName.ROLE: _("Select a Role"),
    StepName.IDENTITY: _("Identity verification"),
    StepName.ORGANIZATION: _("Organization"),
    StepName.REVIEW: _("Review Request"),
}


@dataclass(frozen=True)
class Journey:
    account: Account
    draft: RoleRequestDraft
    application: Application | None
    role: Role | None
    answers: Answers
    now: datetime

    @property
    def seen(self) -> str:
        """Names these very answers: Submit carries it, so that what is submitted is what was shown."""
        return self.draft.changed_at.isoformat()

    @property
    def _help(self) -> tuple[Helper, ...]:
        """Who can help with this request; nobody before an application is chosen."""
        if self.application is None:
            return ()
        return who_can_help(self.account, self.application.code, self.draft.organization, now=self.now)

    def page(self, name: StepName, **context: Any) -> dict[str, Any]:
        """The context that every page of the wizard shares."""
        back = before(name, self.answers)
        steps = [(LABELS[each], state) for each, state in progress(name, self.answers)]
        return {
            "journey": self,
            "steps": steps,
            "step_heading": LABELS[name],
            "back": f"role-request-{back}" if back else "home",
            "help": self._help,
            **context,
        }


def journey_of(account: Account, draft: RoleRequestDraft, *, now: datetime) -> Journey:
    """Reads what the draft's codes mean today; a role that left the catalogue counts as not chosen."""
    try:
        application = catalogue().application(draft.application) if draft.application else None
        role = application.role(draft.role) if application and draft.role else None
    except KeyError:
        application = role = None
    answers = Answers(
        has_application=application is not None,
        has_role=role is not None,
        role_needs_proofing=role is None or role.needs_proofing,
        role_needs_organization=role is None or role.needs_organization,
        is_proofed=role is not None and role.needs_proofing and is_proofed(account),
        has_organization=bool(draft.way) and (draft.organization_id or draft.record_id) is not None,
    )
    return Journey(account=account, draft=draft, application=application, role=role, answers=answers, now=now)


def current_journey(request: HttpRequest, now: datetime) -> Journey:
    account = request.signed_in.account
    return journey_of(account, actions.open_draft(account=account, by=by(request), now=now), now=now)


def step_page(name: StepName) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of one step: `view(request, journey, now)`. Whoever is not that far is led to the page that is due."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @signed_in
        @wraps(view)
        def opened(request: HttpRequest, **named: object) -> HttpResponse:
            now = clock.now()
            journey = current_journey(request, now)
            if not is_open(name, journey.answers):
                return to_the_page_that_is_due(journey)
            return view(request, journey, now, **named)

        return opened

    return decorate


def to_the_page_that_is_due(journey: Journey) -> HttpResponse:
    return redirect(f"role-request-{furthest(journey.answers)}")
