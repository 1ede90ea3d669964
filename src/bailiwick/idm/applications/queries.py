"""The catalogue in memory: read once a process, the same for everyone."""

import functools

from django.conf import settings

from bailiwick.idm.applications.loader import load
from bailiwick.idm.rules.catalogue import Catalogue


@functools.cache
def catalogue() -> Catalogue:
    """Every application that IDM knows. Raises CatalogueError, naming every mistake, if the files hold one."""
    read = load(
        settings.ENVIRONMENT.applications_directory,
        values=getattr(settings, "APPLICATION_VALUES", None) or {},
    )
    return read.with_desk_level(settings.DESK_LEVEL)
