"""What IDM announces for SPOT's pages (N-4). Public: nobody has to prove anything to read it."""

from urllib.parse import urlencode

from django.conf import settings

from bailiwick.spot.identity.http import UnansweredError, ask
from bailiwick.wire.announcements import Announced, announced_in

OK = 200


def announced() -> list[Announced]:
    """What is announced now or later. Raises UnansweredError."""
    query = urlencode({"application": "spot"})
    answer = ask("GET", f"{settings.ENVIRONMENT.idm_url.rstrip('/')}/announcements.json?{query}")
    if answer.status != OK:
        raise UnansweredError(f"status {answer.status}")
    try:
        return announced_in(answer.json())
    except ValueError as error:
        raise UnansweredError(str(error)) from None
