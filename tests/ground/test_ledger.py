"""The ledger only grows."""

from enum import StrEnum
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock

pytestmark = pytest.mark.django_db


class Deed(StrEnum):
    TRIED = "test:thing:tried"


def entry():
    subject = str(uuid4())
    append(Deed.TRIED, by=By("visitor", "192.0.2.7"), now=clock.now(), subject=subject, about={"tries": 3})
    return Entry.objects.get(subject=subject)


def test_an_entry_says_who_did_what_to_whom_and_from_where():
    """Deed, actor, subject, source and outcome are kept as given. [L-1]"""
    kept = entry()
    assert (kept.deed, kept.actor, kept.source, kept.outcome) == (
        "test:thing:tried",
        "visitor",
        "192.0.2.7",
        "done",
    )
    assert kept.about == {"tries": 3}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET why = 'other' WHERE id = %s", "DELETE FROM ledger_entry WHERE id = %s"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(statement):
    """Raw SQL cannot alter history, on either engine. [L-1]"""
    kept = entry()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [kept.pk])
    assert Entry.objects.filter(pk=kept.pk, why="").exists()


def test_postgresql_refuses_to_empty_the_ledger():
    """TRUNCATE is refused too, where the engine has it. [L-1]"""
    if connection.vendor != "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            entry()
            cursor.execute("DELETE FROM ledger_entry")
        return
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE ledger_entry")


def test_a_change_that_is_rolled_back_leaves_no_entry():
    """The entry belongs to the transaction of the change. [L-1]"""
    subject = str(uuid4())
    with pytest.raises(RuntimeError), transaction.atomic():
        append(Deed.TRIED, by=By("visitor"), now=clock.now(), subject=subject)
        raise RuntimeError
    assert not Entry.objects.filter(subject=subject).exists()
