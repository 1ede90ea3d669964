"""Codes for tokens, and what applications ask afterwards, beside a Django view that does nothing."""

import json
from dataclasses import dataclass, field

from bench.asking import Connection, share
from bench.figures import Table
from bench.processor import family_of, processor_seconds
from bench.stand import Stand

BARE_REQUESTS = 3_000


@dataclass
class Entry:
    """One person's way into the application."""

    jar: dict[str, str]
    location: str = ""
    request: bytes = b""
    access_token: str = ""


@dataclass
class Measured:
    """Rates a second and processor milliseconds a request, one value a round."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    def add(self, count: int, seconds: float, server: float, database: float = 0.0) -> None:
        """`costs` is of both together, `database` the database's share."""
        self.rates.append(count / seconds)
        self.costs.append((server + database) / count * 1000)
        self.database.append(database / count * 1000)


def measure(stand: Stand, *, rounds: int, codes: int) -> Table:
    """Every code is minted through /oidc/authorize by somebody signed in, every assertion signed beforehand."""
    names = ("bare", "naked", "authorize", "exchange", "introspect", "discovery")
    found = {name: Measured() for name in names}
    with stand.bare_server("idm") as (bare, bare_child), stand.bare_server("none") as (naked, naked_child):
        _products(stand, {name: Measured() for name in names}, 12)
        for _ in range(rounds):
            _bare(found["bare"], bare, bare_child.process_id)
            _bare(found["naked"], naked, naked_child.process_id)
            _products(stand, found, codes)
    return _table(stand, found)


def _products(stand: Stand, found: dict[str, Measured], codes: int) -> None:
    relying = stand.relying
    jars = (stand.signed_in * (codes // len(stand.signed_in) + 1))[:codes]
    entries = [Entry(jar, location=relying.authorize_path()) for jar in jars]

    def authorize(connection: Connection, entry: Entry) -> None:
        answer = connection.get(entry.location, entry.jar)
        assert answer.status == 302, answer.head
        entry.location = answer.header("location")

    def exchange(connection: Connection, entry: Entry) -> None:
        answer = connection.send(entry.request)
        assert answer.status == 200, f"{answer.head} {answer.body[:500]!r}"
        tokens = json.loads(answer.body)
        assert tokens["id_token"], "no ID token"
        entry.access_token = tokens["access_token"]

    def introspect(connection: Connection, entry: Entry) -> None:
        answer = connection.send(entry.request)
        assert json.loads(answer.body)["active"], answer.body

    def discover(connection: Connection, _entry: Entry) -> None:
        assert connection.get("/.well-known/openid-configuration").status == 200

    _time(stand, found["authorize"], authorize, entries)
    maker = Connection(stand.address)
    for entry in entries:
        entry.request = maker.request("POST", "/oidc/token", relying.exchange_form(entry.location))
    _time(stand, found["exchange"], exchange, entries)
    for entry in entries:
        form = relying.introspection_form(entry.access_token)
        entry.request = maker.request("POST", "/oidc/introspect", form)
    maker.close()
    _time(stand, found["introspect"], introspect, entries)
    _time(stand, found["discovery"], discover, entries)


def _time(stand: Stand, measured: Measured, work: object, entries: list[Entry]) -> None:
    server, database = stand.processor_seconds()
    seconds = share(work, entries, address=stand.address)
    server_after, database_after = stand.processor_seconds()
    measured.add(len(entries), seconds, server_after - server, database_after - database)


def _bare(measured: Measured, address: str, process: int) -> None:
    request = b"GET /bare HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def ask(connection: Connection, _number: int) -> None:
        assert connection.send(request).status == 200

    share(ask, range(100), address=address)
    family = family_of(process)
    before = processor_seconds(family)
    seconds = share(ask, range(BARE_REQUESTS), address=address)
    measured.add(BARE_REQUESTS, seconds, processor_seconds(family) - before)


def _table(stand: Stand, found: dict[str, Measured]) -> Table:
    bare, naked, exchange = found["bare"], found["naked"], found["exchange"]
    table = Table(f"Code exchange with ID token · {stand.engine}")
    table.remarks = [
        "private_key_jwt, PKCE, grants read, sign-in stamped, ledger; committed durably before the answer."
    ]
    table.add("bare Django view, IDM's middleware", bare.rates, "/s", digits=0)
    table.add("bare Django view, no middleware", naked.rates, "/s", digits=0)
    table.add("code exchanges", exchange.rates, "/s", digits=0)
    ratios = [one / other for one, other in zip(exchange.rates, bare.rates, strict=True)]
    table.add("exchanges for each bare view (rate)", ratios, limit=0.08, at_least=True, digits=3)
    costs = [one / other for one, other in zip(bare.costs, exchange.costs, strict=True)]
    table.add("  the same by processor time", costs, limit=0.08, at_least=True, digits=3)
    without = [one / other for one, other in zip(exchange.rates, naked.rates, strict=True)]
    table.add("  against the view without middleware (rate)", without, digits=3)
    table.add("processor time of a bare view", bare.costs, "ms")
    table.add("processor time of an exchange", exchange.costs, "ms")
    if any(exchange.database):
        table.add("  of it in the database", exchange.database, "ms")
    for name in ("authorize", "introspect", "discovery"):
        table.add(f"{name}: answers", found[name].rates, "/s", digits=0)
        table.add(f"{name}: processor time", found[name].costs, "ms")
    return table
