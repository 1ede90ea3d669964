"""Which optional notices somebody does not want by mail (N-2). Required ones are not asked about: nobody can decline them."""

from collections.abc import Collection

from django.db import transaction

from bailiwick.ground.outbox.catalogue import optional_kinds
from bailiwick.ground.outbox.models import Declined


def declined(owner: str, name: str) -> bool:
    """Whether this account declined mails of this optional kind."""
    return Declined.objects.filter(owner=owner, kind=name).exists()


def all_declined(owner: str) -> frozenset[str]:
    """The names of what this account declined, of what can be declined now."""
    kept = set(Declined.objects.filter(owner=owner).values_list("kind", flat=True))
    return frozenset(kept & {kind.name for kind in optional_kinds()})


def decline(owner: str, names: Collection[str]) -> bool:
    """Mails of these optional kinds are unwanted from now on, of all others wanted; returns whether that changes anything.

    A name of a required notice, or of none, is left out. Call it in the transaction that records who did it.
    """
    wanted_off = {kind.name for kind in optional_kinds()} & set(names)
    with transaction.atomic():
        before = set(Declined.objects.filter(owner=owner).values_list("kind", flat=True))
        Declined.objects.filter(owner=owner, kind__in=before - wanted_off).delete()
        rows = [Declined(owner=owner, kind=name) for name in sorted(wanted_off - before)]
        Declined.objects.bulk_create(rows, ignore_conflicts=True)
    return before != wanted_off
