"""Asking IDM again whether a session still holds (O-5): one thread asks, outside any transaction; the outcome is stored."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.ledger import By
from bailiwick.spot.identity.calls import still_told
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.rules.sessions import End, is_confirmation_too_old, is_due_to_ask
from bailiwick.spot.signin import actions
from bailiwick.spot.signin.models import Session
from bailiwick.spot.signin.queries import access_token

BY = By("system:asking")


def ask_again_if_due(session: Session, now: datetime) -> Session:
    """The session as it stands after IDM was asked, where that was due and this thread took it on."""
    if not is_due_to_ask(session.facts, now, settings.LIMITS):
        return session
    # Whoever cannot act on the old answer has nothing to go on with, and asks for themselves.
    if not actions.take_on_asking(session=session, by=BY, now=now) and not is_confirmation_too_old(
        session.facts, now, settings.LIMITS
    ):
        return session
    _ask(session, now)
    session.refresh_from_db()
    return session


def _ask(session: Session, now: datetime) -> None:
    try:
        told = still_told(access_token=access_token(session), now=now)
    except UnansweredError:
        actions.note_unanswered(session=session, by=BY, now=now)
        return
    if told is None or told.sub != session.person.sub or not told.grants:
        actions.end_session(session=session, why=End.ACCESS_ENDED, by=BY, now=now)
    else:
        actions.note_confirmed(session=session, told=told, by=BY, now=now)
