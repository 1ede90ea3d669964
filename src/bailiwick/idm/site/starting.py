"""What must hold before IDM serves or works: only what was put in force decides who may do what (O-6)."""

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.rules.catalogue import Refusal

_log = structlog.get_logger(__name__)


def refuse_files_not_applied() -> None:
    """Raises ImproperlyConfigured where the application files are not what was applied last. Development runs go on."""
    from bailiwick.idm.applications.queries import not_applied

    if settings.DEVELOPMENT:
        return
    try:
        found = not_applied()
    except DatabaseError:
        # Pages say that the database is away; the files that were read passed every check.
        _log.warning("application_files_not_compared")
        return
    if found:
        raise ImproperlyConfigured(sentence_for(Refusal.NOT_APPLIED, count=len(found)))
