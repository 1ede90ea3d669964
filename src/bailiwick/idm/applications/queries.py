"""The catalogue in memory, read once a process; and what of it was put in force (O-6)."""

import functools

from django.conf import settings
from django.db.models import Max

from bailiwick.idm.applications.describing import Change, Description, changes, described
from bailiwick.idm.applications.loader import load
from bailiwick.idm.applications.models import Applied
from bailiwick.idm.rules.catalogue import Catalogue


@functools.cache
def catalogue() -> Catalogue:
    """Every application that IDM knows. Raises CatalogueError, naming every mistake, if the files hold one."""
    return as_written().with_desk_level(settings.DESK_LEVEL)


def as_written() -> Catalogue:
    """What the files say at this moment, without what the deployment demands of desks on top (S-2)."""
    return load(
        settings.ENVIRONMENT.applications_directory,
        values=getattr(settings, "APPLICATION_VALUES", None) or {},
    )


def in_force() -> dict[str, Description]:
    """Each application as it was applied last; {} where nothing ever was."""
    newest = Applied.objects.values("code").annotate(newest=Max("pk")).values("newest")
    rows = Applied.objects.filter(pk__in=newest).exclude(description={}).order_by("code")
    return dict(rows.values_list("code", "description"))


def not_applied() -> list[Change]:
    """How the files differ from what is in force; [] for not at all. Raises CatalogueError."""
    return changes(in_force(), described(as_written()))
