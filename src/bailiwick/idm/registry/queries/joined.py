"""Reading what one account decided about another that turned out to be the same person's (A-5, Q-5)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.registry.models import JoinedDecision
from bailiwick.idm.rules.duplicates import MergeState


@dataclass(frozen=True)
class JoinedLine:
    """A decision as the desk sees it. `number`: of the request that the role came by, "" for one that an operator gave."""

    decision: JoinedDecision
    role_name: str
    number: str


def decisions_awaiting(applications: frozenset[str]) -> list[JoinedLine]:
    """Decisions between two accounts that are one now, at these applications, not looked at yet; the oldest first."""
    waiting = _decisions_at(applications).filter(checked_at=None, merge__state=MergeState.DONE)
    return [_line(each) for each in waiting.order_by("merge__settled_at", "pk")]


def joined_decision(identifier: UUID, applications: frozenset[str]) -> JoinedLine | None:
    """One of those, looked at or not."""
    found = _decisions_at(applications).filter(pk=identifier).first()
    return _line(found) if found else None


def _decisions_at(applications: frozenset[str]) -> QuerySet[JoinedDecision]:
    rows = JoinedDecision.objects.select_related(
        "merge__survivor",
        "request__account",
        "request__grant__organization__record",
        "certification__holder",
        "certification__grant__request",
        "certification__grant__organization__record",
    )
    return rows.filter(
        Q(request__application__in=applications) | Q(certification__grant__application__in=applications)
    )


def _line(decision: JoinedDecision) -> JoinedLine:
    grant = decision.grant
    _, role = role_of(grant.application, grant.role)
    asked = decision.request or grant.request
    return JoinedLine(decision, role.name if role else grant.role, asked.number if asked else "")
