"""Organizations where nobody can decide: noticed once, told to the desk and to those who wait (G-7, Q-9, INV-12)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import OPEN, RoleRequest
from bailiwick.idm.access.notices import tell_moved, tell_moved_back, tell_no_approver
from bailiwick.idm.access.queries.authority import has_able_approver
from bailiwick.idm.access.queries.health import unattended, with_approvers
from bailiwick.idm.access.queries.requests import requests
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.actions import note_attended, note_unattended
from bailiwick.idm.organizations.models import Organization, Unattended
from bailiwick.idm.rules.catalogue import Decider


@beyond()
def note_that_none_is_left(organization: Organization, application: str, *, by: By, now: datetime) -> bool:
    """The desk hears it, and whoever waits for a decision hears that the desk makes it now. False where that is old news."""
    if not note_unattended(organization=organization, application=application, by=by, now=now):
        return False
    tell_no_approver(organization, application=application, now=now)
    for request in _waiting_for_approvers(organization, application, now):
        tell_moved(request, now=now)
    return True


def watch_continuity(*, by: By, now: datetime) -> int:
    """Notice where nobody can decide any more, for whatever reason, and where somebody can again. Returns how many changes."""
    changes = 0
    for application in with_approvers():
        noted = Unattended.objects.filter(application=application.code, ended_at__isnull=True)
        alone = unattended(application, now=now)
        new = list(alone.exclude(pk__in=noted.values("organization")))
        over = noted.exclude(organization__in=alone.values("pk")).select_related("organization__record")
        for organization in new:
            with transaction.atomic():
                changes += note_that_none_is_left(organization, application.code, by=by, now=now)
        for one in over:
            with transaction.atomic():
                changes += _note_that_somebody_is_back(one.organization, application.code, by=by, now=now)
    return changes


def _note_that_somebody_is_back(
    organization: Organization, application: str, *, by: By, now: datetime
) -> bool:
    is_attended = has_able_approver(catalogue().application(application), organization, now=now)
    outcome = "done" if is_attended else "deserted"
    if not note_attended(organization=organization, application=application, outcome=outcome, by=by, now=now):
        return False
    if is_attended:
        for request in _waiting_for_approvers(organization, application, now):
            tell_moved_back(request, now=now)
    return True


def _waiting_for_approvers(
    organization: Organization, application: str, now: datetime
) -> Iterable[RoleRequest]:
    decided = catalogue().application(application).roles
    codes = [role.code for role in decided if role.decided_by is Decider.APPROVERS]
    return requests().filter(
        organization=organization, application=application, role__in=codes, state=OPEN, expires_at__gt=now
    )
