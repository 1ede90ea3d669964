"""Coming back to a case: a code to the contact's mailbox, then a session of one browser (F-9)."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.codes import matches, send
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import AccessCode, Case, CaseSession
from bailiwick.spot.forms.queries import answers_of, case_tracked, is_mailbox_proven, kind_of
from bailiwick.spot.rules.access import CodeState, Purpose
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Refusal

KEY_BYTES = 32
NOBODY = "nobody@nowhere.invalid"


def send_access_code(*, tracking: str, by: By, now: datetime) -> None:
    """Mail a code for the case of this number, if there is one and it is time for one. Says nothing either way (F-9)."""
    case = case_tracked(tracking)
    try:
        with transaction.atomic():
            if case is None:
                _as_much_work(now)
                return
            context = {"tracking": case.tracking, "form": called(kind_of(case)), "name": case.contact_name}
            send(
                case=case,
                purpose=Purpose.ACCESS,
                to=case.contact_email,
                notice_name="form-code",
                context=context,
                now=now,
            )
            append(
                Deed.FORM_CODE_SENT,
                by=by,
                now=now,
                about={"case": str(case.pk), "purpose": Purpose.ACCESS.value},
            )
    except Refused:
        return


def open_with_code(*, tracking: str, code: str, by: By, now: datetime) -> tuple[Case, str]:
    """Open a case with the code mailed for it; returns it and the key for the browser's cookie. Proves the mailbox.

    Raises CODE_WRONG for any reason: no such case, wrong, used, void or too old.
    """
    case = case_tracked(tracking)
    used = matches(case=case, purpose=Purpose.ACCESS, number=code, now=now) if case else None
    opened = _opened(used, by=by, now=now) if used else None
    if opened is None:
        _note_refused(case, by=by, now=now)
        raise Refused(Refusal.CODE_WRONG)
    return opened


def _opened(used: AccessCode, *, by: By, now: datetime) -> tuple[Case, str] | None:
    """The case and a new session's key; None where the case is another mailbox's by now than the one that got the code."""
    key = secrets.token_urlsafe(KEY_BYTES)
    about = {"case": str(used.case_id)}
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=used.case_id)
        if used.to != held.contact_email:
            return None
        if held.contact_proven_at is None:
            held.contact_proven_at = now
            held.save(update_fields=["contact_proven_at"])
            append(Deed.FORM_CONTACT_PROVEN, by=by, now=now, about=about)
        digest = hashlib.sha256(key.encode()).digest()
        CaseSession.objects.create(key_digest=digest, case=held, started_at=now, last_seen_at=now)
        append(Deed.FORM_OPENED, by=by, now=now, about=about)
    return held, key


def note_seen(*, session: CaseSession, by: By, now: datetime) -> None:  # noqa: ARG001 - a visit is no deed
    """Move the idle clock forward; never backward, and never for a session that has ended."""
    CaseSession.objects.filter(pk=session.pk, ended_at=None, last_seen_at__lt=now).update(last_seen_at=now)


def close_session(*, session: CaseSession, by: By, now: datetime) -> None:  # noqa: ARG001 - leaving is no deed
    """The browser leaves the case."""
    CaseSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now)


def send_contact_code(*, case: Case, by: By, now: datetime) -> None:
    """Mail a code to the contact's new mailbox, as the answers have it. Raises CODE_TOO_SOON, CODES_TOO_MANY(_A_DAY)."""
    answers = answers_of(case)
    if not answers.get("contact_email") or is_mailbox_proven(case, answers):
        raise Refused(Refusal.NOT_NOW)
    with transaction.atomic():
        send(
            case=case,
            purpose=Purpose.CONTACT,
            to=answers["contact_email"],
            notice_name="form-contact-code",
            context={"form": called(kind_of(case)), "name": case.contact_name},
            now=now,
        )
        append(
            Deed.FORM_CODE_SENT,
            by=by,
            now=now,
            about={"case": str(case.pk), "purpose": Purpose.CONTACT.value},
        )


def prove_contact(
    *, case: Case, code: str, by: By, now: datetime, session: CaseSession | None = None
) -> Case:
    """From now on the new mailbox opens the case; the old one is told. `session` goes on, all others end.

    A code counts for the mailbox it went to: if the form names another one by now, it proves nothing. Raises CODE_WRONG.
    """
    used = matches(case=case, purpose=Purpose.CONTACT, number=code, now=now)
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        if used is not None and used.to == answers_of(held).get("contact_email"):
            former, held.contact_email, held.contact_proven_at = held.contact_email, used.to, now
            held.save(update_fields=["contact_email", "contact_proven_at"])
            # Whoever has only the old mailbox is out: their codes and their windows.
            mailed = AccessCode.objects.filter(
                case=held, purpose=Purpose.ACCESS.value, state=CodeState.LIVE.value
            )
            mailed.update(state=CodeState.VOID.value)
            kept = session.pk if session else None
            CaseSession.objects.filter(case=held, ended_at=None).exclude(pk=kept).update(ended_at=now)
            append(Deed.FORM_CONTACT_PROVEN, by=by, now=now, about={"case": str(held.pk)})
            _tell_former(held, former, key=f"form:{held.pk}:contact:{used.pk}", now=now)
            return held
    _note_refused(case, by=by, now=now)
    raise Refused(Refusal.CODE_WRONG)


def _tell_former(case: Case, former: str, *, key: str, now: datetime) -> None:
    context = {"form": called(kind_of(case))}
    notice("form-contact-changed", to=former, key=key, now=now, context=context, language=case.language)


def _note_refused(case: Case | None, *, by: By, now: datetime) -> None:
    with transaction.atomic():
        about = {"case": str(case.pk)} if case else {}
        append(Deed.FORM_CODE_REFUSED, by=by, now=now, outcome="refused", about=about)


def _as_much_work(now: datetime) -> None:
    """A number that nobody has takes about as long: the mail is made, and taken back with the transaction."""
    context = {"tracking": "", "form": "", "name": "", "code": "", "minutes": 0}
    notice(
        "form-code",
        to=NOBODY,
        key=f"form-code:{secrets.token_hex(16)}",
        now=now,
        context=context,
        secret=True,
    )
    transaction.set_rollback(True)
