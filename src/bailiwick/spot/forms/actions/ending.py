"""Cases that end without a decision: withdrawn by their contact, or run out (F-7). What was never signed is not kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.moving import locked, move, void_signing
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import AccessCode, Case, CaseSession
from bailiwick.spot.forms.queries import kind_of
from bailiwick.spot.forms.tallies import Tally
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import STEPS, Event, State

DAY = timedelta(days=1)
CAN_EXPIRE = [state.value for state, steps in STEPS.items() if Event.EXPIRE in steps]


def withdraw(*, case: Case, by: By, now: datetime) -> Case:
    """Take a form back for good, wherever it stands undecided. Raises NOT_NOW, CASE_EXPIRED, CASE_DECIDED."""
    with transaction.atomic():
        held = locked(case, Event.WITHDRAW, now)
        void_signing(held, by=by, now=now)
        move(held, Event.WITHDRAW, by=by, now=now, assigned_to=None)
        _tell(held, "form-withdrawn", State.WITHDRAWN, now=now)
        _forget_unsigned(held)
    return held


def expire_cases(*, by: By, now: datetime) -> int:
    """Record the drafts and signatures that ran out, and tell their contacts; returns how many (F-7, I-2)."""
    due = Case.objects.filter(state__in=CAN_EXPIRE, expires_at__lte=now).order_by("pk")
    return sum(_expire(case, by=by, now=now) for case in due)


def _expire(case: Case, *, by: By, now: datetime) -> bool:
    try:
        with transaction.atomic():
            held = locked(case, Event.EXPIRE, now)
            was = State(held.state)
            void_signing(held, by=by, now=now)
            move(held, Event.EXPIRE, by=by, now=now)
            _tell(held, "form-expired", was, now=now)
            _forget_unsigned(held)
    except Refused:
        # Somebody saved or sent it again in this moment: it has not run out after all.
        return False
    return True


def forget_old(*, by: By, now: datetime) -> None:
    """Delete what has no use any more: codes, sessions and counters."""
    limits = settings.LIMITS
    old = {
        "codes": AccessCode.objects.filter(expires_at__lt=now - DAY),
        "sessions": CaseSession.objects.filter(
            Q(ended_at__lt=now - DAY) | Q(last_seen_at__lt=now - limits.longest_session - DAY)
        ),
        "tallies": Tally.objects.filter(opened_at__lt=now - DAY),
    }
    with transaction.atomic():
        deleted = {name: rows.delete()[0] for name, rows in old.items()}
        if any(deleted.values()):
            append(Deed.FORM_RECORDS_FORGOTTEN, by=by, now=now, about=deleted)


def _forget_unsigned(held: Case) -> None:
    """Answers that nobody ever signed are wiped; that there was a form, and when, stays."""
    if held.signatures.exists():
        return
    held.versions.update(answers_sealed=b"")
    held.lists.all().delete()
    Case.objects.filter(pk=held.pk).update(group_ptan_npi_digest=None, tin_digest=None)


def _tell(case: Case, name: str, was: State, *, now: datetime) -> None:
    notice(
        name,
        to=case.contact_email,
        key=f"form:{case.pk}:{name}",
        now=now,
        context={
            "name": case.contact_name,
            "form": called(kind_of(case)),
            "was_awaiting": was is State.AWAITING_SIGNATURE,
        },
        language=case.language,
    )
