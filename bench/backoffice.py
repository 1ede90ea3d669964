"""SPOT's desk among BENCH_CASES forms (default 100,000) and BENCH_PAIRS affiliated providers (default 500,000).

Whole pages but for the socket, each beside the bare statement for the same rows over the same connection; p95 has to be under
200 ms on PostgreSQL. `python -m bench.backoffice <cases> <pairs>`, a process of SPOT, fills its database and prints JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from bench.figures import Table
from bench.governance import MOST_MILLISECONDS, _within
from bench.stand import Stand

CASES, PAIRS = (
    int(os.environ.get(f"BENCH_{name}", usual)) for name, usual in (("CASES", "100000"), ("PAIRS", "500000"))
)
RECORDS, LARGEST, TURNS = 5_000, 5_000, 20
Work = Callable[[], object]

INBOX = """SELECT c.*, p.name, r.submitter_id FROM spot_forms_case c
LEFT JOIN spot_signin_person p ON p.id = c.assigned_to_id LEFT JOIN spot_enrollment_enrollmentrecord r ON r.id = c.record_id
WHERE c.state IN ('submitted', 'in_review') AND c.submitted_at IS NOT NULL ORDER BY c.submitted_at, c.created_at LIMIT 25"""
FOUND = """SELECT c.* FROM spot_forms_case c WHERE c.submitted_at IS NOT NULL AND c.search_key LIKE '%% bench%%'
AND c.search_key LIKE '%% 1234%%' ORDER BY c.submitted_at, c.created_at LIMIT 25"""
REGISTRY = """SELECT * FROM spot_enrollment_enrollmentrecord WHERE search_key LIKE '%% pract%%' AND search_key LIKE '%% 123%%'
ORDER BY status, legal_name, submitter_id LIMIT 25"""
BY_NPI = """SELECT p.*, r.legal_name FROM spot_services_provider p
JOIN spot_services_affiliation a ON a.provider_id = p.id AND a.ends_on IS NULL
JOIN spot_enrollment_enrollmentrecord r ON r.id = a.record_id WHERE p.npi = '0000001234' LIMIT 20"""
SERVED = """SELECT a.*, p.* FROM spot_services_affiliation a JOIN spot_services_provider p ON p.id = a.provider_id
JOIN spot_enrollment_enrollmentrecord r ON r.id = a.record_id WHERE r.submitter_id = 'B000000000' AND a.ends_on IS NULL
ORDER BY p.name, p.npi LIMIT 50"""
TIMES = """SELECT m.case_id, m.to_state, m.at FROM spot_forms_move m JOIN (SELECT id FROM spot_forms_case
WHERE state = 'approved' AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT 2000) c ON c.id = m.case_id"""
ROUTES = """SELECT p.name, p.ptan, p.npi, r.legal_name, r.submitter_id, e.starts_on FROM spot_services_eraroute e
JOIN spot_services_provider p ON p.id = e.provider_id JOIN spot_enrollment_enrollmentrecord r ON r.id = e.receiver_id"""
PAGES = {
    "inbox": ("/desk/", INBOX),
    "inbox, page 40": ("/desk/?page=40", INBOX),
    "inbox, two words of 100,000 forms": ("/desk/?text=bench+1234", FOUND),
    "registry, two words": ("/desk/registry/?text=pract+123", REGISTRY),
    "registry, a provider's NPI": ("/desk/registry/?text=0000001234", BY_NPI),
    "providers of one submitter, of 5,000": ("/account/B000000000/services/", SERVED),
    "times of a year, 2,000 forms": ("/desk/times/?days=365", TIMES),
}
TOLD_ONLY = ("times",)


def measure(stand: Stand) -> Table:
    """What it puts into SPOT's database stays: call it last."""
    found = stand.ask("backoffice", str(CASES), str(PAIRS), program="spot")
    table = Table(f"SPOT's desk among {CASES:,} forms and {PAIRS:,} affiliated providers · {stand.engine}")
    table.remarks = [f"Made in {found['made']:.0f} s by the database itself; {RECORDS:,} organizations."]
    for name, taken in found["pages"].items():
        is_limited = stand.engine == "postgresql" and not name.startswith(TOLD_ONLY)
        table.add(name, taken["page"], "ms", digits=1)
        limit = {"limit": MOST_MILLISECONDS} if is_limited else {}
        table.add("  95 of 100 within", _within(taken["page"]), "ms", digits=1, **limit)
        table.add("  processor time of SPOT", taken["processor"], "ms", digits=1)
        table.add("  the bare statement", taken["sql"], "ms", digits=2)
        table.add("  times the bare statement", median(taken["page"]) / median(taken["sql"]), digits=1)
    table.add(f"{found['lines']:,} ERA routes as a file", found["export"], "s")
    table.add("  the bare statement, read", found["bare_export"], "s")
    table.add("  memory above what it was", found["memory"], "MB", limit=48.0)
    return table


