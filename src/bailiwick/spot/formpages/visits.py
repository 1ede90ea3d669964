"""A visit to one case: the cookie that opens it, and the decorator by which every page below it is guarded (F-9).

Each case has a cookie of its own, so that two forms can be open side by side. Whoever has none is led to the page that
asks for a code, the same whether or not such a case exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.kind_words import is_binding, worded
from bailiwick.spot.forms.models import Case, CaseSession
from bailiwick.spot.rules.forms import Event, State, may
from bailiwick.spot.rules.schema import Block, Field, FieldType, FormKind, shown

KEY_LENGTH = 43
FORBIDDEN = 403
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Visit:
    """The case as it stands at this request, with its kind and answers."""

    case: Case
    session: CaseSession
    by: By
    now: datetime

    @cached_property
    def kind(self) -> FormKind:
        """In the words of the page."""
        return worded(queries.kind_of(self.case))

    @property
    def binding(self) -> FormKind | None:
        """In the words that bind, to stand beside a translation; None where the page has them already."""
        return None if is_binding() else queries.kind_of(self.case)

    @cached_property
    def answers(self) -> dict[str, str]:
        return queries.answers_of(self.case)

    @property
    def state(self) -> State:
        return self.case.state_at(self.now)

    @cached_property
    def blocks(self) -> list[Block]:
        """The steps in which something is asked, given the answers so far."""
        asked = {one.code for one in shown(self.kind, self.answers)}
        return [block for block in self.kind.blocks if any(one.code in asked for one in block.fields)]

    def asked_of(self, block: Block) -> list[Field]:
        asked = {one.code for one in shown(self.kind, self.answers)}
        return [one for one in block.fields if one.code in asked]

    def may(self, event: Event) -> bool:
        """Whether this act is open now."""
        return bool(may(self.case.facts, event, self.now))

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def problems(self) -> list[queries.Problem]:
        """Whatever stands between the form and its signature today."""
        return [*queries.problems(self.case), *queries.late_days(self.case, today=self.today)]

    def fresh(self) -> "Visit":
        """The same visit, with the case as it stands by now."""
        case = queries.case_tracked(self.case.tracking) or self.case
        return Visit(case, self.session, self.by, self.now)

    def page(self, **context: Any) -> dict[str, Any]:
        """The context that every page of a case shares."""
        return {"case": self.case, "kind": self.kind, "tracking": self.case.tracking, **context}


def case_page(view: View) -> View:
    """A page of one case: `view(request, visit, …)` for whoever has opened it, the page of the code for everybody else."""

    @wraps(view)
    def opened(request: HttpRequest, tracking: str, **kwargs: Any) -> HttpResponse:
        visit = _visit(request, tracking, clock.now())
        if visit is None:
            return _closed(request, tracking)
        return view(request, visit, **kwargs)

    return opened


def _visit(request: HttpRequest, tracking: str, now: datetime) -> Visit | None:
    key = request.COOKIES.get(cookie_name(tracking), "")
    session = queries.session_with(key, now) if len(key) == KEY_LENGTH and key.isascii() else None
    # The session says which case; the address must name the same one.
    if session is None or session.case.tracking != tracking:
        return None
    actions.note_seen(session=session, by=by(request), now=now)
    return Visit(session.case, session, by(request), now)


def _closed(request: HttpRequest, tracking: str) -> HttpResponse:
    """To the page of the code. What somebody typed while their time ran out is shown first: typing it is work."""
    questions = {
        one.code: one
        for kind in map(worded, queries.kinds())
        for one in kind.fields
        if one.type is not FieldType.TIN
    }
    sent = request.POST if request.method == "POST" else {}
    typed = [(one.label, text) for code, one in questions.items() if (text := sent.get(code, "").strip())]
    if not typed:
        return redirect("spot_formpages:code", tracking)
    context = {"typed": typed, "tracking": tracking}
    return render(request, "spot_formpages/closed.html", context, status=FORBIDDEN)


def cookie_name(tracking: str) -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}spot_form_{tracking}"


def set_cookie(response: HttpResponse, tracking: str, key: str) -> None:
    """Give the browser the key of this case: out of reach of scripts, gone with the browser."""
    response.set_cookie(
        cookie_name(tracking),
        key,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponse, tracking: str) -> None:
    name = cookie_name(tracking)
    response.delete_cookie(name, path="/", samesite="Lax")
    # A browser takes the deletion of a `__Host-` cookie only when it is marked secure.
    response.cookies[name]["secure"] = settings.SESSION_COOKIE_SECURE
    response.cookies[name]["httponly"] = True
