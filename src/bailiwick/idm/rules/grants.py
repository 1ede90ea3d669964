"""Grants, the roles that people hold: what they contain, when they rest, who may end them.

Pure. Whatever depends on time is computed from facts and the time asked about (I-2); no job has to run for it to hold.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.days import after_full_days, due_date, start_of
from bailiwick.wire.claims import ACR_MFA, ACR_PHISHING_RESISTANT, satisfies

APPROVING = frozenset({Standing.APPROVER, Standing.BACKUP})
CONTAINED: dict[Standing, frozenset[Standing]] = {
    Standing.APPROVER: frozenset({Standing.BACKUP, Standing.END_USER}),
    Standing.BACKUP: frozenset({Standing.END_USER}),
    Standing.END_USER: frozenset(),
    Standing.DESK: frozenset(),
}
"""What a role holds within it at the same organization (Q-2)."""

TIER_OF_APPLICATION_DESK = 2
TIER_OF_SECURITY_DESK = 3


class GrantState(StrEnum):
    """`closed`: the enrollment record behind the organization is closed; like `inactive` it gives nothing."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    CLOSED = "closed"
    ENDED = "ended"


class GrantEvent(StrEnum):
    REST = "rest"
    CLOSE = "close"
    REOPEN = "reopen"
    END = "end"
    RESTORE = "restore"


STEPS: dict[GrantState, dict[GrantEvent, GrantState]] = {
    GrantState.ACTIVE: {
        GrantEvent.REST: GrantState.INACTIVE,
        GrantEvent.CLOSE: GrantState.CLOSED,
        GrantEvent.END: GrantState.ENDED,
    },
    GrantState.INACTIVE: {GrantEvent.CLOSE: GrantState.CLOSED, GrantEvent.END: GrantState.ENDED},
    GrantState.CLOSED: {
        GrantEvent.REOPEN: GrantState.ACTIVE,
        GrantEvent.REST: GrantState.INACTIVE,
        GrantEvent.END: GrantState.ENDED,
    },
    # By undoing the merge in which it was given away; an end that somebody decided stays.
    GrantState.ENDED: {GrantEvent.RESTORE: GrantState.ACTIVE},
}


class EndReason(StrEnum):
    GIVEN_UP = "given_up"
    REMOVED_BY_APPROVER = "removed_by_approver"
    REMOVED_BY_DESK = "removed_by_desk"
    SUPERSEDED = "superseded"
    SUCCEEDED = "succeeded"
    END_DATE = "end_date"
    CERTIFICATION_MISSED = "certification_missed"
    INACTIVITY = "inactivity"
    MERGED = "merged"


BY_ITSELF = frozenset({EndReason.END_DATE, EndReason.CERTIFICATION_MISSED, EndReason.INACTIVITY})
"""The ends that nobody decided: time did (I-2)."""


class Refusal(StrEnum):
    NOT_A_REMOVER = "not_a_remover"
    STRONGER_FACTOR_NEEDED = "removal_needs_stronger_factor"
    GRANT_ENDED = "grant_ended"
    NONE_LEFT_UNCONFIRMED = "none_left_unconfirmed"
    REMOVAL_REASON_NEEDED = "removal_reason_needed"
    LAST_TIER_3 = "last_tier_3"
    END_DATE_PAST = "end_date_past"
    NOT_TO_POSTPONE = "not_to_postpone"


AUTHORITY = frozenset({Refusal.NOT_A_REMOVER, Refusal.STRONGER_FACTOR_NEEDED, Refusal.NOT_TO_POSTPONE})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


@dataclass(frozen=True)
class SignInStrength:
    """How the person who acts was signed in (S-2): the level reached, and whether the session is a limited one.

    `desk_level`: the level that this deployment's desks sign in with; less than a passkey in development runs only.
    """

    acr: str
    is_limited: bool
    desk_level: str = ACR_PHISHING_RESISTANT

    @property
    def may_decide(self) -> bool:
        """A factor other than e-mail, and no limited session."""
        return not self.is_limited and satisfies(self.acr, ACR_MFA)

    @property
    def may_work_at_desk(self) -> bool:
        """What deciding takes, and the passkey of a desk."""
        return self.may_decide and satisfies(self.acr, self.desk_level)


@dataclass(frozen=True)
class Spans:
    """For how long a role stays without a sign-in to its application: until it rests, until it is removed (I-4, I-5).

    `reactivation_window`: how long after a new password a sign-in there still wakes it (I-4).
    """

    inactive_after: timedelta
    removed_after: timedelta
    reactivation_window: timedelta


@dataclass(frozen=True)
class GrantFacts:
    """`certify_by`: the day by which it has to be certified (C-1)."""

    started_at: datetime
    certify_by: date
    last_sign_in_at: datetime | None = None
    restored_at: datetime | None = None
    ends_on: date | None = None
    ended_at: datetime | None = None
    is_organization_closed: bool = False


