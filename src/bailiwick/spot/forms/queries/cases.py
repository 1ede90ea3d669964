"""Finding cases, and where they stand (F-7, F-9, B-1)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from bailiwick.spot.forms.models import Case, CaseSession, Invitation, Move, Remark, Signature
from bailiwick.spot.rules.access import is_session_over, tracking_typed
from bailiwick.spot.rules.forms import WAITS_FOR, Doer, SignatureState, State
from bailiwick.spot.rules.signing import LinkState


@dataclass(frozen=True)
class Status:
    """Where a case stands, since when, who has to act, and when time ends it if nobody does."""

    state: State
    since: datetime
    waits_for: Doer | None
    until: datetime | None


def case_tracked(tracking: str) -> Case | None:
    """The case of a tracking number, however it was typed (F-9)."""
    return Case.objects.filter(tracking=tracking_typed(tracking)).first()


def case_with(identity: UUID | str) -> Case | None:
    return Case.objects.filter(pk=identity).first()


def session_with(key: str, now: datetime) -> CaseSession | None:
    """The live session of a browser's key, its case with it; None where it ended or idled out (F-9)."""
    digest = hashlib.sha256(key.encode()).digest()
    found = CaseSession.objects.select_related("case").filter(key_digest=digest, ended_at=None).first()
    if found is None or is_session_over(found.started_at, found.last_seen_at, now, settings.LIMITS):
        return None
    return found


def status(case: Case, now: datetime) -> Status:
    """The state at `now`, also where no job has recorded it yet (F-9, I-2)."""
    state = case.state_at(now)
    last = case.moves.order_by("-pk").first()
    since = last.at if last else case.created_at
    if state is State.EXPIRED and case.expires_at is not None:
        since = case.expires_at
    return Status(state, since, WAITS_FOR[state], None if state is State.EXPIRED else case.expires_at)


def history(case: Case) -> list[Move]:
    """Every move from state to state, the oldest first."""
    return list(case.moves.order_by("pk"))


def live_signature(case: Case) -> Signature | None:
    return case.signatures.filter(state=SignatureState.LIVE).first()


def live_invitation(case: Case) -> Invitation | None:
    return case.invitations.filter(state=LinkState.LIVE).first()


def invitation_with(token: str) -> Invitation | None:
    """The invitation of a link's token, its case with it, in whatever state."""
    digest = hashlib.sha256(token.encode()).digest()
    return Invitation.objects.select_related("case").filter(token_digest=digest).first()


def remarks_of(case: Case) -> list[Remark]:
    """What the desk wants corrected: open ones first, then what was resolved (B-1)."""
    return sorted(case.remarks.order_by("pk"), key=lambda remark: remark.resolved_at is not None)


def cases_for_desk(
    *, states: Iterable[State], kind: str = "", submitted_until: datetime | None = None, limit: int = 200
) -> QuerySet[Case]:
    """Cases in those states that were signed once, the one that was submitted first on top (B-1)."""
    rows = Case.objects.filter(state__in=[state.value for state in states], submitted_at__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    if submitted_until is not None:
        rows = rows.filter(submitted_at__lte=submitted_until)
    rows = rows.select_related("assigned_to", "decided_by", "record").order_by("submitted_at", "created_at")
    return rows[:limit]
