"""Deciding a case at SPOT's desk (F-8, F-11, B-1): who may, and what must be settled before a form is approved. Pure.

A decision needs the ground that the person is of the desk, and no objection. What is compared with what the decider
saw is compared here: a form or signature that changed meanwhile needs a new look.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules import forms
from bailiwick.spot.rules.forms import DECIDED, DOERS, Authority, Doer, State
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.sessions import is_fresh
from bailiwick.spot.rules.signing import Text, is_valid, name_key
from bailiwick.spot.rules.signing import may_approve as carries_an_approval
from bailiwick.wire.claims import ACR_PHISHING_RESISTANT, satisfies

DESK_ROLE = "help-desk"
DESK_STANDING = "desk"
WEAKEST_SIGN_IN = ACR_PHISHING_RESISTANT
"""A passkey (S-2); a development run may take less."""
TEXT_LONGEST = 1000
AT_THE_DESK = frozenset(
    state for state, steps in forms.STEPS.items() if any(DOERS[event] is Doer.DESK for event in steps)
)


class Refusal(StrEnum):
    NOT_OF_THE_DESK = "case_not_of_the_desk"
    STRONGER_FACTOR_NEEDED = "case_needs_stronger_factor"
    IDM_UNANSWERED = "case_while_idm_unanswered"
    VERIFIED_TOO_LONG_AGO = "case_verified_too_long_ago"
    OWN_CASE = "case_is_own"
    ALREADY_DECIDED = "case_already_decided"
    NOT_AT_THE_DESK = "case_not_at_the_desk"
    NOT_TAKEN = "case_not_taken"
    TAKEN_BY_ANOTHER = "case_taken_by_another"
    CHANGED_SINCE_SEEN = "case_changed_since_seen"
    NOT_SIGNED = "case_not_signed"
    DOCUMENT_UNCONFIRMED = "case_document_unconfirmed"
    NO_DOCUMENT_TO_CONFIRM = "case_no_document_to_confirm"
    CONFIRMATION_NOTE_NEEDED = "case_confirmation_note_needed"
    CALLBACK_NEEDED = "case_callback_needed"
    CALLBACK_NOT_NEEDED = "case_callback_not_needed"
    CALLBACK_NOTE_NEEDED = "case_callback_note_needed"
    NO_NUMBER_ON_FILE = "case_no_number_on_file"
    DUPLICATE_STOPS = "case_duplicate_stops"
    RECORD_DIFFERS = "case_record_differs"
    OBJECTION_TIME = "case_objection_time"
    OBJECTED = "case_objected"
    OBJECTION_NONE = "case_objection_none"
    OBJECTION_NOTE_NEEDED = "case_objection_note_needed"
    LIST_UNCHECKED = "case_list_unchecked"
    CAUTION_REASON_NEEDED = "case_caution_reason_needed"
    DENIAL_REASON_NEEDED = "case_denial_reason_needed"
    REMARK_NEEDED = "case_remark_needed"
    REMARK_FIELD_UNKNOWN = "case_remark_field_unknown"
    TEXT_TOO_LONG = "case_text_too_long"
    COLLEAGUE_IS_NAMED = "case_colleague_is_named"


AUTHORITY = frozenset({Refusal.NOT_OF_THE_DESK, Refusal.STRONGER_FACTOR_NEEDED, Refusal.OWN_CASE})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


@dataclass(frozen=True)
class Desk:
    """Who acts at the desk, as IDM said within the last minutes.

    `key` tells two people apart for good; `session` is the one they act in, looked at once more when they do. `weakest`:
    the level that this deployment's desk signs in with.
    """

    key: str
    name: str
    email: str
    is_of_desk: bool
    acr: str
    is_confirmed: bool = True
    session: str = ""
    weakest: str = WEAKEST_SIGN_IN


@dataclass(frozen=True)
class Named:
    """Somebody whom the case names: contact, approver, backup, official."""

    name: str
    email: str


@dataclass(frozen=True)
class DeskCase:
    """A case under lock. `assigned_key` is whoever took it, "" where nobody did; `decided_by` is a name to tell."""

    state: State
    revision: int
    assigned_key: str = ""
    assigned_name: str = ""
    decided_by: str = ""
    named: tuple[Named, ...] = ()


class Caution(StrEnum):
    """What may be right and mostly is not: approved over it only with a reason (F-6, G-1)."""

    SAME_TIN = "same_tin"
    OTHER_TIN = "other_tin"
    PAYER_NO_MATCH = "payer_no_match"
    PAYER_UNAVAILABLE = "payer_unavailable"


@dataclass(frozen=True)
class ApprovalFacts:
    """What approving rests on: the form as it stands, what the live signature (None: there is none) signed, and its authority.

    `stopping`: where the same group is enrolled or in review already. `is_record_another`: the form is to update a record
    that is closed, or of another TIN. `objection_until`: those who were told of the signature may object until then.
    `objecting`: mailboxes whose objection the desk has not settled. `is_document_confirmed`: False while a document that
    was signed with a certificate waits for somebody's look.
    """

    form: Text
    signed: Text | None
    authority: Authority | None
    stopping: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    is_record_another: bool = False
    objection_until: datetime | None = None
    objecting: tuple[str, ...] = ()
    is_document_confirmed: bool = True


def may_look(desk: Desk) -> Yes | No:
    """Cases are for the desk alone (H-2); looking goes on while IDM does not answer (O-5)."""
    if not desk.is_of_desk:
        return No(Refusal.NOT_OF_THE_DESK)
    return Yes("desk") if satisfies(desk.acr, desk.weakest) else No(Refusal.STRONGER_FACTOR_NEEDED)


def may_act(verified_at: datetime, *, now: datetime, limits: Limits) -> Yes | No:
    """Every act of a desk needs a second step of the last minutes (S-6); looking does not."""
    fresh = is_fresh(verified_at, within=limits.desk_verified_within, now=now, limits=limits)
    return Yes("fresh") if fresh else No(Refusal.VERIFIED_TOO_LONG_AGO)


def may_take(desk: Desk, case: DeskCase, *, instead_of: str = "") -> Yes | No:
    """Somebody of the desk, a case that waits there; from a colleague's hands only when that colleague is named (B-1)."""
    for objection in (_desk_objection(desk), _state_objection(case), _own_objection(desk, case)):
        if objection is not None:
            return objection
    if case.assigned_key and case.assigned_key not in (desk.key, instead_of):
        return No(Refusal.TAKEN_BY_ANOTHER, {"who": case.assigned_name})
    return Yes("desk")


