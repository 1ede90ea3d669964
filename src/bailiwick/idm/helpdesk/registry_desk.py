"""The door of tier 3's pages about the person registry, and what those pages share (A-5, A-7, H-3, S-6)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.program import by, clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.actions import Deskwork
from bailiwick.idm.helpdesk.desk import presence_of
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.queries import PersonAtDesk
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.rules.desk import SECURITY_DESK, Masked, Presence
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, signed_in

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class DeskVisit:
    """A member of tier 3 at a page that is about more than one person, or about none."""

    desk: Account
    scope: Scope
    presence: Presence
    once: UUID
    now: datetime

    def work_on(self, person: Account) -> Deskwork:
        return Deskwork(desk=self.desk, person=person, presence=self.presence, once=self.once)

    def has_looked_at(self, people: Iterable[Account]) -> bool:
        """Whether a reason for looking was given lately, for each of them (H-3)."""
        return all(queries.has_looked(self.desk, person, now=self.now) for person in people)


def security_desk(*, is_act: bool = False) -> Callable[[View], View]:
    """A view for tier 3: `view(request, visit, …)`; to anyone else the page is closed. An act wants a fresh factor (S-6)."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def opened(request: HttpRequest, **named: object) -> HttpResponse:
            now, presence = clock.now(), presence_of(request)
            scope = scope_of(request, now=now)
            if scope.identity_tier not in SECURITY_DESK:
                raise PermissionDenied
            if stronger := desk_factor_page(request):
                return stronger
            visit = DeskVisit(scope.viewer, scope, presence, once_of(request.POST), now)

            def entered(request: HttpRequest) -> HttpResponse:
                return view(request, visit, **named)

            limits = settings.LIMITS
            within = limits.step_up_desk if is_act else limits.longest_session
            return freshly_verified(within=within)(entered)(request)

        return opened

    return decorate


def look_first(
    request: HttpRequest, visit: DeskVisit, people: Iterable[Account], again: HttpResponse
) -> HttpResponse | None:
    """The page that asks why, unless a reason was given for each of them lately; `again`: where it leads then (H-3)."""
    people = list(people)
    if visit.has_looked_at(people):
        return None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.open_looks(desk=visit.desk, people=people, reason=reason, by=by(request), now=visit.now)
        return again
    return render(request, "helpdesk/look.html", {"form": form})


def person_page(request: HttpRequest, visit: DeskVisit, person: Account) -> PersonAtDesk:
    """One of the people, masked but for what is revealed to this session."""
    authority = visit.scope.authority
    member = queries.member_of(
        visit.desk, person, presence=visit.presence, now=visit.now, authority=authority
    )
    session = request.signed_in.session
    return queries.person_at_desk(person, visit.scope, member=member, session=session, now=visit.now)


def reveal(request: HttpRequest, visit: DeskVisit, person: Account, value: Masked, reason: str) -> None:
    """Show one value for five minutes, on the page that asked; the one shown before hides (H-3)."""
    actions.reveal(
        work=visit.work_on(person),
        value=value,
        session=request.signed_in.session,
        reason=reason,
        by=by(request),
        now=visit.now,
    )
