"""Statements whose SQL is made once: what they send and give is what the queryset itself would."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BinaryField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.jobs.models import Tick
from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.statements import Insert, InsertOnce, Read, Update

NOW = clock.now().replace(microsecond=123456)

pytestmark = pytest.mark.django_db


def tick(name: str) -> Tick:
    return Tick.objects.create(name=name, last_run_at=NOW)


def statements(act) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def test_a_read_gives_the_rows_of_its_queryset_each_time_for_the_values_of_the_moment():
    """A statement that is made once still asks anew. [L-1]"""
    named = Read(lambda name: Tick.objects.filter(name=name), name=CharField())
    first, second = tick("first"), tick("second")
    assert named(name="first") == [first]
    assert named(name="second") == [second]
    assert named(name="third") == []
    assert named.first(name="first").last_run_at == NOW
    assert named.first(name="third") is None


def test_a_read_sends_what_its_queryset_would_send():
    """The engine sees no difference. [L-1]"""
    tick("first")
    since = NOW - timedelta(days=1)
    later = Read(
        lambda since: Tick.objects.filter(last_run_at__gte=since).order_by("name"), since=DateTimeField()
    )
    later(since=since)
    plain = Tick.objects.filter(last_run_at__gte=since).order_by("name")
    # Django puts what stands for a value in parentheses.
    bare = str.maketrans("", "", "()")
    (sent,), (usual,) = statements(lambda: later(since=since)), statements(lambda: list(plain))
    assert sent.translate(bare) == usual.translate(bare)


def test_a_read_of_single_columns_gives_them_as_the_queryset_does():
    """Converters of the engine are not forgotten. [L-1]"""
    tick("first")
    columns = Read(
        lambda name: Tick.objects.filter(name=name).values_list("name", "last_run_at"), name=CharField()
    )
    flat = Read(
        lambda name: Tick.objects.filter(name=name).values_list("last_run_at", flat=True), name=CharField()
    )
    assert columns(name="first") == [("first", NOW)]
    assert flat(name="first") == flat(name="first") == [NOW]


def test_a_read_sees_what_was_written_since_it_was_made():
    """Nothing found is remembered. [L-1]"""
    named = Read(lambda name: Tick.objects.filter(name=name), name=CharField())
    assert named(name="late") == []
    late = tick("late")
    assert named(name="late") == [late]


def test_an_update_changes_what_its_queryset_finds_and_says_how_many():
    """A guarded update decides by its count. [Q-6]"""
    row = tick("first")
    run = Update(
        lambda name, at: (Tick.objects.filter(name=name, last_run_at__lt=at), {"last_run_at": at}),
        name=CharField(),
        at=DateTimeField(),
    )
    later = NOW + timedelta(hours=1)
    assert run(name="first", at=later) == 1
    assert run(name="first", at=later) == 0
    assert run(name="nobody", at=later) == 0
    row.refresh_from_db()
    assert row.last_run_at == later


def test_an_insert_writes_every_column_with_none_as_null():
    """What is left empty is empty in the database. [L-1]"""
    write = Insert(Tick)
    write(name="first", last_run_at=NOW, leased_until=None)
    write(name="second", last_run_at=NOW, leased_until=NOW)
    assert Tick.objects.get(name="first").leased_until is None
    assert Tick.objects.get(name="first").last_run_at == NOW
    assert Tick.objects.get(name="second").leased_until == NOW


def test_an_insert_keeps_documents_and_bytes():
    """JSON and binary columns go in as Django would bring them. [L-1]"""
    about = {"tries": 3, "where": ["à", None]}
    columns = ("actor", "organization", "application", "source", "why", "outcome")
    Insert(Entry)(at=NOW, deed="test:thing:kept", subject="s", about=about, **dict.fromkeys(columns, ""))
    assert Entry.objects.get(deed="test:thing:kept").about == about
    message = Message(key="k", channel="email", kind="x", body=b"\x00\xff", created_at=NOW, next_try_at=NOW)
    Insert(Message).row(message)
    with_body = Read(lambda body: Message.objects.filter(body=body), body=BinaryField())
    assert with_body.first(body=b"\x00\xff").key == "k"


def test_many_rows_go_in_by_one_statement():
    """As many as there are, by one sending; of those that are there already, the first stays. [F-4]"""
    rows = [Tick(name=f"tick {number}", last_run_at=NOW + timedelta(hours=number)) for number in range(50)]
    assert len(statements(lambda: Insert(Tick).rows(rows))) == 1
    InsertOnce(Tick).rows([Tick(name="tick 3", last_run_at=NOW), Tick(name="x", last_run_at=NOW)])
    assert Tick.objects.count() == 51
    assert Tick.objects.get(name="tick 3").last_run_at == NOW + timedelta(hours=3)


def test_an_insert_that_breaks_a_constraint_raises_as_a_save_does():
    """The last guard of the database is heard. [R-3]"""
    write = Insert(Tick)
    write.row(Tick(name="first", last_run_at=NOW))
    with pytest.raises(IntegrityError), transaction.atomic():
        write.row(Tick(name="first", last_run_at=NOW))
    assert Tick.objects.count() == 1


def test_inserting_once_says_whether_it_was_the_first_and_leaves_the_transaction_whole():
    """Of two that use the same name, the second hears of it. [O-1]"""
    write = InsertOnce(Tick)
    with transaction.atomic():
        assert write(name="first", last_run_at=NOW, leased_until=None)
        assert not write(name="first", last_run_at=NOW, leased_until=NOW)
        tick("second")
    assert Tick.objects.get(name="first").leased_until is None
    assert Tick.objects.filter(name="second").exists()


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_share_what_was_made():
    """Each thread asks over its own connection, with its own values. [L-1]"""
    for number in range(4):
        tick(f"row {number}")
    named = Read(lambda name: Tick.objects.filter(name=name), name=CharField())
    wrong = []

    def ask(number: int) -> None:
        try:
            wrong.extend(1 for _ in range(50) if named.first(name=f"row {number}").name != f"row {number}")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_lost_its_connection_goes_on_over_a_new_one():
    """A database that was away for a moment is no reason to start anew. [L-1]"""
    first = tick("first")
    named = Read(lambda name: Tick.objects.filter(name=name), name=CharField())
    assert named(name="first") == [first]
    connection.close()
    assert named(name="first") == [first]
