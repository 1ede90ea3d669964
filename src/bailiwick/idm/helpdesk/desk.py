"""The door of every desk act: whose it is, how lately they were verified, and about whom (H-2, S-2, S-6).

A view behind it is `view(request, work, now)`. Which act it is stands on the view as `act`, so that the table of
`rules.desk` and the pages can be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import NoReturn
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import account_with_id
from bailiwick.idm.helpdesk import queries
from bailiwick.idm.helpdesk.actions import note_refusal
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.rules.desk import ACTS, NOT_THEIRS, Act, Member, Presence, Refusal, is_entitled, may_act
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, signed_in

NO_SUCH_PERSON = _("There is no such person.")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Visit:
    """A desk member at one person's pages."""

    desk: Account
    scope: Scope
    person: Account
    presence: Presence
    once: UUID
    now: datetime

    @cached_property
    def member(self) -> Member:
        """For the pages; every act asks again under its locks."""
        authority = self.scope.authority
        return queries.member_of(
            self.desk, self.person, presence=self.presence, now=self.now, authority=authority
        )


def presence_of(request: HttpRequest) -> Presence:
    person = request.signed_in
    return Presence(strength=person.strength, factor_at=person.factor_at)


def desk_act(act: Act) -> Callable[[View], View]:
    """Whoever the act is not for finds no page and leaves an entry (L-2).

    Who it is for signs in with what the desk needs, is verified first where the act needs that, and gives a reason for
    looking if they gave none lately (S-2, S-6, H-3).
    """

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def opened(request: HttpRequest, person_id: UUID, **named: object) -> HttpResponse:
            visit = _visit(request, person_id)
            _refuse_strangers(request, act, visit)
            if stronger := desk_factor_page(request):
                because = Refusal.STRONGER_FACTOR_NEEDED
                note_refusal(person=visit.person, act=act, because=because, by=by(request), now=visit.now)
                return stronger

            def entered(request: HttpRequest) -> HttpResponse:
                ruling = may_act(Act.LOOK, visit.member, now=visit.now, limits=settings.LIMITS)
                if isinstance(ruling, No):
                    raise Refused(ruling.because, **ruling.facts)
                if act is not Act.LOOK and not queries.has_looked(visit.desk, visit.person, now=visit.now):
                    return redirect("desk-person", person_id=visit.person.pk)
                return view(request, visit, **named)

            within = settings.LIMITS.step_up_desk if ACTS[act].step_up else settings.LIMITS.longest_session
            return freshly_verified(within=within)(entered)(request)

        opened.act = act
        return opened

    return decorate


def _visit(request: HttpRequest, person_id: UUID) -> Visit:
    person = account_with_id(person_id)
    if person is None:
        raise Http404(NO_SUCH_PERSON)
    now = clock.now()
    return Visit(
        desk=request.signed_in.account,
        scope=scope_of(request, now=now),
        person=person,
        presence=presence_of(request),
        once=once_of(request.POST),
        now=now,
    )


def _refuse_strangers(request: HttpRequest, act: Act, visit: Visit) -> None:
    ruling = is_entitled(act, visit.member)
    if isinstance(ruling, No):
        _refuse(request, act, visit, ruling.because)


def _refuse(request: HttpRequest, act: Act, visit: Visit, because: Refusal) -> NoReturn:
    note_refusal(person=visit.person, act=act, because=because, by=by(request), now=visit.now)
    if because in NOT_THEIRS:
        raise Http404(NO_SUCH_PERSON)
    raise Refused(because)


def hides_itself(
    request: HttpRequest, response: HttpResponse, until: datetime | None, *, now: datetime
) -> None:
    """The browser asks again when the value hides: it does not stay on a screen that nobody looks at (H-3)."""
    if until is not None:
        seconds = max(1, int((until - now).total_seconds()) + 1)
        response["Refresh"] = f"{seconds}; url={request.path}"
