"""The acts of IDM's desk: which tier may do which, and what each demands first (H-2 to H-4, H-7, S-2, S-6). Pure.

`ACTS` is the one table. The doors of the desk's pages, the pages themselves and the actions all read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK, SignInStrength
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import is_fresh

TIER_OF_HELP_DESK = 1
REASON_SHORTEST = 4


class Act(StrEnum):
    """What a desk can do to a person. The entries are stored."""

    LOOK = "look"
    SEE_ACCOUNT = "see_account"
    REVEAL = "reveal"
    UNLOCK = "unlock"
    SEND_USER_ID = "send_user_id"
    CHECK_CALLER = "check_caller"
    SEND_RESET_LINK = "send_reset_link"
    CANCEL_REQUEST = "cancel_request"
    REMOVE_ROLES = "remove_roles"
    RESET_FACTORS = "reset_factors"
    CHANGE_EMAIL = "change_email"
    AGREE_RESET = "agree_reset"
    SEE_PROOFING = "see_proofing"
    DECIDE_PROOFING = "decide_proofing"
    REPORT_SHARING = "report_sharing"
    SETTLE_SHARING = "settle_sharing"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    SETTLE_CLOSING = "settle_closing"


@dataclass(frozen=True)
class Needs:
    """`tiers`: who may. `step_up`: a factor passed within five minutes. `states`: what the account must be; none: any."""

    tiers: frozenset[int]
    step_up: bool = True
    caller_check: bool = False
    reason: bool = True
    states: frozenset[AccountState] = frozenset()

    def fit(self, state: AccountState) -> bool:
        return not self.states or state in self.states

    @property
    def misfit(self) -> "Refusal":
        return Refusal.PERSON_NOT_ACTIVE if self.states == ACTIVE else Refusal.STATE_NOT_FITTING


IDENTITY_DESK = frozenset({TIER_OF_HELP_DESK, TIER_OF_SECURITY_DESK})
SECURITY_DESK = frozenset({TIER_OF_SECURITY_DESK})
ANY_DESK = IDENTITY_DESK | {TIER_OF_APPLICATION_DESK}
ACTIVE = frozenset({AccountState.ACTIVE})
SUSPENDED = frozenset({AccountState.SUSPENDED})
ARCHIVED = frozenset({AccountState.ARCHIVED})

ACTS: dict[Act, Needs] = {
    Act.LOOK: Needs(ANY_DESK, step_up=False),
    Act.SEE_ACCOUNT: Needs(IDENTITY_DESK, step_up=False, reason=False),
    Act.REVEAL: Needs(IDENTITY_DESK),
    Act.UNLOCK: Needs(IDENTITY_DESK, states=ACTIVE),
    Act.SEND_USER_ID: Needs(IDENTITY_DESK, states=ACTIVE),
    Act.CHECK_CALLER: Needs(IDENTITY_DESK, reason=False, states=ACTIVE),
    Act.SEND_RESET_LINK: Needs(IDENTITY_DESK, caller_check=True, states=ACTIVE),
    Act.CANCEL_REQUEST: Needs(IDENTITY_DESK),
    Act.REMOVE_ROLES: Needs(ANY_DESK),
    Act.RESET_FACTORS: Needs(SECURITY_DESK, caller_check=True, states=ACTIVE),
    Act.CHANGE_EMAIL: Needs(SECURITY_DESK, caller_check=True, states=ACTIVE),
    Act.AGREE_RESET: Needs(SECURITY_DESK, states=ACTIVE),
    Act.SEE_PROOFING: Needs(SECURITY_DESK, reason=False),
    Act.DECIDE_PROOFING: Needs(SECURITY_DESK, reason=False, states=ACTIVE),
    Act.REPORT_SHARING: Needs(ANY_DESK, states=ACTIVE | SUSPENDED),
    Act.SETTLE_SHARING: Needs(SECURITY_DESK),
    Act.SUSPEND: Needs(SECURITY_DESK, states=ACTIVE),
    Act.UNSUSPEND: Needs(SECURITY_DESK, states=SUSPENDED),
    Act.ARCHIVE: Needs(SECURITY_DESK, states=ACTIVE | SUSPENDED),
    Act.UNARCHIVE: Needs(SECURITY_DESK, states=ARCHIVED),
    Act.SETTLE_CLOSING: Needs(SECURITY_DESK),
}
"""Acts by tier (H-2). `SEE_ACCOUNT` is part of a look that has its reason: what an application's desk is not shown.

