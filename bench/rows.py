"""What a ledger entry costs beside a plain row, and a notice beside both: `python -m bench.rows`, a process of IDM.

Prints JSON: rates a second of committed writes, one value a round, both sides in turn.
"""

import json
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5
WRITES = 150
PLAIN = "CREATE TABLE bench_plain (id integer, deed varchar(80), actor varchar(80), subject varchar(80))"
ROW = "INSERT INTO bench_plain (id, deed, actor, subject) VALUES (%s, %s, %s, %s)"


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
    found: dict[str, list[float]] = {"plain": [], "ledger": [], "notice": []}
    works = {"plain": _plain, "ledger": _entry, "notice": _notice}
    for work in works.values():
        _rate(work, 10, start=-10)
    for turn in range(ROUNDS):
        for name, work in works.items():
            found[name].append(_rate(work, WRITES, start=turn * WRITES))
    print(json.dumps(found))


def _rate(work: Callable[[int, Any], None], count: int, *, start: int) -> float:
    from django.db import transaction

    from bailiwick.ground.program import clock

    began, now = time.perf_counter(), clock.now()
    for number in range(start, start + count):
        with transaction.atomic():
            work(number, now)
    return count / (time.perf_counter() - began)


def _plain(number: int, _now: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ROW, [number, "bench:row:written", "command", str(number)])


def _entry(number: int, now: Any) -> None:
    from bailiwick.ground.ledger.actions import append
    from bailiwick.ground.rulings import By
    from bailiwick.idm.rules.deeds import Deed

    append(Deed.SIGN_IN_COMPLETED, by=By("command"), now=now, subject=str(number), about={"number": number})


def _notice(number: int, now: Any) -> None:
    from bailiwick.ground.outbox.actions import notice

    context = {"code": "123456", "minutes": 30}
    key = f"bench:{now.isoformat()}:{number}"
    notice("sign_in_code", to="robin@practice.example", key=key, now=now, context=context, secret=True)


if __name__ == "__main__":
    main()
