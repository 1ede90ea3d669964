"""Approvers and desks at work in a realm: `python -m bench.governing <realm.json>`, a process of IDM beside the database.

Each page is asked for through the whole of IDM but its socket; beside it the bare statement that a database
administrator would write for the same rows, over the same connection. Prints milliseconds on the wall and
of the processor, a value a turn, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

TURNS = 20
Work = Callable[[], object]
PENDING = """SELECT r.number, r.submitted_at, p.first_name, p.last_name, a.user_id FROM idm_access_rolerequest r
JOIN idm_accounts_account a ON a.id = r.account_id JOIN idm_accounts_person p ON p.account_id = a.id
WHERE r.state = 'pending' AND r.organization_id = %s AND r.role = 'end-user' ORDER BY r.submitted_at LIMIT 50"""
MEMBERS = """SELECT a.user_id, p.first_name, p.last_name, g.role FROM idm_access_grant g
JOIN idm_accounts_account a ON a.id = g.account_id JOIN idm_accounts_person p ON p.account_id = a.id
WHERE g.organization_id = %s AND g.ended_at IS NULL ORDER BY p.last_name LIMIT 21"""
BY_NAME = """SELECT a.id, a.user_id, p.first_name, p.last_name FROM idm_accounts_account a
JOIN idm_accounts_person p ON p.account_id = a.id WHERE p.name_key LIKE %s ORDER BY p.last_name, p.first_name LIMIT 21"""
BY_USER_ID = """SELECT a.id, a.user_id, p.first_name, p.last_name FROM idm_accounts_account a
JOIN idm_accounts_person p ON p.account_id = a.id WHERE a.user_id_key LIKE %s ORDER BY a.user_id_key LIMIT 21"""
PERSON = """SELECT a.*, p.*, (SELECT count(*) FROM idm_access_grant g WHERE g.account_id = a.id),
(SELECT count(*) FROM idm_access_rolerequest r WHERE r.account_id = a.id) FROM idm_accounts_account a
JOIN idm_accounts_person p ON p.account_id = a.id WHERE a.id = %s"""
PLACES = """SELECT o.id, r.legal_name FROM idm_organizations_organization o
JOIN idm_organizations_enrollmentrecord r ON r.id = o.record_id
WHERE r.legal_name_key LIKE %s AND r.legal_name_key LIKE %s ORDER BY r.legal_name_key LIMIT 50"""
HEALTH = """SELECT g.organization_id, count(*), min(g.last_sign_in_at), min(g.started_at) FROM idm_access_grant g
JOIN idm_accounts_account a ON a.id = g.account_id WHERE g.ended_at IS NULL AND a.state = 'active'
AND g.role LIKE '%%approver' GROUP BY g.organization_id"""


def main(realm: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    known = json.loads(Path(realm).read_text())
    seats = Seats(known)
    found = {name: both(page, bare) for name, (page, bare) in works(seats).items()}
    found["health of all organizations"] = both(seats.health, seats.bare_health, 3)
    found[f"deciding {len(known['askers']) // 2:,} requests"] = seats.deciding()
    print(json.dumps(found))


def times(work: Work, turns: int = TURNS) -> list[float]:
    """Milliseconds of each turn; one before is not counted."""
    work()
    return [_timed(work)[0] for _ in range(turns)]


def _timed(work: Work) -> tuple[float, float]:
    """Milliseconds on the wall, and of this process's processor."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000


def both(page: Work, bare: Work, turns: int = TURNS) -> dict[str, list[float]]:
    """A page or an act beside its bare statement."""
    page()
    taken = [_timed(page) for _ in range(turns)]
    return {
        "page": [wall for wall, _ in taken],
        "processor": [used for _, used in taken],
        "sql": times(bare, turns),
    }


