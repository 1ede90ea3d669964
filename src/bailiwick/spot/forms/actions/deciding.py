"""What SPOT's desk does with a case: take, return, deny, approve, note a call back (B-1, F-8, F-11).

Every act locks the case, reads the right to act under that lock, and is decided by `rules/deciding.py`. Approving is one
transaction: submitter ID, enrollment record, the call to IDM, the letters and the end of the case, or nothing at all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.actions import effects
from bailiwick.spot.forms.actions.desk import at_the_desk, checked, demand
from bailiwick.spot.forms.actions.letters import tell_approved, tell_denied, tell_returned
from bailiwick.spot.forms.actions.moving import locked, move
from bailiwick.spot.forms.models import Case, Remark, Signature
from bailiwick.spot.forms.queries import (
    answers_of,
    approval_facts,
    authority_of,
    desk_case,
    is_about,
    kind_of,
    live_signature,
)
from bailiwick.spot.payers.port import Outcome
from bailiwick.spot.rules.deciding import (
    Caution,
    Desk,
    Refusal,
    may_approve,
    may_decide,
    may_take,
)
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Authority, Event, State
from bailiwick.spot.rules.lists import RowsOnFile

WHOLE_FORM = ""


def take(*, case: Case, desk: Desk, by: By, now: datetime, instead_of: str = "") -> Case:
    """Take a submitted case, or one from the colleague whose key is `instead_of`. Taking one's own again changes nothing.

    Raises Refused with a code of `rules.deciding`: TAKEN_BY_ANOTHER(who), OWN_CASE, ALREADY_DECIDED(who, state), ….
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_take(desk, desk_case(held), instead_of=instead_of))
        if held.state == State.IN_REVIEW and str(held.assigned_to_id) == desk.key:
            return held
        event = Event.HAND_OVER if held.state == State.IN_REVIEW else Event.TAKE
        return move(locked(held, event, now), event, by=by, now=now, assigned_to_id=int(desk.key))


def return_case(
    *,
    case: Case,
    desk: Desk,
    remarks: Mapping[str, str],
    note: str,
    seen_revision: int,
    by: By,
    now: datetime,
) -> Case:
    """Give the case back for correction in place, with remarks by field code, a note on the whole, or both (F-7).

    Raises Refused: REMARK_NEEDED, REMARK_FIELD_UNKNOWN, TEXT_TOO_LONG(longest), and those of `may_decide`.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_decide(desk, desk_case(held), seen_revision=seen_revision))
        texts = _checked_remarks(held, {**remarks, WHOLE_FORM: note})
        # What the last return asked for and did not get is asked for again now, or not at all.
        held.remarks.filter(resolved_at=None).update(resolved_at=now)
        Remark.objects.bulk_create(
            Remark(case=held, field=field, text=text, made_at=now, made_by_id=int(desk.key))
            for field, text in texts.items()
        )
        about = {"fields": sorted(filter(None, texts))}
        moved = move(
            locked(held, Event.RETURN, now), Event.RETURN, by=by, now=now, about=about, assigned_to=None
        )
        tell_returned(moved, texts, now=now)
        return moved


def deny(*, case: Case, desk: Desk, reason: str, seen_revision: int, by: By, now: datetime) -> Case:
    """Deny for good; the reason is mailed. The same denial by the same person again changes nothing.

    Raises Refused: DENIAL_REASON_NEEDED, TEXT_TOO_LONG(longest), and those of `may_decide`.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        if _is_repeat(held, State.DENIED, desk):
            return held
        demand(may_decide(desk, desk_case(held), seen_revision=seen_revision))
        reason = checked(reason, needed=Refusal.DENIAL_REASON_NEEDED)
        moved = _decide(held, Event.DENY, desk, reason, by=by, now=now, about={})
        tell_denied(moved, now=now)
        return moved


