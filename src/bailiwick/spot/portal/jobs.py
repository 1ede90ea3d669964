"""Takes over what IDM announces, so that SPOT's pages show it while IDM is away, too (N-4)."""

from datetime import datetime

import structlog

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.outbox.announcements import take_over
from bailiwick.spot.identity.announced import announced
from bailiwick.spot.identity.http import UnansweredError

logger = structlog.get_logger(__name__)


def fetch_announcements(now: datetime) -> None:
    """What is shown stays as it is while IDM does not answer."""
    try:
        told = announced()
    except UnansweredError as error:
        logger.warning("announcements not fetched", reason=str(error))
        return
    take_over(told, application="", now=now)


PERIODICS = [Periodic("fetch-announcements", "* * * * *", fetch_announcements)]
