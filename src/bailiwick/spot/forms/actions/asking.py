"""Asking the official to sign: a complete form, a link to their mailbox, 14 days (F-8)."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.moving import locked, move, void_signing
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Case, Invitation
from bailiwick.spot.forms.queries import answers_of, kind_of, late_days, live_invitation, problems
from bailiwick.spot.rules.access import may_send_code
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.forms import Event, Refusal
from bailiwick.spot.rules.signing import LinkState

TOKEN_BYTES = 32
OF_FINDING = {
    Finding.MAILBOX_UNPROVEN: Refusal.MAILBOX_NOT_PROVEN,
    Finding.GROUP_ENROLLED: Refusal.GROUP_ENROLLED,
    Finding.GROUP_IN_REVIEW: Refusal.GROUP_IN_REVIEW,
}


def ask_for_signature(*, case: Case, expected_revision: int, by: By, now: datetime) -> Invitation:
    """Invite the official named in the form to sign exactly this revision; tell the contact.

    Raises CHANGED_ELSEWHERE(revision), INCOMPLETE(count), MAILBOX_NOT_PROVEN, GROUP_ENROLLED, GROUP_IN_REVIEW, NOT_NOW,
    CASE_EXPIRED, CASE_DECIDED.
    """
    with transaction.atomic():
        held = locked(case, Event.ASK, now)
        if held.revision != expected_revision:
            raise Refused(Refusal.CHANGED_ELSEWHERE, revision=held.revision)
        _refuse_unready(held, today=timezone.localdate(now))
        void_signing(held, by=by, now=now)
        answers = answers_of(held)
        invitation, token = _invitation(held, answers["official_email"], answers["official_name"], now=now)
        move(held, Event.ASK, by=by, now=now, invitation_expires=invitation.expires_at)
        _tell_official(held, invitation, token, answers, now=now)
        _tell_contact(held, invitation, now=now)
    return invitation


def resend_invitation(*, case: Case, by: By, now: datetime) -> Invitation:
    """Send a new link for the same revision, good for another 14 days; the old one is void.

    Raises RESENDS_USED_UP(times), CODE_TOO_SOON(seconds), NOT_NOW, CASE_EXPIRED, CASE_DECIDED.
    """
    limits = settings.LIMITS
    with transaction.atomic():
        held = locked(case, Event.SIGN, now)
        former = live_invitation(held)
        if former is None:
            raise Refused(Refusal.NOT_NOW)
        if former.resends >= limits.invitation_resends:
            raise Refused(Refusal.RESENDS_USED_UP, times=limits.invitation_resends)
        ruling = may_send_code([former.sent_at], now, limits)
        if not ruling:
            ruling.raise_it()
        Invitation.objects.filter(pk=former.pk).update(state=LinkState.VOID)
        invitation, token = _invitation(held, former.to, former.name, now=now, resends=former.resends + 1)
        Case.objects.filter(pk=held.pk).update(expires_at=invitation.expires_at)
        about = {"case": str(held.pk), "revision": held.revision, "resends": invitation.resends}
        append(Deed.FORM_INVITED_AGAIN, by=by, now=now, about=about)
        _tell_official(held, invitation, token, answers_of(held), now=now)
    return invitation


def _refuse_unready(case: Case, *, today: date) -> None:
    found = [*problems(case), *late_days(case, today=today)]
    stopping = [problem for problem in found if problem.stops]
    if not stopping:
        return
    own = [OF_FINDING[problem.code] for problem in stopping if problem.code in OF_FINDING]
    if len(own) == len(stopping):
        raise Refused(own[0])
    raise Refused(Refusal.INCOMPLETE, count=len(stopping))


def _invitation(case: Case, to: str, name: str, *, now: datetime, resends: int = 0) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        case=case,
        revision=case.revision,
        token_digest=hashlib.sha256(token.encode()).digest(),
        to=to,
        name=name,
        sent_at=now,
        expires_at=now + settings.LIMITS.invitation_lasts,
        resends=resends,
    )
    return invitation, token


def _tell_official(
    case: Case, invitation: Invitation, token: str, answers: dict[str, Any], *, now: datetime
) -> None:
    # Secret: whoever holds the link is one code away from signing.
    notice(
        "form-signature-invitation",
        to=invitation.to,
        key=f"form:{case.pk}:invitation:{invitation.pk}",
        now=now,
        context={
            "name": invitation.name,
            "form": called(kind_of(case)),
            "group_name": name_of(answers),
            "contact_name": case.contact_name,
            "until": invitation.expires_at,
            "path": f"/sign/{token}/",
        },
        secret=True,
        language=case.language,
    )


def _tell_contact(case: Case, invitation: Invitation, *, now: datetime) -> None:
    notice(
        "form-awaiting-signature",
        to=case.contact_email,
        key=f"form:{case.pk}:awaiting:{invitation.pk}",
        now=now,
        context={
            "name": case.contact_name,
            "form": called(kind_of(case)),
            "official_name": invitation.name,
            "until": invitation.expires_at,
        },
        language=case.language,
    )
