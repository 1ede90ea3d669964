"""Roles and requests as a page lists them: with words for their states."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import GrantLine, last_day_of
from bailiwick.idm.access.state_words import GRANT_STATE_WORDS, REQUEST_STATE_WORDS
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.requests import State


@dataclass(frozen=True)
class RoleLine:
    """`mood`: how its tag looks."""

    line: GrantLine
    words: str | Promise
    mood: str

    @property
    def grant(self) -> Grant:
        return self.line.grant

    @property
    def is_resting(self) -> bool:
        return self.line.state is GrantState.INACTIVE


@dataclass(frozen=True)
class RequestLine:
    """`since`: when the request came into its state; `last_day`: the last on which it can be decided."""

    request: RoleRequest
    role_name: str
    state: State
    since: datetime
    last_day: date
    words: str | Promise
    mood: str


def role_line(line: GrantLine) -> RoleLine:
    words, mood = GRANT_STATE_WORDS[line.state]
    return RoleLine(line=line, words=words, mood=mood)


def request_line(request: RoleRequest, now: datetime) -> RequestLine:
    state = request.state_at(now)
    words, mood = REQUEST_STATE_WORDS[state]
    since = {State.PENDING: request.submitted_at, State.EXPIRED: request.expires_at}.get(
        state, request.decided_at
    )
    return RequestLine(
        request=request,
        role_name=named_role(request.application, request.role),
        state=state,
        since=since or request.submitted_at,
        last_day=last_day_of(request),
        words=words,
        mood=mood,
    )


def role_name(application: Application, code: str) -> str:
    """The role's name; its code where the application has it no more."""
    return next((role.name for role in application.roles if role.code == code), code)


def named_role(application: str, code: str) -> str:
    found = next((each for each in catalogue().applications if each.code == application), None)
    return role_name(found, code) if found else code
