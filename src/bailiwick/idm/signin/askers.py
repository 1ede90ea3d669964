"""Who asks for a page of sign-in: a visitor, or somebody on their way."""

from django.http import HttpRequest

from bailiwick.ground.program import by
from bailiwick.ground.rulings import By
from bailiwick.idm.sessions.models import Session


def session_of(request: HttpRequest) -> Session | None:
    """The session of any stage."""
    return request.signed_in.session if request.signed_in else request.half_signed_in


def visitor(request: HttpRequest) -> By:
    return By(actor="visitor", source=by(request).source)


def holder(request: HttpRequest, session: Session) -> By:
    """Who gave the password acts as themselves, also before the second step."""
    return By(actor=str(session.account_id), source=by(request).source)