Of `ARCHIVE` and `UNARCHIVE` the act is to propose; `SETTLE_CLOSING` is the second person's (H-5).
"""


class Masked(StrEnum):
    """The values of a person that a desk sees masked until it reveals one (H-3)."""

    SSN = "ssn"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    NEW_SSN = "new_ssn"
    NEW_BIRTH_DATE = "new_birth"


PROPOSED = {"ssn": Masked.NEW_SSN, "birth_date": Masked.NEW_BIRTH_DATE}
"""What a holder asks to have put in the place of a value: shown with their correction request alone (A-7)."""


class Refusal(StrEnum):
    NOT_AT_DESK = "desk_not_a_member"
    OWN_ACCOUNT = "desk_own_account"
    STRONGER_FACTOR_NEEDED = "desk_needs_stronger_factor"
    NOT_FRESH = "desk_needs_fresh_factor"
    PERSON_NOT_ACTIVE = "desk_person_not_active"
    STATE_NOT_FITTING = "desk_state_not_fitting"
    CALLER_NOT_CHECKED = "desk_caller_not_checked"
    CALLER_CODE_WRONG = "desk_caller_code_wrong"
    CALLER_CODE_NOT_SENT = "desk_caller_code_not_sent"
    CALLER_CHECKS_TOO_MANY = "desk_caller_checks_too_many"
    REVEALS_TOO_MANY = "desk_reveals_too_many"
    MAILS_TOO_MANY = "desk_mails_too_many"
    NOTHING_TO_REVEAL = "desk_nothing_to_reveal"
    REASON_TOO_SHORT = "desk_reason_too_short"


NOT_THEIRS = frozenset({Refusal.NOT_AT_DESK})
"""For these there is no page at all."""
AUTHORITY = NOT_THEIRS | {Refusal.OWN_ACCOUNT, Refusal.STRONGER_FACTOR_NEEDED, Refusal.NOT_FRESH}
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


class CheckState(StrEnum):
    """A caller check waits for the code that was mailed; what has passed holds for a while, which is computed (I-2)."""

    LIVE = "live"
    PASSED = "passed"
    VOID = "void"


class CheckEvent(StrEnum):
    MATCH = "match"
    WRONG_TOO_OFTEN = "wrong_too_often"
    REPLACE = "replace"


CHECK_STEPS: dict[CheckState, dict[CheckEvent, CheckState]] = {
    CheckState.LIVE: {
        CheckEvent.MATCH: CheckState.PASSED,
        CheckEvent.WRONG_TOO_OFTEN: CheckState.VOID,
        CheckEvent.REPLACE: CheckState.VOID,
    },
    CheckState.PASSED: {},
    CheckState.VOID: {},
}


@dataclass(frozen=True)
class Presence:
    """How and when the one who acts was verified in this session (S-2, S-6)."""

    strength: SignInStrength
    factor_at: datetime | None


@dataclass(frozen=True)
class Member:
    """What the one who acts is to this person, at the instant of the act.

    `tiers`: 1 and 3 at IDM's desk; 2 at the desk of an application in which the person holds or asked for something.
    """

    tiers: frozenset[int]
    presence: Presence
    is_the_person: bool = False
    person_state: AccountState = AccountState.ACTIVE
    has_checked_caller: bool = False


def is_entitled(act: Act, member: Member) -> Yes | No:
    """Whether the act is theirs at all, however they were signed in (H-2). Nobody acts on themselves (Q-5)."""
    if not member.tiers & ACTS[act].tiers:
        return No(Refusal.NOT_AT_DESK)
    return No(Refusal.OWN_ACCOUNT) if member.is_the_person else Yes(act.value)


def is_offered(act: Act, member: Member) -> bool:
    """Whether a page shows the act: theirs, and of use now. How lately they were verified is asked when they press it."""
    needs = ACTS[act]
    is_ready = member.has_checked_caller or not needs.caller_check
    return bool(is_entitled(act, member)) and needs.fit(member.person_state) and is_ready


def may_act(act: Act, member: Member, *, now: datetime, limits: Limits) -> Yes | No:
    """`is_entitled`, signed in strongly and lately enough, and with what the act demands first (H-4, S-2, S-6)."""
    ruling, needs = is_entitled(act, member), ACTS[act]
    if isinstance(ruling, No):
        return ruling
    is_late = not is_fresh(member.presence.factor_at, within=limits.step_up_desk, now=now)
    objections = (
        (not member.presence.strength.may_work_at_desk, Refusal.STRONGER_FACTOR_NEEDED),
        (needs.step_up and is_late, Refusal.NOT_FRESH),
        (not needs.fit(member.person_state), needs.misfit),
        (needs.caller_check and not member.has_checked_caller, Refusal.CALLER_NOT_CHECKED),
    )
    return next((No(because) for speaks, because in objections if speaks), ruling)


def may_check_caller(wrong_at: Iterable[datetime], *, now: datetime, limits: Limits) -> Yes | No:
    """Three wrong codes about one person within an hour stop all checks of that person until it is over (H-4).

    `wrong_at`: when they were typed, by whomever.
    """
    recent = sorted(at for at in wrong_at if now - at < limits.caller_check_window)
    if len(recent) < limits.caller_check_failures:
        return Yes()
    return No(
        Refusal.CALLER_CHECKS_TOO_MANY,
        {"until": recent[-limits.caller_check_failures] + limits.caller_check_window},
    )


def still_holds(passed_at: datetime | None, *, now: datetime, limits: Limits) -> bool:
    """A caller check that passed holds for ten minutes (H-4)."""
    return is_fresh(passed_at, within=limits.caller_check_holds, now=now)


def may_reveal_more(revealed_within_the_hour: int, limits: Limits) -> Yes | No:
    """Twenty an hour (H-3)."""
    if revealed_within_the_hour < limits.reveals_an_hour:
        return Yes()
    return No(Refusal.REVEALS_TOO_MANY, {"most": limits.reveals_an_hour})


def may_mail_more(mailed_within_the_hour: int, limits: Limits) -> Yes | No:
    """A desk writes to one person about the same thing five times an hour at most."""
    if mailed_within_the_hour < limits.desk_mails_an_hour:
        return Yes()
    return No(Refusal.MAILS_TOO_MANY, {"most": limits.desk_mails_an_hour})
