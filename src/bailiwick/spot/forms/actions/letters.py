"""Who is told what of the desk's decision, in the transaction of the decision (F-11, N-1). Nobody is asked here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.actions.effects import Done
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.listwords import LEFT_OUT
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, kind_of
from bailiwick.spot.rules.enrolling import YES, brings_new, is_addition, name_of, pc_ace_items, wants_pc_ace
from bailiwick.spot.rules.schema import Aim, FormKind
from bailiwick.spot.rules.signing import mailbox_key

APPROVER, NEW_APPROVER, NEW_BACKUP = "approver", "new-approver", "new-backup"
# As `Done.before` has them.
FORMER = ("former-approver", "former-backup")
MOST_LINES = 50
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


def tell_approved(case: Case, done: Done, *, now: datetime) -> None:
    """What was done, one letter a mailbox: to the contact, to new people of the record, and to those who were on it before."""
    answers, record, kind = answers_of(case), done.record, kind_of(case)
    with translation.override(case.language):
        left_out = [(line, str(LEFT_OUT[why])) for line, why in done.left_out[:MOST_LINES]]
    is_new = brings_new(kind.aim, answers)
    facts = {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "group_name": name_of(answers),
        "approver_name": record.approver_name,
        "backup_name": record.backup_name,
        "what": _what(kind, answers),
        "are_contacts_new": answers.get("contacts_change") == YES,
        "served": done.served,
        "left_out": left_out,
        "left_out_more": max(0, len(done.left_out) - MOST_LINES),
        "idm_url": settings.ENVIRONMENT.idm_url,
    }
    for name, mailbox, who in _readers(case, done, is_new=is_new):
        is_approver = who in (APPROVER, NEW_APPROVER, NEW_BACKUP)
        told = {
            **facts,
            "is_approver": is_approver,
            "is_former": who in FORMER,
            "is_backup": who == NEW_BACKUP,
        }
        _send("form-approved", case, to=(name, mailbox, who), now=now, **told)
    if wants_pc_ace(answers):
        _tell_pc_ace(case, record, answers, now=now)


def _what(kind: FormKind, answers: Mapping[str, str]) -> str:
    """new, added, update, change, or own_change: of an organization whose record stays as it is."""
    if brings_new(kind.aim, answers):
        return "new"
    if is_addition(answers):
        return "added"
    return "own_change" if kind.is_of_its_record and kind.aim == Aim.CHANGE else kind.aim


def _readers(case: Case, done: Done, *, is_new: bool) -> list[tuple[str, str, str]]:
    """(name, mailbox, who they are to the form), each mailbox once: the letter that asks most of them."""
    record = done.record
    now_on_it = [
        (record.approver_name, record.approver_email, NEW_APPROVER),
        (record.backup_name, record.backup_email, NEW_BACKUP),
    ]
    readers = {mailbox_key(case.contact_email): _contact(case)}
    if is_new:
        # Somebody who is both reads the approver's letter: it says what to do next.
        readers[mailbox_key(record.approver_email)] = (record.approver_name, record.approver_email, APPROVER)
    if done.before:
        present = {mailbox_key(mailbox) for _name, mailbox, _who in now_on_it}
        left = [
            (name, mailbox, who)
            for (name, mailbox), who in zip(done.before, FORMER, strict=False)
            if mailbox_key(mailbox) not in present
        ]
        # Whoever was the backup and is the approver now comes, too.
        were = [*(mailbox_key(mailbox) for _name, mailbox in done.before), ""]
        come = [
            one for one, was in zip(now_on_it, were, strict=False) if one[1] and mailbox_key(one[1]) != was
        ]
        for name, mailbox, who in (*left, *reversed(come)):
            readers[mailbox_key(mailbox)] = (name, mailbox, who)
    return list(readers.values())


def tell_denied(case: Case, *, now: datetime) -> None:
    _send("form-denied", case, to=_contact(case), now=now, reason=case.decision_reason)


def tell_returned(case: Case, texts: Mapping[str, str], *, now: datetime) -> None:
    """`texts` by field code; "" is the note on the whole form. A return of another revision is another letter."""
    remarks = [
        {"label": gettext_lazy(field.label), "text": texts[field.code]}
        for field in kind_of(case).fields
        if texts.get(field.code)
    ]
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
    of_record = {
        "address_line_1": record.address,
        "city": record.city,
        "address_state": record.state,
        "zip": record.zip,
    }
    items = pc_ace_items(
        {**of_record, **answers}, submitter_id=record.submitter_id, legal_name=record.legal_name
    )
    with translation.override(case.language):
        told = [(str(PC_ACE_WORDS[word]), value) for word, value in items]
    _send("pcace-approved", case, to=_contact(case), now=now, items=told, submitter_id=record.submitter_id)


def _contact(case: Case) -> tuple[str, str, str]:
    return case.contact_name, case.contact_email, "contact"


def _send(
    name: str, case: Case, *, to: tuple[str, str, str], now: datetime, event: str = "", **facts: Any
) -> None:
    """`to`: name, mailbox, and what they are to the case. The contact's own stays with the case, to be read again."""
    person, mailbox, who = to
    is_contacts = mailbox_key(mailbox) == mailbox_key(case.contact_email)
    notice(
        name,
        to=mailbox,
        key=f"case:{case.pk}:{event or name}:{who}",
        now=now,
        context={"name": person, "tracking": case.tracking, "form_name": called(kind_of(case)), **facts},
        language=case.language,
        inbox=str(case.pk) if is_contacts else "",
    )