def main(cases: int, pairs: int) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    began = time.perf_counter()
    person = fill(cases, pairs)
    made = time.perf_counter() - began
    client = seat(person)
    pages = {}
    for name, (path, sql) in PAGES.items():
        page, processor = times(lambda path=path: read(client, path))
        pages[name] = {"page": page, "processor": processor, "sql": times(lambda sql=sql: bare(sql))[0]}
    print(json.dumps({"made": made, "pages": pages, **exporting(client)}))


def exporting(client: Any) -> dict[str, Any]:
    """The whole file, read as it comes; and the same rows bare."""
    before, lines = _memory(), 0
    began = time.perf_counter()
    answer = client.post("/desk/reports/era/export/")
    assert answer.status_code == 200, answer.content[:500]
    for piece in answer.streaming_content:
        lines += piece.count(b"\n")
    took, memory = time.perf_counter() - began, _memory() - before
    began = time.perf_counter()
    bare(ROUTES, most=1_000)
    return {"export": took, "bare_export": time.perf_counter() - began, "lines": lines - 1, "memory": memory}


def times(work: Work) -> tuple[list[float], list[float]]:
    """Milliseconds of each turn on the wall, and of this process's processor; one before is not counted."""
    work()
    found = []
    for _turn in range(TURNS):
        began, used = time.perf_counter(), time.process_time()
        work()
        found.append(((time.perf_counter() - began) * 1_000, (time.process_time() - used) * 1_000))
    return [wall for wall, _ in found], [used for _, used in found]


def read(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:500])


