"""Why somebody can or cannot enter an application now: what /no-access/ says (O-2)."""

from dataclasses import dataclass
from datetime import datetime

from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.grants import (
    GrantLine,
    ended_at,
    ended_grants,
    line_of,
    live_grants,
    why_it_ended,
)
from bailiwick.idm.access.queries.requests import WhoDecides, requests, who_decides
from bailiwick.idm.access.queries.returning import nearest, ways_back
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.catalogue import HelpContact
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.reactivation import WayBack
from bailiwick.idm.rules.requests import State


@dataclass(frozen=True)
class StandingIn:
    """`state`: active, inactive, closed, pending, denied, expired, cancelled, removed or none.

    `reason` is what the person who decided or removed wrote, or a code of `rules.grants.EndReason`; `who` is set for
    a pending request; `help` is the application's contact; `way_back` says how an inactive role comes back (I-4).
    """

    state: str
    since: datetime | None
    reason: str
    request: RoleRequest | None
    grant: Grant | None
    who: WhoDecides | None
    help: HelpContact
    way_back: WayBack | None = None


def standing_in(account: Account, application: str, *, now: datetime) -> StandingIn:
    """The one state that explains the most: what can be entered, else what waits, else what happened last."""
    lines = [line_of(grant, now=now) for grant in live_grants(account, application=application, now=now)]
    asked = list(requests().filter(account=account, application=application).order_by("-submitted_at"))
    help_contact = catalogue().application(application).help
    for state in (GrantState.ACTIVE, GrantState.INACTIVE, GrantState.CLOSED):
        line = next((one for one in lines if one.state is state), None)
        if line is not None:
            way = nearest(ways_back(account, lines, now=now).values())
            return _of_grant(line, help_contact, way if state is GrantState.INACTIVE else None)
    waiting = next((one for one in asked if one.state_at(now) is State.PENDING), None)
    if waiting is not None:
        who = who_decides(waiting, now=now)
        return StandingIn(
            State.PENDING, waiting.submitted_at, waiting.reason, waiting, None, who, help_contact
        )
    return _of_the_past(account, application, asked, now, help_contact)


def _of_grant(line: GrantLine, help_contact: HelpContact, way_back: WayBack | None) -> StandingIn:
    since = line.inactive_at if line.state is GrantState.INACTIVE else line.grant.started_at
    return StandingIn(line.state, since, "", None, line.grant, None, help_contact, way_back)


def _of_the_past(
    account: Account, application: str, asked: list[RoleRequest], now: datetime, help_contact: HelpContact
) -> StandingIn:
    """The latest of a denial, an expiry, a cancellation and a removal."""
    past = [_refused(one, now, help_contact) for one in asked if one.state_at(now) is not State.APPROVED]
    past += [_removed(one, help_contact) for one in ended_grants(account, application=application, now=now)]
    never = StandingIn("none", None, "", None, None, None, help_contact)
    return max(past, key=lambda one: one.since or now, default=never)


def _refused(request: RoleRequest, now: datetime, help_contact: HelpContact) -> StandingIn:
    since = request.decided_at or request.expires_at
    return StandingIn(
        request.state_at(now), since, request.decision_reason, request, None, None, help_contact
    )


def _removed(grant: Grant, help_contact: HelpContact) -> StandingIn:
    reason = grant.end_comment or why_it_ended(grant)
    return StandingIn("removed", ended_at(grant), reason, None, grant, None, help_contact)
