"""A signed form as PDF, short and with a list of 1,000 lines, each beside the typesetter alone on as many lines.

`python -m bench.papers <lines>`, a process of SPOT, prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Table
from bench.stand import Stand

LINES, TURNS = 1_000, 5


def measure(stand: Stand) -> Table:
    """The typesetter is a process of its own each time, on either side."""
    found = stand.ask("papers", str(LINES), program="spot")
    table = Table(f"The signed form as PDF · {stand.engine}")
    table.remarks = [
        "bare: the typesetter in a process of its own, given as many lines that are made already."
    ]
    for name, taken in found["papers"].items():
        table.add(name, taken["ours"], "s")
        table.add("  bare", taken["bare"], "s")
        ratios = [ours / bare for ours, bare in zip(taken["ours"], taken["bare"], strict=True)]
        table.add("  for each bare one", ratios, limit=1.5)
    table.add("memory of the server above what it was", found["memory"], "MB", limit=16.0)
    return table


def main(lines: int) -> None:
    import django

    django.setup()
    from bailiwick.spot.papers.queries import signed_form_pdf
    from tests.spot.build_forms import ANSWERS
    from tests.spot.build_kinds import LISTED, TIDEWATER, signed

    rows = [{**LISTED, "ptan": f"ZZ{n:05}", "name": f"Provider {n}"} for n in range(lines)]
    short = signed("new-billing-service", TIDEWATER)
    long = signed("new-provider-office", {**ANSWERS, "has_list": "yes"}, rows=rows)
    papers, memory = {}, 0.0
    for name, case in (("a form", short), (f"a form with a list of {lines:,} lines", long)):
        signature = case.signatures.get()
        document = _as_long_as(case)
        ours, bare = partial(signed_form_pdf, signature, shows_tin=False), partial(_bare, document)
        ours()
        before = _memory()
        taken = [(_timed(ours), _timed(bare)) for _turn in range(TURNS)]
        memory = max(memory, _memory() - before)
        papers[name] = {"ours": [one for one, _ in taken], "bare": [other for _, other in taken]}
    print(json.dumps({"papers": papers, "memory": memory}))


def _as_long_as(case: Any) -> dict[str, Any]:
    """A document of as many lines as the signed form of the case has."""
    from bailiwick.spot.papers.queries import paper_of, paragraphs

    paper = paper_of(case, case.revision)
    listed = [
        (one.title, [(str(n), "; ".join(cells)) for n, cells in enumerate(one.lines)]) for one in paper.lists
    ]
    return {
        "author": "SPOT",
        "language": "en",
        "title": "Bench",
        "lead": "Bench",
        "columns": ["Question", "Answer"],
        "blocks": [*paper.blocks, *listed],
        "agreement": {"title": "Agreement", "text": paragraphs(paper.kind.agreement.text)},
        "terms": [],
        "evidence": {
            "title": "Evidence",
            "columns": ["What", "Recorded"],
            "rows": [("What", "Recorded")] * 12,
        },
        "note": "Bench",
    }


def _bare(document: dict[str, Any]) -> None:
    from bailiwick.ground.program import clock
    from bailiwick.spot.papers.typesetting import typeset

    typeset("signed_form.typ", document, made_at=clock.now())


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _memory() -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
