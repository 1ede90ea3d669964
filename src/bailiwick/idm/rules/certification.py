"""The yearly certification of a role: when it opens and is due, who certifies, what is suggested, who is told (C-1 to C-6).

Pure. Whoever decides on requests for a role certifies it, too; so approvers certify end users, and desks the others (C-2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules import requests
from bailiwick.idm.rules.requests import DeciderFacts, may_decide


class Outcome(StrEnum):
    """`ended`: the role ended in another way before anybody certified it."""

    OPEN = "open"
    CERTIFIED = "certified"
    REMOVED = "removed"
    MISSED = "missed"
    ENDED = "ended"


class Event(StrEnum):
    CERTIFY = "certify"
    REMOVE = "remove"
    MISS = "miss"
    END = "end"
    RESTORE = "restore"


STEPS: dict[Outcome, dict[Event, Outcome]] = {
    Outcome.OPEN: {
        Event.CERTIFY: Outcome.CERTIFIED,
        Event.REMOVE: Outcome.REMOVED,
        Event.MISS: Outcome.MISSED,
        Event.END: Outcome.ENDED,
    },
    Outcome.CERTIFIED: {},
    Outcome.REMOVED: {},
    # Late, by one act of its certifier (C-5).
    Outcome.MISSED: {Event.RESTORE: Outcome.CERTIFIED},
    Outcome.ENDED: {},
}


class Refusal(StrEnum):
    NOT_A_CERTIFIER = "not_a_certifier"
    OWN_ROLE = "certifies_own_role"
    STRONGER_FACTOR_NEEDED = "certification_needs_stronger_factor"
    NOT_OPEN_YET = "certification_not_open_yet"
    ALREADY_CERTIFIED = "already_certified"
    CHANGED_SINCE_SEEN = "certification_changed_since_seen"
    ROLE_OVER = "certified_role_is_over"
    NOT_MISSED = "certification_not_missed"
    RESTORE_OVER = "restore_is_over"
    REPLACED_SINCE = "replaced_since"
    SUCCEEDED_SINCE = "succeeded_since"
    HOLDER_NOT_ACTIVE = "certified_holder_not_active"
    NOBODY_TO_HAND_TO = "nobody_to_hand_to"
    SPREAD_TOO_SOON = "spread_too_soon"
    SPREAD_BACKWARDS = "spread_backwards"


AUTHORITY = frozenset({Refusal.NOT_A_CERTIFIER, Refusal.OWN_ROLE, Refusal.STRONGER_FACTOR_NEEDED})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""

OF_CERTIFYING = {
    requests.Refusal.NOT_A_DECIDER: Refusal.NOT_A_CERTIFIER,
    requests.Refusal.OWN_REQUEST: Refusal.OWN_ROLE,
    requests.Refusal.STRONGER_FACTOR_NEEDED: Refusal.STRONGER_FACTOR_NEEDED,
}


def after(outcome: Outcome, event: Event) -> Outcome:
    """The outcome that follows. Raises KeyError for a step the table does not have."""
    return STEPS[outcome][event]


def may_certify(facts: DeciderFacts) -> Yes | No:
    """C-2: whoever decides on such a role, with what deciding takes; never the holder. `is_requester`: the holder."""
    ruling = may_decide(facts)
    return No(OF_CERTIFYING[requests.Refusal(ruling.because)]) if isinstance(ruling, No) else ruling


def is_open(due_on: date, *, today: date, opens: timedelta) -> bool:
    """Whether it can be certified: from `opens` before the day it is due, and on that day still (C-3)."""
    return due_on - opens <= today <= due_on


def last_opened(today: date, opens: timedelta) -> date:
    """The latest due date that is open today: the same rule, asked by a database."""
    return today + opens


def next_due(today: date, every: timedelta) -> date:
    """The day by which a role that is certified today is certified again (C-1)."""
    return today + every


def last_day_to_restore(due_on: date, late: timedelta, ends_on: date | None = None) -> date:
    """The last day on which a missed certification is made up for: the first was the day after it was due (C-5).

    Never beyond the role's own last day, after which there is nothing to give back (Q-10).
    """
    latest = due_on + late
    return min(latest, ends_on) if ends_on else latest


def first_still_restorable(today: date, late: timedelta) -> date:
    """The earliest due date whose roles can be restored today: the same rule, asked by a database."""
    return today - late


class Suggestion(StrEnum):
    """What the line suggests to its certifier (C-4), the gravest first."""

    REMOVE = "remove"
    LOOK_CLOSER = "look_closer"
    CERTIFY = "certify"


class Ground(StrEnum):
    """The named inputs of a suggestion: what speaks against, then what speaks for."""

    ORGANIZATION_CLOSED = "organization_closed"
    NOT_OF_RECORD = "not_of_record"
    INACTIVE = "inactive"
    ACCOUNT_STOPPED = "account_stopped"
    NEVER_USED = "never_used"
    NOT_PROOFED = "not_proofed"
    RARELY_USED = "rarely_used"
    ENDS_ANYWAY = "ends_anyway"
    HOLDS_UP_THE_ORGANIZATION = "holds_up_the_organization"
    USED_LATELY = "used_lately"
    PROOFED = "proofed"
    OF_RECORD = "of_record"


@dataclass(frozen=True)
class Evidence:
    """What is known of a role when it is certified.

    `is_of_record`: None where the enrollment record names nobody for such a role. `is_proofed`: None where it needs none.
    `rests_from`: when it becomes inactive unless its holder signs in. `is_only_approver`: nobody else there could decide.
    """

    rests_from: datetime
    last_sign_in_at: datetime | None
    is_account_active: bool = True
    is_organization_closed: bool = False
    is_of_record: bool | None = None
    is_proofed: bool | None = None
    is_only_approver: bool = False
    ends_on: date | None = None


@dataclass(frozen=True)
class Advice:
    """The suggestion and everything that led to it: for, where it is to certify, else against."""

    suggestion: Suggestion
    grounds: tuple[Ground, ...]


Objection = Callable[[Evidence, datetime, timedelta], bool]
OBJECTIONS: dict[Ground, tuple[Suggestion, Objection]] = {
    Ground.ORGANIZATION_CLOSED: (Suggestion.REMOVE, lambda one, _now, _warn: one.is_organization_closed),
    Ground.NOT_OF_RECORD: (Suggestion.REMOVE, lambda one, _now, _warn: one.is_of_record is False),
    Ground.INACTIVE: (Suggestion.REMOVE, lambda one, now, _warn: now >= one.rests_from),
    Ground.ACCOUNT_STOPPED: (Suggestion.LOOK_CLOSER, lambda one, _now, _warn: not one.is_account_active),
    Ground.NEVER_USED: (Suggestion.LOOK_CLOSER, lambda one, _now, _warn: one.last_sign_in_at is None),
    Ground.NOT_PROOFED: (Suggestion.LOOK_CLOSER, lambda one, _now, _warn: one.is_proofed is False),
    Ground.RARELY_USED: (
        Suggestion.LOOK_CLOSER,
        lambda one, now, warn: (
            one.last_sign_in_at is not None and one.rests_from - warn <= now < one.rests_from
        ),
    ),
    Ground.ENDS_ANYWAY: (Suggestion.LOOK_CLOSER, lambda one, _now, _warn: one.ends_on is not None),
}


def advice(evidence: Evidence, *, now: datetime, warn_before: timedelta) -> Advice:
    """What is suggested, and why (C-4). `warn_before`: how long before it rests a role counts as rarely used.

    An only approver is not suggested for removal without saying that nobody would be left.
    """
    found = {
        ground: suggestion
        for ground, (suggestion, objects) in OBJECTIONS.items()
        if objects(evidence, now, warn_before)
    }
    if not found:
        return Advice(Suggestion.CERTIFY, _for(evidence))
    gravest = min(found.values(), key=list(Suggestion).index)
    is_left_alone = gravest is Suggestion.REMOVE and evidence.is_only_approver
    warned = (Ground.HOLDS_UP_THE_ORGANIZATION,) if is_left_alone else ()
    return Advice(Suggestion.LOOK_CLOSER if is_left_alone else gravest, (*found, *warned))


def _for(evidence: Evidence) -> tuple[Ground, ...]:
    found = {
        Ground.USED_LATELY: True,
        Ground.PROOFED: evidence.is_proofed is True,
        Ground.OF_RECORD: evidence.is_of_record is True,
    }
    return tuple(ground for ground, holds in found.items() if holds)


@dataclass(frozen=True)
class Missing:
    """A role that is over, as somebody wants to restore it: whether a missed certification ended it, and what came since.

    `is_succeeded`: the record names somebody else, and the role would have gone by now (G-8).
    """

    is_missed: bool
    due_on: date
    ends_on: date | None
    is_replaced: bool
    is_holder_active: bool
    is_organization_closed: bool
    is_succeeded: bool = False


def may_restore(missing: Missing, *, today: date, late: timedelta) -> Yes | No:
    """C-5: for 14 days after the day it was due, unless the holder has it, or a greater one, again, or was succeeded (G-8)."""
    if not missing.is_missed:
        return No(Refusal.NOT_MISSED)
    if today > last_day_to_restore(missing.due_on, late, ends_on=missing.ends_on):
        return No(Refusal.RESTORE_OVER)
    if missing.is_replaced:
        return No(Refusal.REPLACED_SINCE)
    if missing.is_succeeded:
        return No(Refusal.SUCCEEDED_SINCE)
    if not missing.is_holder_active or missing.is_organization_closed:
        return No(Refusal.HOLDER_NOT_ACTIVE)
    return Yes("missed")


@dataclass(frozen=True)
class Pull:
    """So many of the roles that are due on one day become due on an earlier one."""

    due_on: date
    to: date
    roles: int


@dataclass(frozen=True)
class Spread:
    """`over`: how many stay on a day that holds more than it should, for want of an earlier one."""

    pulls: tuple[Pull, ...]
    over: int


def may_spread(first: date, last: date, *, today: date, opens: timedelta) -> Yes | No:
    """What is open was announced with its day, so only later days are spread over (C-6)."""
    if last < first:
        return No(Refusal.SPREAD_BACKWARDS)
    return Yes("operator") if first > last_opened(today, opens) else No(Refusal.SPREAD_TOO_SOON)


def spread(due: Mapping[date, int], *, first: date, last: date, most: int) -> Spread:
    """Pull what is over `most` a day to the nearest earlier day with room, never before `first`, never later (C-6)."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    waiting: dict[date, int] = {}
    pulls = []
    for day in reversed(days):
        here = due.get(day, 0)
        room = max(0, most - here)
        for due_on in sorted(waiting):
            moved = min(room, waiting[due_on])
            if moved:
                pulls.append(Pull(due_on, day, moved))
                waiting[due_on] -= moved
                room -= moved
        waiting[day] = max(0, here - most)
    return Spread(tuple(pulls), sum(waiting.values()))
