"""What is unique by its digest stays unique while the digest's key is being changed: one writer at a time, under every key.

A unique constraint sees equal digests under one key only. Whoever is about to claim something for good does it in here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from bailiwick.ground.vault.keyring import NAMES, KeyMissingError
from bailiwick.ground.vault.models import KeyUse

# The first half of PostgreSQL's two-part advisory locks: ours.
LOCK_CLASS = 0x6261_696C


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Inside a transaction: wait for whoever else is in here for that key, until their transaction ends.

    Raises KeyMissingError where rows may have been made with a key that this process has not got: it could not see them.
    """
    hold(name)
    listed = KeyUse.objects.filter(name=name, current_at__isnull=False, retired_at=None).values_list(
        "identifier", flat=True
    )
    for identifier in listed:
        settings.KEY_RING.key(name, identifier)
    yield


def hold(name: str) -> None:
    """Take the lock until the transaction ends. SQLite's transactions exclude each other from their first word."""
    if not transaction.get_connection().in_atomic_block:
        raise KeyMissingError("A digest's uniqueness is guarded inside transactions only.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, NAMES.index(name)])
