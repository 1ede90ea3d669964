"""Who is told of a signature: its signer and the contact of the form, and all who could say that it is not theirs (F-8)."""

from datetime import datetime
from typing import Any

from django.conf import settings

from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions.objecting import let_object
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Signature
from bailiwick.spot.payers.port import Match, Outcome
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.signing import mailbox_key

CONTACT_ON_FILE = "contact_on_file"
APPROVER = "approver"


def tell_everybody(
    signature: Signature,
    answers: dict[str, str],
    *,
    on_file: Outcome,
    records: list[EnrollmentRecord],
    now: datetime,
) -> None:
    """Receipts to those who took part; a warning to the contact on file and to every approver and backup of record."""
    case = signature.case
    context = context_of(signature, answers)
    for mailbox in _distinct(signature.email, case.contact_email):
        notice(
            "form-signed",
            to=mailbox,
            key=f"signature:{signature.pk}:receipt:{mailbox_key(mailbox)}",
            now=now,
            context=context,
            language=case.language,
        )
    on_record = [one for record in records for one in (record.approver_email, record.backup_email) if one]
    watchers = [(CONTACT_ON_FILE, on_file.provider.contact_mailbox)] if isinstance(on_file, Match) else []
    watchers += [(APPROVER, mailbox) for mailbox in _distinct(*on_record)]
    for number, (why, mailbox) in enumerate(watchers):
        notice(
            "form-signed-warning",
            to=mailbox,
            key=f"signature:{signature.pk}:{why}:{number}",
            now=now,
            context={**context, "why": why, "path": let_object(signature, to=mailbox, now=now)},
        )


def context_of(signature: Signature, answers: dict[str, str]) -> dict[str, Any]:
    """What every mail about a signature can name."""
    case = signature.case
    return {
        "form_name": called(queries.kind_of(case)),
        "tracking": case.tracking,
        "group_name": name_of(answers),
        "signer": signature.name,
        "title": signature.title,
        "mailbox": signature.email,
        "signed_at": signature.signed_at,
        "contact_name": case.contact_name,
        "contact_email": case.contact_email,
        "approver_name": answers.get("approver_name", ""),
        "approver_email": answers.get("approver_email", ""),
        "digest": signature.digest,
        "backup_name": answers.get("backup_name", ""),
        "backup_email": answers.get("backup_email", ""),
        "objection_until": signature.signed_at + settings.LIMITS.objection_time
        if queries.is_sensitive(case, answers)
        else None,
        "is_call_needed": signature.authority == Authority.CALLBACK_NEEDED,
    }


def _distinct(*mailboxes: str) -> list[str]:
    """Each mailbox once, as it was written first."""
    return list({mailbox_key(one): one for one in reversed(mailboxes)}.values())[::-1]