class Seats:
    """Who sits where: approvers of places of every size in turn, one at the largest, one at each desk."""

    def __init__(self, known: dict[str, Any]) -> None:
        from bailiwick.idm.accounts.models import Account

        self.known = known
        self.accounts = Account.objects.in_bulk(known["approvers"])
        self.accounts = {str(key): account for key, account in self.accounts.items()}
        self.approvers = [self.browser(key) for key in known["approvers"][1:21]]
        self.places = known["places"][1:21]
        self.largest = self.browser(known["approvers"][0])
        self.desks = {"spot": self.desk("help-desk", "spot"), "idm": self.desk("tier-1", "idm")}
        self.searchers = [self.browser(key) for key in known["approvers"][21:24]]
        for searcher in self.searchers:
            searcher.post("/role-request/start-over/", {"application": "spot"})
            searcher.post("/role-request/role/", {"role": "end-user"})

    def browser(self, key: str) -> Any:
        from django.conf import settings
        from django.test import Client

        from bailiwick.ground.program import clock
        from bailiwick.ground.rulings import By
        from bailiwick.idm.sessions import actions as sessions

        account, by, now = self.accounts[key], By("command"), clock.now()
        session, _ = sessions.begin(account=account, by=by, now=now)
        cookie = sessions.complete(session=session, factor="passkey", stage="full", by=by, now=now)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        return client

    def desk(self, role: str, application: str) -> Any:
        """One of the approvers of small places, who now has a desk too: to a desk's page that makes no difference."""
        from bailiwick.ground.program import clock
        from bailiwick.ground.rulings import By
        from bailiwick.idm.access.actions import grant_by_bootstrap

        key = self.known["approvers"][-1 if application == "spot" else -2]
        grant_by_bootstrap(
            account=self.accounts[key], application=application, role=role, by=By("command"), now=clock.now()
        )
        return self.browser(key)

    def health(self) -> object:
        from bailiwick.ground.program import clock
        from bailiwick.idm.access.queries import healths_of
        from bailiwick.idm.organizations.models import Organization

        return healths_of(list(Organization.objects.select_related("record")), now=clock.now())

    def bare_health(self) -> object:
        return rows(HEALTH)

    def deciding(self) -> dict[str, list[float]]:
        """Half of the requests by the product, the other half by the bare statements that write the same rows."""
        from django.conf import settings

        from bailiwick.ground.program import clock
        from bailiwick.ground.rulings import By
        from bailiwick.idm.access.actions import Decision, decide_many
        from bailiwick.idm.access.models import RoleRequest
        from bailiwick.idm.access.queries import weigh
        from bailiwick.idm.rules.grants import SignInStrength
        from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

        decider, now = self.accounts[self.known["approvers"][0]], clock.now()
        strength = SignInStrength(
            acr=ACR_PHISHING_RESISTANT, is_limited=False, desk_level=settings.DESK_LEVEL
        )
        waiting = list(RoleRequest.objects.filter(account__in=self.known["askers"]).order_by("number"))
        half = len(waiting) // 2
        chosen = waiting[:half]
        weighed = weigh([one.pk for one in chosen], decider, strength=strength, now=now)
        decisions = [
            Decision(request=one, approve=True, snapshot_digest=weighed[one.pk].picture.digest)
            for one in chosen
        ]
        by = By(actor=str(decider.pk))
        given = {"decider": decider, "strength": strength, "by": by, "now": now}
        wall, used = _timed(lambda: decide_many(decisions=decisions, **given))
        done = RoleRequest.objects.filter(pk__in=[one.pk for one in chosen], state="approved").count()
        assert done == half, (done, half)
        bare = _bare_decisions(waiting[half : 2 * half], decider, now)
        return {"page": [wall], "processor": [used], "sql": [bare]}


