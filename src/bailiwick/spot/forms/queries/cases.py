"""Finding cases, and where they stand (F-7, F-9, B-1)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.models import Case, CaseSession, Invitation, Move, Remark, Signature
from bailiwick.spot.rules.access import is_session_over, tracking_typed
from bailiwick.spot.rules.forms import FINAL, WAITS_FOR, Doer, SignatureState, State
from bailiwick.spot.rules.signing import LinkState
from bailiwick.spot.signin.models import Person


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


def cases_known_by(keys: Iterable[UUID | int]) -> dict[UUID | int, Case]:
    """Cases by their own ids, and by the numbers of their signatures; what is neither is left out."""
    wanted = set(keys)
    signatures = Signature.objects.filter(pk__in=[key for key in wanted if isinstance(key, int)])
    cases = Case.objects.in_bulk([key for key in wanted if isinstance(key, UUID)])
    return {**cases, **{one.pk: one.case for one in signatures.select_related("case")}}


def colleagues_of(person: int, *, now: datetime) -> list[Person]:
    """The others who have a case in their hands, or decided one in the last 90 days, by name (B-1)."""
    since = now - settings.LIMITS.ended_sessions_kept
    busy = Case.objects.filter(state=State.IN_REVIEW.value).values("assigned_to")
    deciding = Case.objects.filter(decided_at__gte=since).values("decided_by")
    rows = Person.objects.filter(Q(pk__in=busy) | Q(pk__in=deciding)).exclude(pk=person)
    return list(rows.order_by("name", "pk"))


def open_with_contact(mailbox: str, *, limit: int) -> list[Case]:
    """The forms under way whose contact reads that mailbox, the one that changed last on top (M-4)."""
    rows = Case.objects.filter(contact_email__in={mailbox, mailbox.lower()}, contact_proven_at__isnull=False)
    under_way = rows.exclude(state__in=[state.value for state in FINAL])
    return list(under_way.order_by("-changed_at")[:limit])


def cases_of(record: EnrollmentRecord, *, limit: int) -> list[Case]:
    """The forms that led to a record or changed it, the newest first (B-2)."""
    return list(record.cases.order_by("-submitted_at", "-created_at")[:limit])


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
