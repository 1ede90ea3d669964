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

from bench.setwise import Sql, analyze, insert, lay_out, trust_references, words

BEFORE = timedelta(days=1)
PEOPLE_A_PLACE = 100
FIRST = ("Robin", "Sasha", "Alex", "Jordan", "Casey", "Morgan", "Taylor", "Riley", "Quinn", "Avery")


def main(count: int) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from bailiwick.ground.program import clock

    began, said, now = time.monotonic(), words(), clock.now() - BEFORE
    with transaction.atomic(), connection.cursor() as cursor:
        trust_references(cursor)
        before = _numbers(cursor)
        lay_out(cursor, "bench_crowd", count, start=before)
        lay_out(cursor, "bench_places", count // PEOPLE_A_PLACE + 1, start=before + 1_000_000)
        _people(cursor, said, now)
        _roles(cursor, said, now)
        cursor.execute("DROP TABLE bench_crowd")
        cursor.execute("DROP TABLE bench_places")
    with connection.cursor() as cursor:
        analyze(cursor)
    print(json.dumps({"accounts": count, "seconds": time.monotonic() - began}))


def _numbers(cursor: Any) -> int:
    """How many were made by an earlier call."""
    cursor.execute("SELECT count(*) FROM idm_accounts_account WHERE user_id_key LIKE 'crowd.%%'", [])
    return cursor.fetchone()[0]


def _people(cursor: Any, said: dict[str, str], now: Any) -> None:
    from bailiwick.idm.accounts.models import Account, KnownSsn, Person, SsnDigest, SsnNumber
    from bailiwick.idm.rules.signin import QUESTIONS
    from bailiwick.idm.signin.actions import encode_first
    from bailiwick.idm.signin.models import Authenticator, Password, SecurityAnswer

    some = Sql(said["bytes"])
    password, answer = encode_first(password="Nobody-Uses-This-4711", answer="nobody")
    name, mailbox = Sql("'crowd.' || i"), Sql("'crowd' || i || '@practice.example'")
    first = "CASE i % 10 " + " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(FIRST)) + " END"
    last = "'Crowd' || (i % 50000)"
    columns = {"id": Sql("id"), "user_id": name, "user_id_key": name, "email": mailbox, "email_key": mailbox}
    times = {"created_at": now, "first_signed_in_at": now, "last_signed_in_at": now}
    insert(cursor, Account, "bench_crowd", **columns, **times, phone="2025550100")
    insert(
        cursor,
        Person,
        "bench_crowd",
        account_id=Sql("id"),
        first_name=Sql(first),
        last_name=Sql(last),
        name_key=Sql(f"lower({first} || '|' || {last})"),
        birth_date_sealed=some,
        birth_date_digest=some,
        ssn_sealed=some,
        home_address_sealed=some,
        zip=Sql("'3' || (1000 + i % 8000)"),
        facts_at=now,
    )
    insert(cursor, KnownSsn, "bench_crowd", id=Sql("other"), identity=some, number_sealed=some)
    insert(cursor, SsnDigest, "bench_crowd", known_id=Sql("other"), digest=some)
    insert(cursor, SsnNumber, "bench_crowd", account_id=Sql("id"), digest=some, state="claim", claimed_at=now)
    insert(cursor, Password, "bench_crowd", account_id=Sql("id"), encoded=password, set_at=now)
    insert(
        cursor,
        SecurityAnswer,
        "bench_crowd",
        account_id=Sql("id"),
        question=QUESTIONS[0],
        encoded=answer,
        set_at=now,
    )
    row = {"name": "Crowd", "secret_sealed": some, "added_at": now, "confirmed_at": now}
    insert(cursor, Authenticator, "bench_crowd", id=Sql("other"), account_id=Sql("id"), **row)


def _roles(cursor: Any, said: dict[str, str], now: Any) -> None:
    """An organization for every hundred, a role and an entry of the ledger for each."""
    from bailiwick.ground.ledger.models import Entry
    from bailiwick.idm.access.models import Grant
    from bailiwick.idm.organizations.models import EnrollmentRecord, Organization

    some, name = Sql(said["bytes"]), Sql("'Crowd Practice ' || i || ', LLC'")
    insert(
        cursor,
        EnrollmentRecord,
        "bench_places",
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
    insert(cursor, Organization, "bench_places", id=Sql("other"), record_id=Sql("id"), created_at=now)
    _words(cursor)
    # The hundred first of the crowd have the first place, and so on.
    turn = f"(bench_crowd.i - (SELECT min(i) FROM bench_crowd)) / {PEOPLE_A_PLACE}"
    place = f"(SELECT p.other FROM bench_places p WHERE p.i = (SELECT min(i) FROM bench_places) + {turn})"
    insert(
        cursor,
        Grant,
        "bench_crowd",
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
    insert(cursor, Entry, "bench_crowd", at=now, deed="account:opened", actor="visitor", subject=who, **told)


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


if __name__ == "__main__":
    main(int(sys.argv[1]))