def approve(
    *,
    case: Case,
    desk: Desk,
    seen_revision: int,
    seen_signature_digest: str,
    on_file: Outcome,
    reason: str,
    by: By,
    now: datetime,
    rows_on_file: RowsOnFile | None = None,
    seen_route: str = "",
) -> EnrollmentRecord:
    """Approve: do what the form asks for, mail the letters, send a new or changed record to IDM (F-11, F-12).

    `on_file` is what the payer says of its PTAN, NPI and TIN, `rows_on_file` what of each line of its list, both asked
    before: no transaction waits for a network. `seen_route`: the id of `queries.era_route` when the decider looked.
    `reason` passes cautions. The same approval by the same person again gives the same record.
    Raises Refused: NOT_SIGNED, CALLBACK_NEEDED, DUPLICATE_STOPS(where), RECORD_DIFFERS, OBJECTION_TIME(until),
    LIST_UNCHECKED, CAUTION_REASON_NEEDED, CHANGED_SINCE_SEEN, those
    of `may_decide`, and RECORD_MALFORMED(problems), RECORD_CLOSED or RECORD_UNCHANGED of
    `rules.enrollment`, and those of `rules.services` about the remittance.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        if _is_repeat(held, State.APPROVED, desk) and held.record is not None:
            return held.record
        approval = approval_facts(held, on_file=on_file, now=now)
        ruling = may_approve(
            desk,
            desk_case(held),
            approval,
            seen_revision=seen_revision,
            seen_signature_digest=seen_signature_digest,
            reason=reason,
        )
        demand(ruling)
        reason = checked(reason)
        done = effects.carry_out(held, on_file=rows_on_file, seen_route=seen_route, by=by, now=now)
        record = done.record
        about = {"cautions": [caution.value for caution in approval.cautions]}
        passed = reason if Caution.SAME_TIN in approval.cautions else held.tin_passed_reason
        columns = {"record": record, "tin_passed_reason": passed}
        moved = _decide(held, Event.APPROVE, desk, reason, by=by, now=now, about=about, **columns)
        tell_approved(moved, done, now=now)
        return record


def note_callback(
    *, case: Case, desk: Desk, on_file: Outcome, note: str, seen_revision: int, by: By, now: datetime
) -> Signature:
    """Write down that the official was called back on the number on file at the payer, and what was said (F-8).

    Raises Refused: NO_NUMBER_ON_FILE where the payer knows no such provider, CALLBACK_NOT_NEEDED, CALLBACK_NOTE_NEEDED,
    and those of `may_decide`.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_decide(desk, desk_case(held), seen_revision=seen_revision))
        signature = live_signature(held)
        if signature is None or authority_of(signature, on_file=on_file) is not Authority.CALLBACK_NEEDED:
            raise Refused(Refusal.CALLBACK_NOT_NEEDED)
        if not is_about(on_file, answers_of(held)):
            raise Refused(Refusal.NO_NUMBER_ON_FILE)
        note = checked(note, needed=Refusal.CALLBACK_NOTE_NEEDED)
        signature.authority = Authority.CALLED_BACK.value
        signature.callback_note = f"{on_file.provider.phone}: {note}"
        signature.callback_by_id, signature.callback_at = int(desk.key), now
        signature.save(update_fields=["authority", "callback_note", "callback_by", "callback_at"])
        about = {"case": str(held.pk), "revision": held.revision}
        append(Deed.FORM_CALLED_BACK, by=by, now=now, why=note, about=about)
        return signature


def note_look(*, case: Case, by: By, now: datetime) -> None:
    """Somebody of the desk opened a case: a look at people's data (L-2)."""
    append(Deed.FORM_LOOKED, by=by, now=now, about={"case": str(case.pk), "revision": case.revision})


def _checked_remarks(case: Case, typed: Mapping[str, str]) -> dict[str, str]:
    known = {WHOLE_FORM} | {field.code for field in kind_of(case).fields}
    texts = {field: text for field, one in typed.items() if (text := checked(one))}
    if not texts:
        raise Refused(Refusal.REMARK_NEEDED)
    if not texts.keys() <= known:
        raise Refused(Refusal.REMARK_FIELD_UNKNOWN)
    return texts


def _is_repeat(case: Case, state: State, desk: Desk) -> bool:
    return case.state == state and str(case.decided_by_id) == desk.key


def _decide(
    held: Case,
    event: Event,
    desk: Desk,
    reason: str,
    *,
    by: By,
    now: datetime,
    about: dict[str, Any],
    **columns: Any,
) -> Case:
    return move(
        locked(held, event, now),
        event,
        by=by,
        now=now,
        why=reason,
        about=about,
        decided_by_id=int(desk.key),
        decided_at=now,
        decision_reason=reason,
        **columns,
    )