def works(seats: Seats) -> dict[str, tuple[Work, Work]]:
    """Name of the page -> (asking for it, its bare statement)."""
    turn, place, search = cycle(seats.approvers), cycle(seats.places), cycle(seats.searchers)
    person, opened = cycle(seats.known["askers"][:5]), cycle(seats.known["askers"][:5])
    idm, spot, largest = seats.desks["idm"], seats.desks["spot"], seats.known["largest"]
    for key in seats.known["askers"][:5]:
        number = _user_id(key)
        idm.post("/manage-users/", {"text": number, "reason": "They call about a code."})

    def searched(client: Any, text: str) -> Work:
        return lambda: got(client.post("/manage-users/", {"text": text, "reason": "They call about a code."}))

    return {
        "approver's queue, any place": (
            lambda: got(next(turn).get("/requests/")),
            lambda: rows(PENDING, next(place)),
        ),
        "approver's queue, the largest": (
            lambda: got(seats.largest.get("/requests/")),
            lambda: rows(PENDING, largest),
        ),
        "Manage Users of an approver": (
            lambda: got(next(turn).get("/manage-users/")),
            lambda: rows(MEMBERS, next(place)),
        ),
        "Manage Users, the largest place": (
            lambda: got(seats.largest.get("/manage-users/")),
            lambda: rows(MEMBERS, largest),
        ),
        "search by name, IDM's desk": (
            searched(idm, "Robin Larkharon"),
            lambda: rows(BY_NAME, "robin|larkharon%"),
        ),
        "search by user ID, IDM's desk": (
            searched(idm, "realm.4321"),
            lambda: rows(BY_USER_ID, "realm.4321%"),
        ),
        "search by name, SPOT's desk": (
            searched(spot, "Robin Larkharon"),
            lambda: rows(BY_NAME, "robin|larkharon%"),
        ),
        "person page, IDM's desk": (
            lambda: got(idm.get(f"/manage-users/people/{next(person)}/")),
            lambda: rows(PERSON, next(opened)),
        ),
        "organization search": (
            lambda: got(
                next(search).post(
                    "/role-request/organization/search/", {"name": "meadowson clinic", "city": "Orlando"}
                )
            ),
            lambda: rows(PLACES, "%meadowson%", "%clinic%"),
        ),
        "home of an approver": (lambda: got(next(turn).get("/home/")), lambda: rows(MEMBERS, next(place))),
    }


def _user_id(key: str) -> str:
    from bailiwick.idm.accounts.models import Account

    return Account.objects.get(pk=key).user_id


def got(answer: Any) -> None:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code, answer.headers)


def rows(sql: str, *values: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, [_key(value) for value in values])
        return cursor.fetchall()


def _key(value: str) -> str:
    """SQLite keeps keys without hyphens."""
    from django.db import connection

    is_key = len(value) == 36 and value.count("-") == 4
    return value.replace("-", "") if is_key and connection.vendor == "sqlite" else value


def _bare_decisions(requests: list[Any], decider: Any, now: Any) -> float:
    """What the decisions write, as four statements of a set each; the notices' texts are made before."""
    from django.db import connection, transaction

    from bailiwick.ground.ledger.models import Entry
    from bailiwick.ground.outbox.models import Message
    from bailiwick.idm.access.models import Grant
    from bench.setwise import Sql, insert, words

    late = now - timedelta(minutes=1)
    fresh = words()["uuid"]
    keys = [one.pk.hex if connection.vendor == "sqlite" else str(one.pk) for one in requests]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_chosen (id varchar(36))")
        cursor.executemany("INSERT INTO bench_chosen (id) VALUES (%s)", [[key] for key in keys])
    source = "idm_access_rolerequest r JOIN bench_chosen c ON CAST(r.id AS varchar(36)) = c.id"
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE idm_access_rolerequest SET state = 'approved', decided_at = %s, decided_by_id = %s "
            "WHERE CAST(id AS varchar(36)) IN (SELECT id FROM bench_chosen)",
            [now, _key(str(decider.pk))],
        )
        columns = ("account_id", "application", "role", "organization_id")
        copied = {name: Sql(f"r.{name}") for name in columns}
        days = {"started_at": now, "certify_by": (now + timedelta(days=365)).date()}
        insert(cursor, Grant, source, id=Sql(fresh), request_id=Sql("r.id"), **days, **copied)
        who = Sql("CAST(r.account_id AS varchar(36))")
        for deed in ("request:role:approved", "grant:role:started"):
            told = {
                "actor": str(decider.pk),
                "subject": who,
                "application": Sql("r.application"),
                "about": {},
            }
            blank = {"organization": "", "source": "", "why": "", "outcome": "done"}
            insert(cursor, Entry, source, at=now, deed=deed, **told, **blank)
        key, body = Sql("'bare:' || r.number"), b"x" * 1500
        about = {
            "channel": "email",
            "kind": "request-approved",
            "to": "bare@realm.example",
            "subject": "Approved",
        }
        times_ = {"created_at": late, "next_try_at": late}
        insert(cursor, Message, source, key=key, body=body, state="waiting", **about, **times_)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main(sys.argv[1])
