"""What an application may read of its own: who holds its roles, and how its organizations stand (O-4).

Of one application's grants and records only; a page at a time, in the order of ids, so that any number of roles can be read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import codes_of, is_live, rests_not, zone
from bailiwick.idm.access.queries.grants import GrantLine, line_of, with_activity
from bailiwick.idm.access.queries.health import Health, healths_of
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.certification import last_opened
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import APPROVING


class Which(StrEnum):
    """`uncertified`: the yearly certification is open and nobody has certified yet (C-1)."""

    ALL = "all"
    INACTIVE = "inactive"
    UNCERTIFIED = "uncertified"


@dataclass(frozen=True)
class Standing:
    """An organization as its application hears of it (G-7). `approved_since`: when its first approver's role began."""

    organization: Organization
    health: Health
    approved_since: datetime | None
    people: int
    waiting: int


@beyond()
def grants_told(
    application: Application, *, which: Which, submitter_id: str, after: UUID | None, most: int, now: datetime
) -> list[GrantLine]:
    """Roles held in the application, those after a grant's id; of one organization where `submitter_id` names one."""
    rows = with_activity().filter(_which(which, application, now), application=application.code)
    if submitter_id:
        rows = rows.filter(organization__record__submitter_id=submitter_id)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return [line_of(grant, now=now) for grant in rows.order_by("pk")[:most]]


@beyond()
def standings_told(
    application: Application, *, submitter_ids: Collection[str], now: datetime
) -> list[Standing]:
    """How those of its organizations stand; records that nobody has claimed are left out."""
    found = Organization.objects.select_related("record").filter(
        record__application=application.code, record__submitter_id__in=list(submitter_ids)
    )
    places = list(found.order_by("record__submitter_id"))
    healths, since = healths_of(places, now=now), _approved_since(places, application)
    people, waiting = _people(places, application, now), _waiting(places, application, now)
    return [
        Standing(
            place, healths[place.pk], since.get(place.pk), people.get(place.pk, 0), waiting.get(place.pk, 0)
        )
        for place in places
    ]


def _which(which: Which, application: Application, now: datetime) -> Q:
    if which is Which.INACTIVE:
        return is_live(now) & ~rests_not(application, now)
    if which is Which.UNCERTIFIED:
        return is_live(now) & Q(
            certify_by__lte=last_opened(day_of(now, zone()), settings.LIMITS.certification_opens)
        )
    return is_live(now)


def _approved_since(places: list[Organization], application: Application) -> dict[UUID, datetime]:
    rows = Grant.objects.filter(
        organization__in=places, application=application.code, role__in=codes_of(application, APPROVING)
    )
    return dict(rows.values_list("organization").annotate(first=Min("started_at")))


def _people(places: list[Organization], application: Application, now: datetime) -> dict[UUID, int]:
    rows = Grant.objects.filter(is_live(now), organization__in=places, application=application.code)
    return _counted(rows, "account")


def _waiting(places: list[Organization], application: Application, now: datetime) -> dict[UUID, int]:
    rows = RoleRequest.objects.filter(
        state=OPEN, expires_at__gt=now, organization__in=places, application=application.code
    )
    return _counted(rows, "pk")


def _counted(rows: QuerySet, what: str) -> dict[UUID, int]:
    return dict(rows.values_list("organization").annotate(count=Count(what, distinct=True)))
