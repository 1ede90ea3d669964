"""A crowd of accounts, to see what their mere presence costs: `python -m bench.crowd <count>`, a process of IDM.

It lives here and not in the product: no operator needs a command that fills a database. What it makes is not real: all
share ONE password hash, every digest is random (nobody is found by a number or a birth date), and what would be sealed
is random bytes, which open for nobody. Names, user IDs, mailboxes, roles and organizations are like those of people.
Rows are made by the database itself, set by set: a million accounts on PostgreSQL in minutes. Prints what it made.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

BEFORE = timedelta(days=1)
PEOPLE_A_PLACE = 100
SQLITE = {
    "uuid": "lower(hex(randomblob(16)))",
    "bytes": "randomblob(32)",
    "series": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "from": "n",
}
POSTGRESQL = {
    "uuid": "gen_random_uuid()",
    "bytes": "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
    "series": "",
    "from": "generate_series(1, {count}) AS n(i)",
}
FIRST = ("Robin", "Sasha", "Alex", "Jordan", "Casey", "Morgan", "Taylor", "Riley", "Quinn", "Avery")


class Sql(str):
    """An expression over the row at hand, not a value."""

    __slots__ = ()


def main(count: int) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from bailiwick.ground.program import clock

    began, words = time.monotonic(), SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    now = clock.now() - BEFORE
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Each row refers to one made a moment ago: that is not looked up again, eight million times, at the end.
            cursor.execute("SET LOCAL session_replication_role = replica")
        before = _numbers(cursor)
        _lay_out(cursor, words, count, start=before)
        _people(cursor, words, now)
        _roles(cursor, words, now)
        cursor.execute("DROP TABLE bench_crowd")
        cursor.execute("DROP TABLE bench_places")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(json.dumps({"accounts": count, "seconds": time.monotonic() - began}))


def _numbers(cursor: Any) -> int:
    """How many were made by an earlier call."""
    cursor.execute("SELECT count(*) FROM idm_accounts_account WHERE user_id_key LIKE 'crowd.%%'", [])
    return cursor.fetchone()[0]


def _lay_out(cursor: Any, words: dict[str, str], count: int, *, start: int) -> None:
    """Which numbers, under which ids."""
    for table, many, first in (
        ("bench_crowd", count, start),
        ("bench_places", count // PEOPLE_A_PLACE + 1, start + 1_000_000),
    ):
        series, source = (words[part].format(count=many) for part in ("series", "from"))
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} AS {series} "
            f"SELECT i + {first} AS i, {words['uuid']} AS id, {words['uuid']} AS other FROM {source}"
        )
        cursor.execute(f"CREATE INDEX {table}_i ON {table} (i)")


def _people(cursor: Any, words: dict[str, str], now: Any) -> None:
    from bailiwick.idm.accounts.models import Account, KnownSsn, Person, SsnDigest, SsnNumber
    from bailiwick.idm.rules.signin import QUESTIONS
    from bailiwick.idm.signin.actions import encode_first
    from bailiwick.idm.signin.models import Authenticator, Password, SecurityAnswer

    some = Sql(words["bytes"])
    password, answer = encode_first(password="Nobody-Uses-This-4711", answer="nobody")
    name, mailbox = Sql("'crowd.' || i"), Sql("'crowd' || i || '@practice.example'")
    first = "CASE i % 10 " + " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(FIRST)) + " END"
    last = "'Crowd' || (i % 50000)"
    columns = {"id": Sql("id"), "user_id": name, "user_id_key": name, "email": mailbox, "email_key": mailbox}
    times = {"created_at": now, "first_signed_in_at": now, "last_signed_in_at": now}
    _insert(cursor, Account, **columns, **times, phone="2025550100")
    _insert(
        cursor,
        Person,
        account_id=Sql("id"),
        first_name=Sql(first),
        last_name=Sql(last),
        name_key=Sql(f"lower({first} || ' ' || {last})"),
        birth_date_sealed=some,
        birth_date_digest=some,
        ssn_sealed=some,
        home_address_sealed=some,
        zip=Sql("'3' || (1000 + i % 8000)"),
        facts_at=now,
    )
    _insert(cursor, KnownSsn, id=Sql("other"), identity=some, number_sealed=some)
    _insert(cursor, SsnDigest, known_id=Sql("other"), digest=some)
    _insert(cursor, SsnNumber, account_id=Sql("id"), digest=some, state="claim", claimed_at=now)
    _insert(cursor, Password, account_id=Sql("id"), encoded=password, set_at=now)
    _insert(cursor, SecurityAnswer, account_id=Sql("id"), question=QUESTIONS[0], encoded=answer, set_at=now)
    row = {"name": "Crowd", "secret_sealed": some, "added_at": now, "confirmed_at": now}
    _insert(cursor, Authenticator, id=Sql("other"), account_id=Sql("id"), **row)


def _roles(cursor: Any, words: dict[str, str], now: Any) -> None:
    """An organization for every hundred, a role and an entry of the ledger for each."""
    from bailiwick.ground.ledger.models import Entry
    from bailiwick.idm.access.models import Grant
    from bailiwick.idm.organizations.models import EnrollmentRecord, Organization

    some, name = Sql(words["bytes"]), Sql("'Crowd Practice ' || i || ', LLC'")
    _insert(
        cursor,
        EnrollmentRecord,
        rows_of="bench_places",
        id=Sql("id"),
        application="spot",
        submitter_id=Sql("'CROWD' || i"),
        version=1,
        content_digest="0" * 64,
        legal_name=name,
        legal_name_key=Sql("'crowd practice ' || i || ' llc'"),
        kind="provider_office",
        tin_sealed=some,
        tin_digest=some,
        tin_tag="ein",
        address="1 Crowd Road",
        phone="2025550100",
        city="Orlando",
        city_key="orlando",
        state="FL",
        zip="32801",
        approver_name="Robin Crowd",
        approver_email="crowd@practice.example",
        received_at=now,
    )
    _insert(
        cursor, Organization, rows_of="bench_places", id=Sql("other"), record_id=Sql("id"), created_at=now
    )
    _words(cursor)
    # The hundred first of the crowd have the first place, and so on.
    turn = f"(bench_crowd.i - (SELECT min(i) FROM bench_crowd)) / {PEOPLE_A_PLACE}"
    place = f"(SELECT p.other FROM bench_places p WHERE p.i = (SELECT min(i) FROM bench_places) + {turn})"
    _insert(
        cursor,
        Grant,
        id=Sql("id"),
        account_id=Sql("id"),
        application="spot",
        role="end-user",
        organization_id=Sql(place),
        started_at=now,
        last_sign_in_at=now,
    )
    who = Sql("cast(id AS text)")
    told = {
        "organization": "",
        "application": "",
        "source": "198.18.0.1",
        "why": "",
        "outcome": "done",
        "about": {},
    }
    _insert(cursor, Entry, at=now, deed="account:opened", actor="visitor", subject=who, **told)


def _words(cursor: Any) -> None:
    """What the search for organizations looks in: the words of the names, and their pieces of three letters."""
    from bailiwick.idm.organizations.models import EnrollmentRecord, NameWord, WordGram

    word, gram = (model._meta.db_table for model in (NameWord, WordGram))
    links = EnrollmentRecord.words.through._meta.db_table
    shared = ("crowd", "practice", "llc")
    union = " UNION ALL ".join(f"SELECT '{each}' AS word" for each in shared)
    cursor.execute(
        f"INSERT INTO {word} (word) SELECT word FROM ({union}) AS w WHERE true ON CONFLICT DO NOTHING"
    )
    cursor.execute(f"INSERT INTO {word} (word) SELECT cast(i AS text) FROM bench_places")
    listed = ", ".join(f"'{each}'" for each in shared)
    link = f"INSERT INTO {links} (enrollmentrecord_id, nameword_id) SELECT p.id, w.id FROM bench_places p"
    cursor.execute(f"{link} JOIN {word} w ON w.word = cast(p.i AS text)")
    cursor.execute(f"{link} CROSS JOIN {word} w WHERE w.word IN ({listed})")
    numbers = "SELECT cast(i AS text) FROM bench_places"
    of_crowd = f"SELECT w.id, w.word FROM {word} w WHERE w.word IN ({listed}) OR w.word IN ({numbers})"
    for at in range(1, 9):
        cursor.execute(
            f"INSERT INTO {gram} (word_id, gram) SELECT w.id, substr('  ' || w.word || ' ', {at}, 3) FROM ({of_crowd}) AS w "
            f"WHERE length(w.word) + 1 >= {at} ON CONFLICT DO NOTHING"
        )


def _insert(cursor: Any, model: Any, *, rows_of: str = "bench_crowd", **given: Any) -> None:
    """One row of the model for each of the source; columns that are not given get the model's own defaults."""
    from django.db import connection
    from django.db.models.fields import NOT_PROVIDED

    columns, expressions, values = [], [], []
    about = model._meta
    for field in about.local_concrete_fields:
        if field.column not in given and (field.db_default is not NOT_PROVIDED or field.primary_key):
            continue
        value = given.get(field.column, None if field.null else field.get_default())
        columns.append(connection.ops.quote_name(field.column))
        if isinstance(value, Sql):
            expressions.append(value.replace("%", "%%"))
        else:
            expressions.append("%s")
            values.append(field.get_db_prep_save(value, connection))
    table = connection.ops.quote_name(about.db_table)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM {rows_of}"
    cursor.execute(sql, values)


if __name__ == "__main__":
    main(int(sys.argv[1]))
