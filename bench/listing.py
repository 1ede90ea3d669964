"""A list of BENCH_ROWS lines (default 5,000): read from XLSX, kept, and served, each beside the bare work that it rests on.

`python -m bench.listing <rows>`, a process of SPOT, prints JSON.
"""

import json
import os
import resource
import sys
import time
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

from bench.figures import Table
from bench.stand import Stand

ROWS = int(os.environ.get("BENCH_ROWS", "5000"))
ROUNDS = 3


def measure(stand: Stand) -> Table:
    """Reading is mostly a process of its own, opening the workbook; serving is mostly two inserts a line."""
    found = stand.ask("listing", str(ROWS), program="spot")
    table = Table(f"A list of {ROWS:,} lines · {stand.engine}")
    table.remarks = [
        "bare: openpyxl reads the same cells in this process; the same rows by two bulk inserts, or by three."
    ]
    table.add("bare reading of the workbook", found["bare_read"], "s")
    table.add("read in a process of its own, and checked", found["read"], "s")
    table.add("for each bare reading", _ratios(found, "read", "bare_read"), limit=4.0)
    table.add("kept: sealed, with its version", found["kept"], "s", limit=1.0)
    table.add("bare inserts of providers and affiliations", found["bare_served"], "s")
    table.add("served: locked, told apart, inserted", found["served"], "s")
    table.add("for each bare insert", _ratios(found, "served", "bare_served"), limit=3.0)
    table.add("served, every remittance taken over from another", found["taken"], "s")
    table.add("for each bare insert of routes beside it", _ratios(found, "taken", "bare_taken"), limit=3.0)
    table.add("memory above the first round", found["memory"], "MB", limit=32.0)
    return table


def _ratios(found: dict[str, Any], ours: str, bare: str) -> list[float]:
    return [one / other for one, other in zip(found[ours], found[bare], strict=True)]


def main(rows: int) -> None:
    import django

    django.setup()
    found: dict[str, list[float]] = {}
    peaks = []
    for _round in range(ROUNDS):
        for name, seconds in _once(rows).items():
            found.setdefault(name, []).append(seconds)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({**found, "memory": peaks[-1] - peaks[0]}))


def _once(rows: int) -> dict[str, float]:
    from django.conf import settings

    from bailiwick.spot.forms.listfiles import lines_of_file
    from bailiwick.spot.rules.listreading import read
    from bailiwick.spot.rules.lists import AFFILIATED, LISTS

    kind, run = LISTS[AFFILIATED], uuid.uuid4().hex[:4].upper()
    cells = [
        [f"Provider {n}", f"{run}{n:06}", "1900410006", "", "B", "FL", "837", "keep"] for n in range(rows)
    ]
    workbook = _workbook([column.label for column in kind.columns], cells)
    limits = settings.LIMITS

    def ours() -> Any:
        lines = lines_of_file(_Sent(workbook), most_bytes=limits.list_file_bytes, most_lines=limits.list_rows)
        return read(kind, lines, tin="900450101", most=limits.list_rows)

    bare_read, _cells = _timed(lambda: _read_bare(workbook))
    took, said = _timed(ours)
    lines = [row for _line, row in said.good]
    assert len(lines) == rows
    assert not said.bad
    return {"bare_read": bare_read, "read": took, **_kept(lines), **_served(lines), **_taken(lines)}


class _Sent(BytesIO):
    @property
    def size(self) -> int:
        return len(self.getbuffer())