def bare(sql: str, *, most: int = 0) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, ())
        while cursor.fetchmany(most or 10_000):
            continue


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seat(person: Any) -> Any:
    """A browser in which that person is signed in, of the desk and of the largest organization."""
    from django.conf import settings
    from django.test import Client

    from bailiwick.ground.program import clock
    from bailiwick.spot.signin import secrets
    from bailiwick.spot.signin.models import Session
    from bailiwick.wire.claims import ACR_PHISHING_RESISTANT, GrantClaim, OrganizationClaim

    place = OrganizationClaim("1", "Bench Practice 0", "provider_office", "B000000000")
    grants = [
        GrantClaim("1", "help-desk", "SPOT Help Desk", "desk", "2026-01-02T00:00:00+00:00", None),
        GrantClaim("2", "end-user", "End User", "end_user", "2026-01-02T00:00:00+00:00", place),
    ]
    key, now = secrets.fresh(), clock.now()
    session = Session(
        key_digest=secrets.digest(key), person=person, sid="bench", acr=ACR_PHISHING_RESISTANT, amr=[],
        auth_time=now, token_issued_at=now, access_token_sealed=b"", id_token_sealed=b"", email_sealed=b"",
        grants=[grant.to_json() for grant in grants], started_at=now, last_seen_at=now, confirmed_at=now,
        asked_at=now,
    )  # fmt: skip
    session.email_sealed = secrets.seal("bench@desk.example", place=secrets.EMAIL, row=session.pk)
    session.save(force_insert=True)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def fill(cases: int, pairs: int) -> Any:
    """Forms, organizations, providers, services and routes, set by set; nobody opens any of the forms."""
    from django.db import connection, transaction

    from bailiwick.ground.program import clock
    from bailiwick.spot.signin.models import Person

    now = clock.now()
    person = Person.objects.create(
        issuer="https://idm.example", sub="bench", user_id="bench", name="Bench Desk", first_seen_at=now,
        last_signed_in_at=now,
    )  # fmt: skip
    words = WORDS[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        for most, sql in _statements(words, cases=cases, pairs=pairs):
            values = {"most": most, "now": now, "day": (now - timedelta(days=400)).date(), "person": person.pk,
                      "blob": b"\x00", "records": RECORDS, "largest": LARGEST}  # fmt: skip
            cursor.execute(f"{NUMBERS} {sql}", values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < %(most)s - 1)"
WORDS = {
    "postgresql": {
        "id": "lpad(to_hex({n}), 32, '0')::uuid",
        "text": "lpad(({n})::text, {width}, '0')",
        "ago": "%(now)s::timestamptz - ({n}) * interval '1 minute'",
    },
    "sqlite": {
        "id": "printf('%%032x', {n})",
        "text": "printf('%%0{width}d', {n})",
        "ago": "datetime(%(now)s, '-' || ({n}) || ' minutes')",
    },
}


def _statements(words: dict[str, str], *, cases: int, pairs: int) -> list[tuple[int, str]]:
    """(how many, INSERT … SELECT … FROM numbers) in an order that foreign keys can follow."""

    def identity(n: str) -> str:
        return words["id"].format(n=n)

    def text(n: str, width: int) -> str:
        return words["text"].format(n=n, width=width)

    def ago(n: str) -> str:
        return words["ago"].format(n=n)

    place = "CASE WHEN n < %(largest)s THEN 0 ELSE n %% %(records)s END"
    name = "'Bench Practice ' || n"
    key = "' bench practice ' || n || ' tampa ada bench'"
    state = (
        "CASE WHEN n %% 100 = 0 THEN 'submitted' WHEN n %% 100 = 1 THEN 'in_review' WHEN n %% 200 = 2 THEN 'returned' "
        "ELSE 'approved' END"
    )
    is_decided = "NOT (n %% 100 IN (0, 1) OR n %% 200 = 2)"
    moves = [
        ("sign", "awaiting_signature", "submitted", "n + 600"),
        ("take", "submitted", "in_review", "n + 400"),
        ("approve", "in_review", "approved", "n"),
    ]
    return [
        (RECORDS, f"""INSERT INTO spot_enrollment_enrollmentrecord (id, submitter_id, version, legal_name, kind, tin_sealed,
            tin_tag, address, phone, city, state, zip, approver_name, approver_email, approver_phone, backup_name, backup_email,
            backup_phone, status, form_number, form_signed_by, handover_on, confirmed_version, refused_version, refusal,
            search_key, enrolled_at, changed_at) SELECT {identity("n")}, 'B' || {text("n", 9)}, 1, {name}, 'provider_office',
            %(blob)s, 'ein', '1 Bench Street', '8135550100', 'Tampa', 'FL', '33601', 'Ada Bench', 'ada@bench.example', '', '', '',
            '', 'active', '', '', '', 1, 0, '', {key}, %(now)s, %(now)s FROM numbers"""),
        (pairs, f"""INSERT INTO spot_services_provider (id, ptan, npi, line_of_business, name, state)
            SELECT {identity("n")}, 'P' || {text("n", 9)}, {text("n", 10)}, 'B', 'Dr. Bench ' || n, 'FL' FROM numbers"""),
        (pairs, f"""INSERT INTO spot_services_affiliation (id, record_id, provider_id, provider_name, is_own, sends_claims,
            asks_status, starts_on, tracking, added_at, ended_by) SELECT {identity("n")}, {identity(place)}, {identity("n")},
            'Dr. Bench ' || n, TRUE, TRUE, FALSE, %(day)s, '', %(now)s, '' FROM numbers"""),
        (pairs // 2, f"""INSERT INTO spot_services_eraroute (id, provider_id, receiver_id, starts_on, tracking, routed_at,
            routed_by, ended_by) SELECT {identity("n")}, {identity("n")}, {identity(place)}, %(day)s, '', %(now)s, 'bench', ''
            FROM numbers"""),
        (cases, f"""INSERT INTO spot_forms_case (id, tracking, once, kind, kind_version, state, revision, contact_name,
            contact_email, organization, search_key, language, created_at, changed_at, submitted_at, assigned_to_id,
            decided_by_id, decided_at, decision_reason, record_id, holds_group, tin_passed_reason) SELECT {identity("n")},
            'F-' || {text("n", 12)}, {identity("n")}, 'new-provider-office', 1, {state}, 1, 'Ben Bench',
            'ben' || n || '@bench.example', {name}, {key}, 'en',
            {ago("n + 700")}, {ago("n")}, {ago("n + 600")}, CASE WHEN n %% 100 = 1 THEN %(person)s END,
            CASE WHEN {is_decided} THEN %(person)s END, CASE WHEN {is_decided} THEN {ago("n")} END, '',
            CASE WHEN {is_decided} THEN {identity("n %% %(records)s")} END, FALSE, '' FROM numbers"""),
        *(
            (cases, f"""INSERT INTO spot_forms_move (case_id, event, from_state, to_state, revision, at, by)
                SELECT {identity("n")}, '{event}', '{before}', '{after}', 1, {ago(minutes)}, 'bench' FROM numbers
                WHERE {is_decided}""")
            for event, before, after, minutes in moves
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
