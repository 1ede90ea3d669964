"""Who is told what of the desk's decision, in the transaction of the decision (F-11, N-1). Nobody is asked here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, kind_of
from bailiwick.spot.rules.enrolling import is_addition, pc_ace_items, wants_pc_ace
from bailiwick.spot.rules.signing import mailbox_key

PC_ACE_WORDS: dict[str, Promise] = {
    "submitter_id": _("Submitter ID"),
    "submitter_name": _("Submitter name"),
    "address": _("Address"),
    "city_state_zip": _("City, state, ZIP"),
    "contact": _("Contact"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "line_of_business": _("Line of business (Part)"),
    "ptan": _("Group PTAN"),
    "npi": _("Group NPI"),
}


def tell_approved(case: Case, record: EnrollmentRecord, *, now: datetime) -> None:
    """The submitter ID and the legal business name to contact and approver, one letter a mailbox; PC-ACE's to the contact."""
    answers = answers_of(case)
    facts = {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "group_name": answers["group_name"],
        "approver_name": record.approver_name,
        "backup_name": record.backup_name,
        "is_addition": is_addition(answers),
        "idm_url": settings.ENVIRONMENT.idm_url,
    }
    readers = {mailbox_key(case.contact_email): (case.contact_name, case.contact_email, False)}
    if not is_addition(answers):
        # Somebody who is both reads the approver's letter: it says what to do next.
        approver = (record.approver_name, record.approver_email, True)
        readers[mailbox_key(record.approver_email)] = approver
    for name, mailbox, is_approver in readers.values():
        who = "approver" if is_approver else "contact"
        _send("form-approved", case, to=(name, mailbox, who), now=now, is_approver=is_approver, **facts)
    if wants_pc_ace(answers):
        _tell_pc_ace(case, record, answers, now=now)


def tell_denied(case: Case, *, now: datetime) -> None:
    _send("form-denied", case, to=_contact(case), now=now, reason=case.decision_reason)


def tell_returned(case: Case, texts: Mapping[str, str], *, now: datetime) -> None:
    """`texts` by field code; "" is the note on the whole form. A return of another revision is another letter."""
    labels = {field.code: field.label for field in kind_of(case).fields}
    remarks = [{"label": labels[field], "text": texts[field]} for field in labels if texts.get(field)]
    event = f"returned-{now.isoformat()}"
    _send(
        "form-returned",
        case,
        to=_contact(case),
        now=now,
        event=event,
        remarks=remarks,
        note=texts.get("", ""),
    )


def _tell_pc_ace(case: Case, record: EnrollmentRecord, answers: Mapping[str, str], *, now: datetime) -> None:
    items = pc_ace_items(answers, submitter_id=record.submitter_id, legal_name=record.legal_name)
    with translation.override(case.language):
        told = [(str(PC_ACE_WORDS[word]), value) for word, value in items]
    _send("pcace-approved", case, to=_contact(case), now=now, items=told, submitter_id=record.submitter_id)


def _contact(case: Case) -> tuple[str, str, str]:
    return case.contact_name, case.contact_email, "contact"


def _send(
    name: str, case: Case, *, to: tuple[str, str, str], now: datetime, event: str = "", **facts: Any
) -> None:
    """`to`: name, mailbox, and what they are to the case."""
    person, mailbox, who = to
    notice(
        name,
        to=mailbox,
        key=f"case:{case.pk}:{event or name}:{who}",
        now=now,
        context={"name": person, "tracking": case.tracking, "form_name": kind_of(case).name, **facts},
        language=case.language,
    )
