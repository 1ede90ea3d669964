"""A night, a season and a forecast in a realm: `python -m bench.nights <realm.json>`, a process of IDM. Prints JSON.

What a database administrator would write by hand for the same rows is run first and taken back; then the product does it.
"""

import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

TURNS = 3
DUE_IN_30 = 30
TOLD_SECONDS = 20
SIGNING_IN = 200
REST = """UPDATE idm_access_grant SET inactivity_noted = 5 WHERE ended_at IS NULL AND certify_by >= %(today)s
AND application = 'spot' AND inactivity_noted < 5 AND started_at < %(since)s AND last_sign_in_at < %(since)s"""
NOTE = """INSERT INTO ledger_entry (at, deed, actor, subject, organization, application, source, why, outcome, about)
SELECT %(now)s, 'grant:role:rests', 'bench', CAST(g.account_id AS varchar), r.submitter_id, g.application, '', '', 'done',
{about} FROM idm_access_grant g JOIN idm_organizations_organization o ON o.id = g.organization_id
JOIN idm_organizations_enrollmentrecord r ON r.id = o.record_id WHERE g.inactivity_noted = 5"""
ABOUT = {
    "postgresql": "jsonb_build_object('grant', CAST(g.id AS varchar), 'role', g.role)",
    "sqlite": "json_object('grant', CAST(g.id AS varchar), 'role', g.role)",
}
OPEN = """INSERT INTO idm_access_certification
(grant_id, holder_id, due_on, outcome, comment, is_late, handed_why, notices, warnings)
SELECT id, account_id, certify_by, 'open', '', %(no)s, '', 0, 0 FROM idm_access_grant
WHERE ended_at IS NULL AND certify_by = %(due)s"""
LOSSES = """SELECT count(*), count(*) FILTER (WHERE {used} >= %(rests)s), count(*) FILTER (WHERE {used} < %(quiet)s),
{each} FROM idm_access_grant WHERE ended_at IS NULL AND organization_id IS NOT NULL AND certify_by >= %(today)s
AND application = 'spot'
AND (ends_on IS NULL OR ends_on >= %(today)s) AND {used} >= %(gone)s"""
EACH = """count(*) FILTER (WHERE {used} >= %(rests)s AND {used} < %(quiet)s AND {used} < %(rests{days})s),
count(*) FILTER (WHERE {used} < %(quiet)s AND {used} < %(gone{days})s), count(*) FILTER (WHERE ends_on < %(day{days})s),
count(*) FILTER (WHERE certify_by < %(day{days})s),
count(*) FILTER (WHERE ({used} < %(quiet)s AND {used} < %(gone{days})s)
OR ends_on < %(day{days})s OR certify_by < %(day{days})s)"""
USED = {
    "postgresql": "greatest(started_at, last_sign_in_at, restored_at)",
    "sqlite": "max(started_at, coalesce(last_sign_in_at, started_at), coalesce(restored_at, started_at))",
}
ALONE = """SELECT r.submitter_id, {each} FROM idm_access_grant JOIN idm_organizations_organization o ON o.id = organization_id
JOIN idm_organizations_enrollmentrecord r ON r.id = o.record_id JOIN idm_accounts_account a ON a.id = account_id
WHERE ended_at IS NULL AND certify_by >= %(today)s AND {used} >= %(gone)s AND r.status = 'active' GROUP BY r.submitter_id"""
ABLE = """count(*) FILTER (WHERE a.state = 'active' AND role LIKE '%%approver' AND {used} >= {since})"""


class Enough(Exception):
    """The round has run for long enough to know what a notice takes."""


def main(_realm: str) -> None:
    import django

    django.setup()
    from bailiwick.ground.program import clock

    now = clock.now()
    found = {"forecast": _forecast(now), "alone": _alone(now)}
    before = _peak()
    with Signing(now) as signing:
        found["round"] = _round(now)
        found["season"] = _season(now)
    found["growth"] = _peak() - before
    found["waits"] = signing.waits
    found |= _telling(now)
    print(json.dumps(found))


def _peak() -> float:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return (time.perf_counter() - began) * 1000, done


def _written(*statements: tuple[str, dict[str, Any]]) -> float:
    """Milliseconds of statements in one transaction that is taken back, with what its commit would have checked."""
    from django.db import connection, transaction

    with transaction.atomic():
        taken = sum(_timed(lambda sql=sql, values=values: _run(sql, values))[0] for sql, values in statements)
        if connection.vendor == "postgresql":
            # References are checked at the commit: ours are, so these are, too.
            taken += _timed(lambda: _run("SET CONSTRAINTS ALL IMMEDIATE", {}))[0]
        transaction.set_rollback(True)
    return taken


def _run(sql: str, values: dict[str, Any]) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        named = {name: value for name, value in values.items() if f"%({name})s" in sql}
        cursor.execute(sql, named)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def _words(table: dict[str, str]) -> str:
    from django.db import connection

    return table[connection.vendor]


def _dates(now: Any) -> dict[str, Any]:
    """The instants and days that the bare statements compare with."""
    from bailiwick.idm.access.queries.authority import zone
    from bailiwick.idm.rules.days import day_of, oldest_still_within

    def since(days: int, at: Any = now) -> Any:
        return oldest_still_within(at, timedelta(days=days), zone())

    found = {"now": now, "no": False, "today": day_of(now, zone()), "since": since(30)}
    found |= {"due": found["today"] + timedelta(days=DUE_IN_30)}
    found |= {"rests": since(30), "quiet": since(15), "gone": since(90)}
    for days in (30, 60, 90):
        at = now + timedelta(days=days)
        found |= {
            f"rests{days}": since(30, at),
            f"gone{days}": since(90, at),
            f"day{days}": day_of(at, zone()),
        }
    return found


