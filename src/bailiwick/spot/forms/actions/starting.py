"""Starting a case: a tracking number, and a code to the contact's mailbox (F-9)."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.codes import send
from bailiwick.spot.forms.actions.tallies import reserve
from bailiwick.spot.forms.actions.versions import readable, write_version
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import kind as newest_kind
from bailiwick.spot.rules.access import HOUR, TRACKING_SIGNS, Purpose, tracking_number
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Refusal, State, expiry
from bailiwick.spot.rules.schema import FormKind
from bailiwick.spot.rules.submitterids import ALPHABET


def start_case(
    *,
    kind: str,
    contact_name: str,
    contact_email: str,
    once: UUID,
    by: By,
    now: datetime,
    language: str = "en",
) -> Case:
    """Begin a form of the newest version of `kind`; mails tracking number and code. The same `once` is one case.

    Raises KIND_UNKNOWN, ANSWERS_MALFORMED(problems={field: Finding}), STARTED_TOO_OFTEN.
    """
    found = newest_kind(kind)
    if found is None:
        raise Refused(Refusal.KIND_UNKNOWN)
    contact = _contact(found, contact_name, contact_email)
    begun = Case.objects.filter(once=once).first()
    if begun is not None:
        return begun
    _reserve(contact["contact_email"], by, now)
    case = _new_case(found, contact, once=once, language=language, now=now)
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            write_version(case, contact, by=by, now=now)
            about = {"case": str(case.pk), "kind": case.kind, "version": case.kind_version}
            append(Deed.FORM_STARTED, by=by, now=now, about=about)
            _mail_code(case, found, now=now)
    except IntegrityError:
        # The same page sent twice at once: whoever came second gets the first one's case.
        begun = Case.objects.filter(once=once).first()
        if begun is None:
            raise
        return begun
    return case


def _new_case(kind: FormKind, contact: dict[str, str], *, once: UUID, language: str, now: datetime) -> Case:
    return Case(
        tracking=_unused_tracking(),
        kind=kind.code,
        kind_version=kind.version,
        once=once,
        created_at=now,
        changed_at=now,
        expires_at=expiry(State.DRAFT, now=now, invitation_expires=None, limits=settings.LIMITS),
        language=language,
        **contact,
    )


def _mail_code(case: Case, kind: FormKind, *, now: datetime) -> None:
    context = {"tracking": case.tracking, "form": called(kind), "name": case.contact_name}
    send(
        case=case,
        purpose=Purpose.ACCESS,
        to=case.contact_email,
        notice_name="form-started",
        context=context,
        now=now,
    )


def _contact(kind: FormKind, name: str, email: str) -> dict[str, str]:
    fields = {one.code: one for one in kind.fields if one.code in {"contact_name", "contact_email"}}
    read, wrong = readable(fields, {"contact_name": name, "contact_email": email})
    problems = {code: no.because for code, no in wrong.items()}
    problems |= {code: Finding.MISSING for code, answer in read.items() if not answer}
    if problems:
        raise Refused(Refusal.ANSWERS_MALFORMED, problems=problems)
    return read


def _reserve(email: str, by: By, now: datetime) -> None:
    """Nobody's mailbox is filled with forms, and no one address starts them without end."""
    limits = settings.LIMITS
    counters = {f"form-start:mailbox:{email.casefold()}": limits.cases_started_per_mailbox_an_hour}
    if by.source:
        counters[f"form-start:source:{by.source}"] = limits.cases_started_per_source_an_hour
    for what, most in counters.items():
        if not reserve(what, most=most, lasts=HOUR, now=now):
            raise Refused(Refusal.STARTED_TOO_OFTEN)


def _unused_tracking() -> str:
    while True:
        drawn = tracking_number([secrets.randbelow(len(ALPHABET)) for _ in range(TRACKING_SIGNS)])
        if not Case.objects.filter(tracking=drawn).exists():
            return drawn