def may_decide(desk: Desk, case: DeskCase, *, seen_revision: int | None = None) -> Yes | No:
    """Whoever took the case, on what they saw: return, deny, note a call back, approve (B-1).

    `seen_revision` None asks for the page, before anything was seen.
    """
    objections = (
        _desk_objection(desk),
        _state_objection(case),
        _own_objection(desk, case),
        _hands_objection(desk, case),
        _seen_objection(case, seen_revision),
    )
    return next((objection for objection in objections if objection is not None), Yes("desk"))


def may_give(desk: Desk, case: DeskCase, *, colleague_name: str) -> Yes | No:
    """Whoever took the case gives it to a colleague whom the form does not name (B-1, Q-5 at the desk)."""
    ruling = may_decide(desk, case)
    if ruling and name_key(colleague_name) in {name_key(one.name) for one in case.named if one.name}:
        return No(Refusal.COLLEAGUE_IS_NAMED)
    return ruling


def may_approve(
    desk: Desk,
    case: DeskCase,
    approval: ApprovalFacts,
    *,
    seen_revision: int,
    seen_signature_digest: str,
    reason: str,
) -> Yes | No:
    """`may_decide`, on a form that is signed as it stands, by an official with authority, and stopped by nothing (F-6, F-8)."""
    ruling = may_decide(desk, case, seen_revision=seen_revision)
    if isinstance(ruling, No):
        return ruling
    obstacle = obstacle_to_approving(approval)
    if obstacle is not None:
        return obstacle
    if approval.form.digest != seen_signature_digest:
        return No(Refusal.CHANGED_SINCE_SEEN)
    if approval.cautions and not reason.strip():
        return No(Refusal.CAUTION_REASON_NEEDED)
    return Yes("desk")