def _workbook(titles: list[str], cells: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in [titles, *cells]:
        sheet.append(line)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _read_bare(workbook: bytes) -> list[list[Any]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(workbook), read_only=True)
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def _kept(lines: list[dict[str, str]]) -> dict[str, float]:
    from bailiwick.ground.ledger import By
    from bailiwick.ground.program import clock
    from bailiwick.spot.forms import actions

    common = {"by": By("visitor"), "now": clock.now()}
    case = actions.start_case(
        kind="new-provider-office",
        contact_name="Bench Contact",
        contact_email=f"{uuid.uuid4()}@bench.example",
        once=uuid.uuid4(),
        **common,
    )
    answers = {"has_list": "yes"}
    case = actions.save_answers(
        case=case, block="providers", answers=answers, expected_revision=case.revision, **common
    )
    took, _case = _timed(
        lambda: actions.save_rows(
            case=case, block="list", added=lines, expected_revision=case.revision, **common
        )
    )
    return {"kept": took}


def _served(lines: list[dict[str, str]]) -> dict[str, float]:
    took, _done = _timed(lambda: _affiliate(_record(), lines, moves_era=False))
    _forget(lines)
    bare_took, _none = _timed(lambda: _bare(lines, has_routes=False))
    return {"served": took, "bare_served": bare_took}


def _taken(lines: list[dict[str, str]]) -> dict[str, float]:
    """The remittance of every line goes to somebody else, until this."""
    _forget(lines)
    _affiliate(_record(), lines, moves_era=True)
    took, done = _timed(lambda: _affiliate(_record(), lines, moves_era=True))
    assert done.era_assigned == len(lines)
    _forget(lines)
    bare_took, _none = _timed(lambda: _bare(lines, has_routes=True))
    return {"taken": took, "bare_taken": bare_took}


def _affiliate(record: Any, lines: list[dict[str, str]], *, moves_era: bool) -> Any:
    from bailiwick.ground.ledger import By
    from bailiwick.ground.program import clock
    from bailiwick.spot.rules import lists
    from bailiwick.spot.services import actions

    listed = [
        actions.Listed(
            lists.pair_of(row), row["name"], row["state"], lists.services_of(row), moves_era=moves_era
        )
        for row in lines
    ]
    now = clock.now()
    common = {"on": now.date(), "tracking": "F-AAAA-BBBB-CCCC", "now": now, "by": By("command")}
    return actions.affiliate_many(record=record, lines=listed, is_own=True, is_providers=True, **common)


def _forget(lines: list[dict[str, str]]) -> None:
    from bailiwick.spot.services.models import Affiliation, EraRoute, Provider

    run = {"ptan__startswith": lines[0]["ptan"][:4]}
    for rows in (EraRoute.objects, Affiliation.objects):
        rows.filter(provider__in=Provider.objects.filter(**run)).delete()
    Provider.objects.filter(**run).delete()


def _bare(lines: list[dict[str, str]], *, has_routes: bool) -> None:
    """The rows alone, as Django inserts them."""
    from bailiwick.ground.program import clock
    from bailiwick.spot.services.models import Affiliation, EraRoute, Provider

    now, record = clock.now(), _record()
    providers = [
        Provider(ptan=row["ptan"], npi=row["npi"], line_of_business="B", name=row["name"], state="FL")
        for row in lines
    ]
    Provider.objects.bulk_create(providers, batch_size=500)
    begun = {"record": record, "starts_on": now.date(), "added_at": now}
    Affiliation.objects.bulk_create((Affiliation(provider=one, **begun) for one in providers), batch_size=500)
    if has_routes:
        begun = {"receiver": record, "starts_on": now.date(), "routed_at": now, "routed_by": "bench"}
        EraRoute.objects.bulk_create((EraRoute(provider=one, **begun) for one in providers), batch_size=500)


def _record() -> Any:
    from bailiwick.ground.ledger import By
    from bailiwick.ground.program import clock
    from bailiwick.spot.enrollment.actions import enroll

    document = {
        "legal_name": "Bench Practice",
        "kind": "provider_office",
        "tin": "900450101",
        "tin_tag": "ein",
        "address": "1 Bench Street",
        "phone": "8135550100",
        "city": "Tampa",
        "state": "FL",
        "zip": "33601",
        "approver": {"name": "Ada Bench", "email": "ada@bench.example", "phone": ""},
    }
    return enroll(document=document, by=By("command"), now=clock.now())


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


if __name__ == "__main__":
    main(int(sys.argv[1]))
