"""The one door through which a case moves from state to state: the table decides, the ledger hears of it (F-7).

Call it inside the transaction of the act; `locked` first, so that two acts on one case come one after the other.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Refused
from bailiwick.ground.vault.uniqueness import one_at_a_time
from bailiwick.spot.forms.models import Case, Move, Signature
from bailiwick.spot.forms.queries import answers_of, group_digests, is_current
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import (
    HOLDS_ITS_GROUP,
    STEPS,
    Event,
    Refusal,
    SignatureState,
    State,
    expiry,
    may,
)
from bailiwick.spot.rules.schema import Answers
from bailiwick.spot.rules.signing import LinkState
from bailiwick.spot.signin.models import Person

DEEDS = {
    Event.SAVE: Deed.FORM_SAVED,
    Event.ASK: Deed.FORM_ASKED,
    Event.SIGN: Deed.FORM_SIGNED,
    Event.TAKE: Deed.FORM_TAKEN,
    Event.HAND_OVER: Deed.FORM_HANDED_OVER,
    Event.RETURN: Deed.FORM_RETURNED,
    Event.APPROVE: Deed.FORM_APPROVED,
    Event.DENY: Deed.FORM_DENIED,
    Event.WITHDRAW: Deed.FORM_WITHDRAWN,
    Event.EXPIRE: Deed.FORM_EXPIRED,
}


def locked(case: Case, event: Event, now: datetime) -> Case:
    """The case as it is now, held until the transaction ends. Raises NOT_NOW, CASE_EXPIRED, CASE_DECIDED."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    ruling = may(held.facts, event, now)
    if not ruling:
        ruling.raise_it()
    return held


def move(
    held: Case,
    event: Event,
    *,
    by: By,
    now: datetime,
    person: Person | None = None,
    why: str = "",
    about: dict[str, Any] | None = None,
    invitation_expires: datetime | None = None,
    **columns: Any,
) -> Case:
    """Take a locked case one step, with what changes along with it; on the ledger and among its moves (F-7).

    Raises GROUP_ENROLLED or GROUP_IN_REVIEW where another case holds the same group (F-6).
    """
    came_from, goes_to = State(held.state), STEPS[State(held.state)][event]
    held.state = goes_to.value
    held.changed_at = now
    held.expires_at = expiry(goes_to, now=now, invitation_expires=invitation_expires, limits=settings.LIMITS)
    for name, value in columns.items():
        setattr(held, name, value)
    held.holds_group = goes_to in HOLDS_ITS_GROUP and held.group_ptan_npi_digest is not None
    _saved(held)
    if came_from is not goes_to:
        _note_move(held, event, came_from, by=by, now=now)
    append(
        DEEDS[event],
        by=by,
        now=now,
        subject=person.sub if person else "",
        organization=held.record.submitter_id if held.record else "",
        why=why,
        about={"case": str(held.pk), "revision": held.revision, "to": goes_to.value, **(about or {})},
    )
    return held


def _note_move(held: Case, event: Event, came_from: State, *, by: By, now: datetime) -> None:
    Move.objects.create(
        case=held,
        event=event.value,
        from_state=came_from.value,
        to_state=held.state,
        revision=held.revision,
        at=now,
        by=by.actor,
        working_as=by.capacity,
    )


def void_signing(held: Case, *, by: By, now: datetime) -> None:
    """The form is not as it was signed or sent to be signed: signature and invitation count no more (F-8)."""
    held.invitations.filter(state=LinkState.LIVE).update(state=LinkState.VOID)
    signature = held.signatures.filter(state=SignatureState.LIVE).first()
    if signature is None:
        return
    Signature.objects.filter(pk=signature.pk).update(state=SignatureState.VOID, voided_at=now)
    about = {"case": str(held.pk), "revision": signature.revision}
    append(Deed.FORM_SIGNATURE_VOIDED, by=by, now=now, about=about)
    notice(
        "form-signature-void",
        to=signature.email,
        key=f"form:{held.pk}:signature-void:{signature.pk}",
        now=now,
        context={"name": signature.name, "signed_at": signature.signed_at},
        language=held.language,
    )


def _saved(held: Case) -> None:
    if not held.holds_group:
        held.save()
        return
    with one_at_a_time("digest"):
        _save_as_holder(held)


def _save_as_holder(held: Case) -> None:
    answers = answers_of(held)
    same = Case.objects.filter(holds_group=True, group_ptan_npi_digest__in=_every(held, answers))
    others = same.exclude(pk=held.pk).select_related("record")
    gone = [one.pk for one in others if not is_current(one, answers)]
    Case.objects.filter(pk__in=gone).update(holds_group=False)
    # Under another key the constraint would not see it.
    _refuse_second(same.exclude(pk=held.pk).first())
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        _refuse_second(same.exclude(pk=held.pk).first())
        raise


def _refuse_second(holder: Case | None) -> None:
    if holder is not None:
        is_enrolled = holder.state == State.APPROVED
        raise Refused(Refusal.GROUP_ENROLLED if is_enrolled else Refusal.GROUP_IN_REVIEW)


def _every(held: Case, answers: Answers) -> list[bytes]:
    """The digests of the case's group under every key of the ring."""
    return [bytes(held.group_ptan_npi_digest), *group_digests(answers)]
