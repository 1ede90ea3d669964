"""Memory of each program's worker process after load."""

from bench.asking import Connection
from bench.figures import Table
from bench.processor import family_of, memory_mib
from bench.stand import Stand

LIMIT_MIB = 120
SERVERS = ("idm", "spot", "bureau")
WORKERS = ("idm-worker", "spot-worker")
ENTRIES = 30
STEPS_AT_MOST = 6


def measure(stand: Stand) -> Table:
    """Call it last: IDM has served sign-ins and exchanges by then; SPOT is loaded here."""
    spot = stand.programs.spot_url.partition("//")[2]
    for jar in stand.signed_in[:ENTRIES]:
        _enter(stand, spot, dict(jar))
    for worker in WORKERS:
        stand.programs.start(worker)
    stand.programs.wait_for_mail("", count=1)
    table = Table(f"Memory after load · {stand.engine}")
    table.remarks = [
        "PSS divides pages that processes share among them, RSS counts them whole for each.",
        "A server is a worker process and one that watches over it.",
    ]
    total = 0.0
    for name in (*SERVERS, *WORKERS):
        sizes = [memory_mib(process) for process in family_of(stand.programs.process_id(name))]
        total += sum(pss for pss, _ in sizes)
        pss, rss = max(sizes)
        table.add(f"{name}: the process that works, PSS", pss, "MiB", limit=LIMIT_MIB, digits=0)
        table.add("  its RSS", rss, "MiB", limit=LIMIT_MIB, digits=0)
        if len(sizes) > 1:
            table.add("  the one that watches over it, PSS", min(sizes)[0], "MiB", digits=0)
    table.add("all five programs as `make run` starts them, PSS", total, "MiB", digits=0)
    return table


def _enter(stand: Stand, spot: str, jar: dict[str, str]) -> None:
    """Into SPOT through IDM, redirect by redirect, to a page."""
    hosts = {stand.address: Connection(stand.address), spot: Connection(spot)}
    host, path = spot, "/sign-in/"
    for _ in range(STEPS_AT_MOST):
        answer = hosts[host].get(path, jar)
        answer.take_cookies(jar)
        if answer.status == 200:
            break
        location = answer.header("location")
        if "//" in location:
            host, _, path = location.partition("//")[2].partition("/")
            path = f"/{path}"
        else:
            path = location
    assert answer.status == 200, answer.head
    assert (host, path) == (spot, "/home/"), (host, path)
    for connection in hosts.values():
        connection.close()