def last_activity(facts: GrantFacts) -> datetime:
    """The latest of the grant's start, its restoration and the last sign-in to the application ("Activity", I-1)."""
    known = (facts.started_at, facts.restored_at, facts.last_sign_in_at)
    return max(at for at in known if at is not None)


def inactive_from(facts: GrantFacts, spans: Spans, zone: ZoneInfo) -> datetime:
    """The instant from which the grant rests unless somebody signs in before (I-4)."""
    return after_full_days(last_activity(facts), spans.inactive_after, zone)


def over_from(facts: GrantFacts, spans: Spans, zone: ZoneInfo) -> tuple[datetime, EndReason]:
    """When the grant ends by itself, recorded or not, and why: whichever comes first (I-2).

    The end date and the day to certify by still count themselves (Q-10, C-3); removal for inactivity begins with day 90 (I-5).
    """
    ends = [
        (start_of(facts.certify_by + timedelta(days=1), zone), EndReason.CERTIFICATION_MISSED),
        (after_full_days(last_activity(facts), spans.removed_after, zone), EndReason.INACTIVITY),
    ]
    if facts.ends_on is not None:
        ends.insert(0, (start_of(facts.ends_on + timedelta(days=1), zone), EndReason.END_DATE))
    return min(ends, key=lambda end: end[0])


def is_over(facts: GrantFacts, spans: Spans, now: datetime, zone: ZoneInfo) -> bool:
    """Ended, by somebody or by itself, recorded or not (I-2)."""
    return facts.ended_at is not None or now >= over_from(facts, spans, zone)[0]


def state_of(facts: GrantFacts, *, now: datetime, spans: Spans, zone: ZoneInfo) -> GrantState:
    """What the grant is at `now`; only an active one gives authority or claims (I-2, I-4, Q-4)."""
    if is_over(facts, spans, now, zone):
        return GrantState.ENDED
    if facts.is_organization_closed:
        return GrantState.CLOSED
    return GrantState.INACTIVE if now >= inactive_from(facts, spans, zone) else GrantState.ACTIVE


def certification_due(started_at: datetime, every: timedelta, zone: ZoneInfo) -> date:
    """The day by which the grant is certified (C-1); it ends with that day."""
    return due_date(started_at, every, zone)


def contains(held: Standing, asked: Standing) -> bool:
    """Whether a held role already gives what the other asks for, at the same organization (Q-2)."""
    return asked in CONTAINED[held]


@dataclass(frozen=True)
class Remover:
    """What the person who removes is, at this instant, to this grant."""

    strength: SignInStrength
    is_holder: bool = False
    is_able_approver: bool = False
    is_application_desk: bool = False
    identity_tier: int = 0
    is_account_active: bool = True


def may_remove(remover: Remover, standing: Standing) -> Yes | No:
    """Q-8: the holder; an approver or backup, end users only; a desk. Desk roles only by tier 3 (H-7)."""
    if not remover.is_account_active:
        return No(Refusal.NOT_A_REMOVER)
    ground = _ground_for_removal(remover, standing)
    if not ground:
        return No(Refusal.NOT_A_REMOVER)
    return Yes(ground) if _is_strong_enough(remover, ground) else No(Refusal.STRONGER_FACTOR_NEEDED)


def _is_strong_enough(remover: Remover, ground: EndReason | str) -> bool:
    """What is one's own needs no more than a session that is not limited; a desk's act its passkey (S-2)."""
    if remover.is_holder:
        return not remover.strength.is_limited
    is_desks = ground == EndReason.REMOVED_BY_DESK
    return remover.strength.may_work_at_desk if is_desks else remover.strength.may_decide


def _ground_for_removal(remover: Remover, standing: Standing) -> EndReason | str:
    if remover.is_holder:
        return EndReason.GIVEN_UP
    if standing is Standing.DESK:
        return EndReason.REMOVED_BY_DESK if remover.identity_tier >= TIER_OF_SECURITY_DESK else ""
    if remover.is_application_desk or remover.identity_tier >= 1:
        return EndReason.REMOVED_BY_DESK
    if remover.is_able_approver and standing is Standing.END_USER:
        return EndReason.REMOVED_BY_APPROVER
    return ""


def is_later(ends_on: date | None, than: date | None) -> bool:
    """Whether one last day leaves a role longer than another; None leaves it for good."""
    return than is not None and (ends_on is None or ends_on > than)


def may_set_end(
    remover: Remover, standing: Standing, *, ends_on: date | None, now_ends_on: date | None
) -> Yes | No:
    """Q-10: to end a role earlier is to remove it, on a day; to leave it longer is for those who decide on such roles."""
    ruling = may_remove(remover, standing)
    if not ruling or not is_later(ends_on, now_ends_on):
        return ruling
    return ruling if _decides_on(remover, standing) else No(Refusal.NOT_TO_POSTPONE)


def _decides_on(remover: Remover, standing: Standing) -> bool:
    if remover.is_holder:
        return False
    if standing is Standing.DESK:
        return remover.identity_tier >= TIER_OF_SECURITY_DESK
    return remover.is_application_desk or (remover.is_able_approver and standing is Standing.END_USER)
