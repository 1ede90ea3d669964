"""Objecting to a signature, and the desk that finds out what is behind it (F-8). Looking at the link does nothing."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.asking import TOKEN_BYTES
from bailiwick.spot.forms.actions.desk import at_the_desk, checked, demand
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.objections import Objection
from bailiwick.spot.forms.queries import answers_of, desk_case, kind_of, objections_to
from bailiwick.spot.forms.queries.objections import objected, objection_with
from bailiwick.spot.rules import deciding
from bailiwick.spot.rules.deciding import Desk, checked_text, may_decide
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.objecting import Refusal, may_object


def let_object(signature: Signature, *, to: str, now: datetime) -> str:
    """Give a mailbox that is told of the signature a link to object by; returns the link's path."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    digest = hashlib.sha256(token.encode()).digest()
    Objection.objects.create(signature=signature, token_digest=digest, to=to, told_at=now)
    return f"/object/{token}/"


def object_to(*, token: str, reason: str, by: By, now: datetime) -> Objection:
    """Say that the signature is not right, and why: nothing is approved until the desk has found out. Again, it changes nothing.

    Raises Refused: LINK_UNKNOWN, SIGNATURE_GONE, DECIDED, REASON_NEEDED of `rules.objecting`, TEXT_TOO_LONG(longest).
    """
    found = objection_with(token)
    if found is None:
        raise Refused(Refusal.LINK_UNKNOWN)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=found.signature.case_id)
        held = Objection.objects.select_related("signature__case").get(pk=found.pk)
        if held.made_at is not None:
            return held
        demand(may_object(objected(held)))
        text = checked_text(reason, needed=Refusal.REASON_NEEDED)
        held.reason = text if isinstance(text, str) else text.raise_it()
        held.made_at = now
        held.save(update_fields=["reason", "made_at"])
        about = {"case": str(case.pk), "revision": held.signature.revision}
        append(Deed.FORM_OBJECTED, by=by, now=now, about=about)
        _tell(case, held, now=now)
        return held


def settle_objections(
    *,
    case: Case,
    desk: Desk,
    note: str,
    seen: Collection[int],
    seen_revision: int,
    by: By,
    now: datetime,
) -> list[Objection]:
    """Write down what the desk found out about open objections: they stop the approval no longer (F-8).

    `seen`: those that stood on the page; one that came meanwhile was not found out about, and stays open.
    Raises Refused: OBJECTION_NONE, OBJECTION_NOTE_NEEDED, TEXT_TOO_LONG(longest), and those of `may_decide`.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_decide(desk, desk_case(held), seen_revision=seen_revision))
        waiting = [one for one in objections_to(held) if one.settled_at is None and one.pk in seen]
        if not waiting:
            raise Refused(deciding.Refusal.OBJECTION_NONE)
        note = checked(note, needed=deciding.Refusal.OBJECTION_NOTE_NEEDED)
        chosen = Objection.objects.filter(pk__in=[one.pk for one in waiting])
        chosen.update(settled_at=now, settled_by_id=int(desk.key), settled_note=note)
        about = {"case": str(held.pk), "revision": held.revision, "objections": len(waiting)}
        append(Deed.FORM_OBJECTION_SETTLED, by=by, now=now, why=note, about=about)
        return objections_to(held)


def _tell(case: Case, objection: Objection, *, now: datetime) -> None:
    """The contact of the form, who can explain or correct it; and whoever objected, that it was heard."""
    context = {
        "form_name": called(kind_of(case)),
        "group_name": name_of(answers_of(case)),
        "tracking": case.tracking,
        "made_at": now,
    }
    for name, mailbox in (("form-objected", case.contact_email), ("form-objection-heard", objection.to)):
        notice(
            name,
            to=mailbox,
            key=f"objection:{objection.pk}:{name}",
            now=now,
            context={**context, "name": case.contact_name},
            language=case.language if name == "form-objected" else "en",
        )