def obstacle_to_approving(approval: ApprovalFacts) -> No | None:
    """What stands between a form and its approval, whoever decides and whatever they type."""
    signature = _signature_objection(approval)
    if signature is not None:
        return signature
    if approval.is_record_another:
        return No(Refusal.RECORD_DIFFERS)
    if approval.stopping:
        return No(Refusal.DUPLICATE_STOPS, {"where": ", ".join(approval.stopping)})
    if approval.objecting:
        return No(Refusal.OBJECTED, {"who": ", ".join(approval.objecting)})
    until = approval.objection_until
    return No(Refusal.OBJECTION_TIME, {"until": until}) if until else None


def _signature_objection(approval: ApprovalFacts) -> No | None:
    """On this very form, its document looked at where there is one, by somebody with authority."""
    if approval.signed is None or not is_valid(approval.signed, approval.form, is_live=True):
        return No(Refusal.NOT_SIGNED)
    if not approval.is_document_confirmed:
        return No(Refusal.DOCUMENT_UNCONFIRMED)
    has_authority = approval.authority is not None and carries_an_approval(approval.authority)
    return None if has_authority else No(Refusal.CALLBACK_NEEDED)


def objection_until(
    signed_at: datetime, *, is_sensitive: bool, now: datetime, limits: Limits
) -> datetime | None:
    """Until when an approval waits: a new approver, or a new receiver of the remittance, can be objected to for a day. [F-8]"""
    until = signed_at + limits.objection_time
    return until if is_sensitive and now < until else None


def checked_text(text: str, *, needed: Refusal | None = None) -> str | No:
    """What somebody typed, without outer spaces, or why it does not do."""
    text = text.strip()
    if needed is not None and not text:
        return No(needed)
    return No(Refusal.TEXT_TOO_LONG, {"longest": TEXT_LONGEST}) if len(text) > TEXT_LONGEST else text


def is_named(desk: Desk, named: tuple[Named, ...]) -> bool:
    """Whether the case names this person, by mailbox or by name, however it is spelled (Q-5 at the desk)."""
    name, mailbox = name_key(desk.name), desk.email.strip().casefold()
    return any(
        (mailbox and one.email.strip().casefold() == mailbox) or (name and name_key(one.name) == name)
        for one in named
    )


def _desk_objection(desk: Desk) -> No | None:
    ruling = may_look(desk)
    if isinstance(ruling, No):
        return ruling
    return None if desk.is_confirmed else No(Refusal.IDM_UNANSWERED)


def _state_objection(case: DeskCase) -> No | None:
    if case.state in DECIDED:
        return No(Refusal.ALREADY_DECIDED, {"who": case.decided_by, "state": case.state.value})
    return None if case.state in AT_THE_DESK else No(Refusal.NOT_AT_THE_DESK, {"state": case.state.value})


def _own_objection(desk: Desk, case: DeskCase) -> No | None:
    return No(Refusal.OWN_CASE) if is_named(desk, case.named) else None


def _hands_objection(desk: Desk, case: DeskCase) -> No | None:
    if case.state is not State.IN_REVIEW or not case.assigned_key:
        return No(Refusal.NOT_TAKEN)
    if case.assigned_key != desk.key:
        return No(Refusal.TAKEN_BY_ANOTHER, {"who": case.assigned_name})
    return None


def _seen_objection(case: DeskCase, seen_revision: int | None) -> No | None:
    return No(Refusal.CHANGED_SINCE_SEEN) if seen_revision not in (None, case.revision) else None