def _round(now: Any) -> dict[str, Any]:
    """Everybody who was last seen two months ago comes to rest in one night."""
    from bailiwick.ground.rulings import By
    from bailiwick.idm.access.actions import note_inactivity

    dates = _dates(now)
    bare = [_written((REST, dates), (NOTE.format(about=_words(ABOUT)), dates)) for _ in range(TURNS)]
    ours, rows = _timed(lambda: note_inactivity(by=By("system:bench"), now=now))
    return {"rows": rows, "ours": [ours], "bare": bare}


def _season(now: Any) -> dict[str, Any]:
    """One role in thirty falls due on one day, and its certification opens today."""
    from bailiwick.ground.rulings import By
    from bailiwick.idm.access.actions import open_certifications
    from bailiwick.idm.access.models import Grant

    dates = _dates(now)
    keys = list(Grant.objects.order_by("pk").values_list("pk", flat=True)[: Grant.objects.count() // 30])
    for at in range(0, len(keys), 1000):
        Grant.objects.filter(pk__in=keys[at : at + 1000]).update(certify_by=dates["due"])
    bare = [_written((OPEN, dates)) for _ in range(TURNS)]
    ours, rows = _timed(lambda: open_certifications(by=By("system:bench"), now=now))
    assert rows == len(keys), (rows, len(keys))
    return {"rows": rows, "ours": [ours], "bare": bare}


def _forecast(now: Any) -> dict[str, Any]:
    from django.conf import settings

    from bailiwick.idm.access.models import Grant
    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation.forecasting import losses_ahead, numbers_of

    numbers, dates, used = (
        numbers_of(catalogue().application("spot"), settings.LIMITS),
        _dates(now),
        _words(USED),
    )
    each = ",".join(EACH.format(used=used, days=days) for days in (30, 60, 90))
    sql = LOSSES.format(used=used, each=each)
    bare = [_timed(lambda: _run(sql, dates)) for _ in range(TURNS)]
    ours = [_timed(lambda: losses_ahead(numbers, now=now)) for _ in range(TURNS)]
    told, known = ours[0][1], bare[0][1][0]
    assert (told["held"], told["active"], told["lost_90"]) == (known[0], known[1], known[-1]), (told, known)
    return {"rows": Grant.objects.count(), "ours": [one for one, _ in ours], "bare": [one for one, _ in bare]}


def _alone(now: Any) -> dict[str, Any]:
    from django.conf import settings

    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.organizations.models import Organization
    from bailiwick.idm.simulation.forecasting import alone_ahead, numbers_of

    numbers, dates, used = (
        numbers_of(catalogue().application("spot"), settings.LIMITS),
        _dates(now),
        _words(USED),
    )
    least = "least" if used.startswith("greatest") else "min"
    since = ("%(rests)s", *(f"{least}(%(quiet)s, %(rests{days})s)" for days in (30, 60, 90)))
    each = ",".join(ABLE.format(used=used, since=one) for one in since)
    sql = ALONE.format(each=each, used=used)
    bare = [_timed(lambda: _run(sql, dates))[0] for _ in range(TURNS)]
    ours = [_timed(lambda: alone_ahead(numbers, now=now))[0] for _ in range(TURNS)]
    return {"rows": Organization.objects.count(), "ours": ours, "bare": bare}


def _telling(now: Any) -> dict[str, list[float]]:
    """Milliseconds a notice: as many as fit into some seconds of each round."""
    from bailiwick.ground.outbox.models import Message
    from bailiwick.idm.access.actions import tell_certifiers, tell_owed

    found = {}
    for name, tell in (
        ("holders", lambda: tell_owed(now=now)),
        ("certifiers", lambda: tell_certifiers(now=now)),
    ):
        before = Message.objects.count()
        taken, _ = _timed(lambda tell=tell: _for_a_while(tell))
        found[name] = [taken / max(1, Message.objects.count() - before)]
    return found


def _by() -> Any:
    from bailiwick.ground.rulings import By

    return By("system:bench")


def _for_a_while(tell: Callable[[], Any]) -> None:
    """The round, stopped between two statements after a while: what was committed stays, as after a kill."""
    from django.db import connection

    until = time.monotonic() + TOLD_SECONDS

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if time.monotonic() > until:
            raise Enough
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(watch):
            tell()
    except Enough:
        pass


class Signing:
    """People who sign in all the while, in a thread with a connection of its own; `waits`: milliseconds each."""

    def __init__(self, now: Any) -> None:
        self.now, self.waits, self._stop = now, [0.0], threading.Event()
        self._thread = threading.Thread(target=self._sign_in)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sign_in(self) -> None:
        from django.db import connection

        from bailiwick.idm.access.actions import stamp_sign_in
        from bailiwick.idm.access.models import Grant

        rows = Grant.objects.select_related("account").order_by("pk")[:SIGNING_IN]
        people = [grant.account for grant in rows]
        for account in people[:1]:
            stamp_sign_in(account=account, application="spot", now=self.now)
        while not self._stop.wait(0.02):
            account = people[len(self.waits) % len(people)]
            taken, _ = _timed(
                lambda account=account: stamp_sign_in(account=account, application="spot", now=self.now)
            )
            self.waits.append(taken)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
