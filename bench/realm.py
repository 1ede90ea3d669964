"""A realm to govern: `python -m bench.realm <people>`, a process of IDM.

1,000,000 people give 20,000 organizations and 3,000,000 roles. Organizations have sizes by a long tail, the largest a
hundredth of all people; each has an approver and, but for the smallest, a backup; one role in thirty-three rests. Names
of people and organizations share parts, as real ones do.

Rows are made by the database itself (bench/setwise.py). Only those whom a bench opens have sealed values that open:
approvers, and those who ask for a role at the largest organization (one in fifty of all people, at most 20,000), who are
proofed too. Prints who and what there is, as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bench.setwise import Sql, analyze, insert, lay_out, trust_references, words

PEOPLE_A_PLACE = 50
ROLES_A_PERSON = 3
LEAST_OF_THE_LARGEST = 600
MOST_ASKING = 20_000
APPROVERS_OPENED = 200
AT_ONCE = 1_000
KINDS = ("provider_office", "billing_service")
FIRST = (
    "Robin",
    "Sasha",
    "Alex",
    "Jordan",
    "Casey",
    "Morgan",
    "Taylor",
    "Riley",
    "Quinn",
    "Avery",
    "Jamie",
    "Dana",
)
PARTS = (
    "lark",
    "meadow",
    "har",
    "brook",
    "her",
    "palm",
    "ort",
    "wal",
    "quill",
    "stone",
    "fern",
    "ald",
    "birch",
    "cel",
)
ENDS = ("on", "er", "ley", "wood", "field", "ton", "ford", "well", "son", "by", "ham", "worth")
PRACTICES = (
    "Family Practice",
    "Medical Group",
    "Clinic",
    "Health Partners",
    "Billing Services",
    "Associates",
)


def main(people: int) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from bailiwick.ground.program import clock

    began, now = time.monotonic(), clock.now()
    places = max(10, people // PEOPLE_A_PLACE)
    sizes = tail(places, people * ROLES_A_PERSON, max(LEAST_OF_THE_LARGEST, people // 100))
    with transaction.atomic(), connection.cursor() as cursor:
        trust_references(cursor)
        lay_out(cursor, "realm_people", people)
        lay_out(cursor, "realm_places", places)
        _sizes(cursor, sizes)
        _people(cursor, now)
        _places(cursor, now)
        _roles(cursor, people, now)
        told = _told(cursor, people)
    _open_values(told["approvers"] + told["askers"], now)
    _ask(told["askers"], told["largest"], now)
    with connection.cursor() as cursor:
        analyze(cursor)
    told |= {"people": people, "organizations": places, "grants": sum(sizes)}
    print(json.dumps(told | {"seconds": time.monotonic() - began}))


def tail(count: int, total: int, largest: int) -> list[int]:
    """`count` sizes that fall off by a power, the first `largest`, together about `total`."""
    low, high = 0.0, 3.0
    for _ in range(60):
        power = (low + high) / 2
        found = [max(1, round(largest * rank**-power)) for rank in range(1, count + 1)]
        low, high = (power, high) if sum(found) > total else (low, power)
    return found


def _sizes(cursor: Any, sizes: list[int]) -> None:
    """Each place with its size, and with how many roles there are before it."""
    cursor.execute("CREATE TEMPORARY TABLE realm_sizes (i integer, size integer, before integer)")
    before, rows = 0, []
    for rank, size in enumerate(sizes, start=1):
        rows.append((rank, size, before))
        before += size
    cursor.executemany("INSERT INTO realm_sizes (i, size, before) VALUES (%s, %s, %s)", rows)


def _people(cursor: Any, now: datetime) -> None:
    from bailiwick.idm.accounts.models import Account, Person
    from bailiwick.idm.accounts.queries import terms_in_force

    some, name = Sql(words()["bytes"]), Sql("'realm.' || i")
    mailbox = Sql("'realm' || i || '@realm.example'")
    columns = {"id": Sql("id"), "user_id": name, "user_id_key": name, "email": mailbox, "email_key": mailbox}
    long_ago = now - timedelta(days=400)
    times = {"created_at": long_ago, "first_signed_in_at": long_ago, "last_signed_in_at": now}
    terms = {"terms_version": terms_in_force().version, "terms_at": now}
    insert(cursor, Account, "realm_people", **columns, **times, **terms, phone="2025550100")
    # Three parts by three different measures: some 2,000 family names, each of which hundreds have.
    last = f"{_one_of(PARTS, 'i')} || {_one_of(PARTS, 'i / 7')} || {_one_of(ENDS, 'i / 11')}"
    first = _one_of(FIRST, "i")
    insert(
        cursor,
        Person,
        "realm_people",
        account_id=Sql("id"),
        first_name=Sql(first),
        last_name=Sql(f"upper(substr({last}, 1, 1)) || substr({last}, 2)"),
        name_key=Sql(f"lower({first}) || '|' || {last}"),
        birth_date_sealed=some,
        birth_date_digest=some,
        ssn_sealed=some,
        home_address_sealed=some,
        zip=Sql("'3' || (1000 + i % 8000)"),
        facts_at=long_ago,
    )


def _one_of(choices: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(choices))
    return f"(CASE ({number}) % {len(choices)} {cases} END)"


def _place_name() -> str:
    town = f"{_one_of(PARTS, 'i')} || {_one_of(ENDS, 'i / 3')}"
    return f"{town} || ' ' || {_one_of(PARTS, 'i / 5')} || ' ' || {_one_of(PRACTICES, 'i')}"


def _places(cursor: Any, now: datetime) -> None:
    from bailiwick.idm.organizations.models import EnrollmentRecord, NameWord, Organization, WordGram
    from bailiwick.idm.rules.organizations import grams_of

    some, name = Sql(words()["bytes"]), _place_name()
    insert(
        cursor,
        EnrollmentRecord,
        "realm_places",
        id=Sql("id"),
        application="spot",
        submitter_id=Sql("'REALM' || i"),
        version=1,
        content_digest="0" * 64,
        legal_name=Sql(name),
        legal_name_key=Sql(f"lower({name})"),
        kind=Sql(_one_of(KINDS, "i")),
        tin_sealed=some,
        tin_digest=some,
        tin_tag="ein",
        address="1 Realm Road",
        phone="2025550100",
        city="Orlando",
        city_key="orlando",
        state="FL",
        zip=Sql("'32' || (800 + i % 100)"),
        approver_name="Robin Realm",
        approver_email="realm@practice.example",
        received_at=now,
    )
    insert(cursor, Organization, "realm_places", id=Sql("other"), record_id=Sql("id"), created_at=now)
    parts = {part + end for part in PARTS for end in ENDS} | set(PARTS)
    spoken = sorted(parts | {word.lower() for practice in PRACTICES for word in practice.split()})
    word, links = NameWord._meta.db_table, EnrollmentRecord.words.through._meta.db_table
    NameWord.objects.bulk_create([NameWord(word=one) for one in spoken], ignore_conflicts=True)
    kept = list(NameWord.objects.filter(word__in=spoken))
    grams = [WordGram(word=one, gram=gram) for one in kept for gram in grams_of(one.word)]
    WordGram.objects.bulk_create(grams, ignore_conflicts=True)
    cursor.execute(
        f"INSERT INTO {links} (enrollmentrecord_id, nameword_id) SELECT r.id, w.id "
        f"FROM realm_places p JOIN {EnrollmentRecord._meta.db_table} r ON r.id = p.id JOIN {word} w "
        "ON ' ' || r.legal_name_key || ' ' LIKE '% ' || w.word || ' %'"
    )


def _roles(cursor: Any, people: int, now: datetime) -> None:
    """Place after place takes the next people in a row: nobody twice at one place, everybody at three in the mean."""
    from bailiwick.idm.access.models import Grant

    held = (
        "(SELECT n.i AS turn, s.before + n.i AS number, s.i AS place, p.other AS organization, a.id AS holder "
        "FROM realm_sizes s JOIN realm_places p ON p.i = s.i JOIN realm_people n ON n.i <= s.size "
        f"JOIN realm_people a ON a.i = (s.before + n.i) % {people} + 1) AS held"
    )
    office = "CASE place % 2 WHEN 0 THEN 'provider-office' ELSE 'business-office' END"
    role = f"CASE turn WHEN 1 THEN {office} || '-approver' WHEN 2 THEN {office} || '-backup-approver' ELSE 'end-user' END"
    recent, rested = "'" + (now - timedelta(days=3)).isoformat(" ") + "'", _ago(now, 60)
    used = f"CASE WHEN turn > 2 AND number % 33 = 0 THEN {rested} ELSE {recent} END"
    if words()["series"] == "":
        used = f"CAST({used} AS timestamptz)"
    insert(
        cursor,
        Grant,
        held,
        id=Sql(words()["uuid"]),
        account_id=Sql("holder"),
        application="spot",
        role=Sql(role),
        organization_id=Sql("organization"),
        started_at=now - timedelta(days=200),
        certify_by=(now + timedelta(days=165)).date(),
        last_sign_in_at=Sql(used),
    )


def _ago(now: datetime, days: int) -> str:
    return "'" + (now - timedelta(days=days)).isoformat(" ") + "'"


def _told(cursor: Any, people: int) -> dict[str, Any]:
    """Ids: the largest and a middling organization, approvers of places of every size, those who will ask at the largest."""
    step = "SELECT max(i) / %s FROM realm_sizes"
    cursor.execute(
        "SELECT p.other, a.id, s.size FROM realm_sizes s JOIN realm_places p ON p.i = s.i JOIN realm_people a "
        f"ON a.i = (s.before + 1) %% {people} + 1 WHERE s.i = 1 OR s.i %% (1 + ({step})) = 0 ORDER BY s.i",
        [APPROVERS_OPENED],
    )
    found = [
        (str(UUID(str(place))), str(UUID(str(person))), size) for place, person, size in cursor.fetchall()
    ]
    asking = min(MOST_ASKING, max(20, people // 50))
    # The people of the largest place are the first; who asks comes long after them.
    cursor.execute("SELECT id FROM realm_people WHERE i > %s ORDER BY i LIMIT %s", [people // 2, asking])
    askers = [str(UUID(str(row[0]))) for row in cursor.fetchall()]
    return {
        "largest": found[0][0],
        "approvers": [person for _, person, _ in found],
        "places": [place for place, _, _ in found],
        "sizes": [size for _, _, size in found],
        "askers": askers,
    }


def _open_values(keys: list[str], now: datetime) -> None:
    """Values that open, and a proofing that holds, for these."""
    from bailiwick.idm.accounts.columns import person_columns
    from bailiwick.idm.accounts.models import Account, Person
    from bailiwick.idm.proofing.models import Case
    from bailiwick.idm.proofing.queries import facts_digest
    from bailiwick.idm.rules.accounts import Address, PersonalFacts

    draw = random.Random(4821)
    for some in _batches(sorted(set(keys))):
        rows, cases = [], []
        for account in Account.objects.select_related("person").filter(pk__in=some):
            facts = PersonalFacts(
                first=account.person.first_name,
                middle="",
                last=account.person.last_name,
                suffix="",
                birth_date=date(1950, 1, 1) + timedelta(days=draw.randrange(18_000)),
                ssn="",
                address=Address("12 Larkspur Lane", "Orlando", "FL", "32801"),
                phone=account.phone,
                email=account.email,
            )
            rows.append(Person(account=account, **person_columns(account, facts, now=now)))
            digest = facts_digest(account, facts)
            about = {"terms_version": "1", "method": "online", "facts_digest": digest}
            cases.append(Case(account=account, state="verified", consented_at=now, verified_at=now, **about))
        names = [field.name for field in Person._meta.local_concrete_fields if not field.primary_key]
        Person.objects.bulk_update(rows, names, batch_size=200)
        Case.objects.bulk_create(cases)


def _ask(keys: list[str], organization: str, now: datetime) -> None:
    """A request of each for the end user's role at one organization, as the product writes it."""
    from bailiwick.idm.access.models import RoleRequest
    from bailiwick.idm.access.queries.review import snapshot_of
    from bailiwick.idm.accounts.models import Account
    from bailiwick.idm.organizations.models import Organization
    from bailiwick.idm.rules.requests import digest_of

    place = Organization.objects.select_related("record").get(pk=organization)
    number = 0
    for some in _batches(keys):
        rows = []
        for account in Account.objects.select_related("person").filter(pk__in=some):
            number += 1
            row = RoleRequest(
                number=f"R-{number // 10_000:04}-{number % 10_000:04}",
                once=uuid4(),
                account=account,
                application="spot",
                role="end-user",
                way="pick",
                organization=place,
                record=place.record,
                reason="I start work there on Monday.",
                submitted_at=now - timedelta(days=1),
                expires_at=now + timedelta(days=50),
            )
            row.snapshot = snapshot_of(row, is_proofed=True)
            row.snapshot_digest = digest_of(row.snapshot)
            rows.append(row)
        RoleRequest.objects.bulk_create(rows)


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]


if __name__ == "__main__":
    main(int(sys.argv[1]))
