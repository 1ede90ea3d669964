"""One act of somebody at SPOT's desk: the case locked, the right to act read under that lock (SR-16, S-6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No, Refused, Yes
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.deciding import (
    AUTHORITY,
    DESK_ROLE,
    DESK_STANDING,
    Desk,
    Refusal,
    checked_text,
    may_act,
)
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.signin.models import Session


def note_refusal(*, case: Case | None, because: str, by: By, now: datetime) -> None:
    """Somebody reached for the desk, or for a case that is not theirs to decide (L-2)."""
    about = {"case": str(case.pk)} if case else {}
    append(Deed.DESK_REFUSED, by=by, now=now, why=because, outcome="refused", about=about)


@contextmanager
def at_the_desk(case: Case, desk: Desk, *, by: By, now: datetime) -> Iterator[Case]:
    """One transaction with the case locked, for somebody who is of the desk at this instant (SR-16).

    Refused authority goes on the ledger after the rollback, on its own: nothing else was written.
    """
    try:
        with transaction.atomic():
            demand_live_session(desk, now)
            # The row alone: what PostgreSQL joins to a row that it waited for is as it was before the wait.
            yield Case.objects.select_for_update().get(pk=case.pk)
    except Refused as refused:
        if refused.code in AUTHORITY:
            note_refusal(case=case, because=refused.code, by=by, now=now)
        raise


def demand_live_session(desk: Desk, now: datetime) -> None:
    """Between the page and this transaction IDM may have ended the session, or taken the role away (O-5); and S-6."""
    if not desk.session:
        return
    session = Session.objects.live().select_for_update().filter(pk=desk.session).first()
    grants = session.grants if session is not None else []
    if session is None or not any(
        (one["role"], one["standing"]) == (DESK_ROLE, DESK_STANDING) for one in grants
    ):
        raise Refused(Refusal.NOT_OF_THE_DESK)
    demand(may_act(session.auth_time, now=now, limits=settings.LIMITS))


def demand(ruling: Yes | No) -> None:
    if isinstance(ruling, No):
        ruling.raise_it()


def checked(text: str, *, needed: Refusal | None = None) -> str:
    checked = checked_text(text, needed=needed)
    return checked.raise_it() if isinstance(checked, No) else checked
