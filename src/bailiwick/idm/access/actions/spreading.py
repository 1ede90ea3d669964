"""The operator pulls due dates forward, so that not everything is due on one day (C-6). Never later, and nothing that is open."""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import is_live, zone
from bailiwick.idm.rules.certification import Pull, Spread, may_spread, spread
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed

MOVED_TOGETHER = 5000


def spread_certifications(
    *, first: date, last: date, most_a_day: int, by: By, now: datetime, is_trial: bool = False
) -> Spread:
    """Leave at most `most_a_day` due on each day from `first` to `last`, as far as earlier days have room.

    `is_trial`: say what would be done, and do nothing. Raises Refused with a code of `rules.certification`.
    """
    opens = settings.LIMITS.certification_opens
    ruling = may_spread(first, last, today=day_of(now, zone()), opens=opens)
    if isinstance(ruling, No):
        ruling.raise_it()
    held = Grant.objects.filter(is_live(now), certify_by__range=(first, last))
    due = dict(held.order_by().values_list("certify_by").annotate(roles=Count("pk")))
    found = spread(due, first=first, last=last, most=most_a_day)
    if not is_trial:
        for pull in found.pulls:
            _carry_out(pull, by=by, now=now)
    return found


def _carry_out(pull: Pull, *, by: By, now: datetime) -> None:
    for some in _parts(pull.roles):
        with transaction.atomic():
            moved = _move(pull, some, now)
            about = {"due_on": pull.due_on.isoformat(), "to": pull.to.isoformat(), "roles": moved}
            append(Deed.CERTIFICATIONS_SPREAD, by=by, now=now, about=about)


def _parts(roles: int) -> Iterator[int]:
    """In short transactions; what was moved before a stop is not moved again."""
    while roles > 0:
        yield min(roles, MOVED_TOGETHER)
        roles -= MOVED_TOGETHER


def _move(pull: Pull, most: int, now: datetime) -> int:
    """The roles of one organization together, so that its approver finds them on one day."""
    due = Grant.objects.filter(is_live(now), certify_by=pull.due_on)
    chosen = due.order_by("organization", "pk").values("pk")[:most]
    return Grant.objects.filter(pk__in=chosen, ended_at__isnull=True, certify_by=pull.due_on).update(
        certify_by=pull.to
    )
