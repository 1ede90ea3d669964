"""A full sign-in with each factor there is, in turn: wall time and processor time of each way, beside the bare hash.

What is sent is delivered between two steps by IDM's worker, off the clock; what a passkey signs is counted on the other
core. A way that this deployment does not have yet is told, not skipped.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

import pyotp
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bench.asking import Connection
from bench.figures import Table
from bench.signin import Visit, bare_hash, give_password, open_page, open_second_page
from bench.stand import Stand
from tests.idm.build_webauthn import SoftwareKey

PEOPLE = 8
VERIFY, OPTIONS = "/sign-in/verify/", "/sign-in/verify/passkey/"
SENT = ("email", "sms", "voice")
NOT_THERE_YET = -1.0


@dataclass
class Way:
    """Milliseconds of one whole sign-in each: on the wall, and of server and database."""

    walls: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)


def measure(stand: Stand) -> Table:
    """One after the other over one connection: this is about a sign-in's own time, not about the crowd's."""
    kinds = (*SENT, "totp", "recovery", "passkey")
    people = stand.ask("enrolling", json.dumps(stand.take_people(PEOPLE)))
    hash_cost = bare_hash(stand)[1]
    table = Table(f"Full sign-in, one at a time, by factor · {stand.engine}")
    table.remarks = [
        "Password page to Home; without the way of a message. The limit is a share: bare hash by processor time of all."
    ]
    for kind in kinds:
        way = Way()
        try:
            for number, person in enumerate(people):
                _sign_in(stand, person, kind, way if number else Way())  # the first warms the way up
        except LookupError as missing:
            table.remarks.append(f"{kind}: not there yet ({missing}).")
            continue
        table.add(f"{kind}: wall", way.walls, "ms", digits=1)
        table.add(f"{kind}: processor", way.costs, "ms", digits=1)
        table.add("  the bare hash's share of it", [hash_cost / cost for cost in way.costs])
    table.add("the slowest way for each fastest", _spread(table))
    return table


def _spread(table: Table) -> float:
    walls = [median(figure.values) for figure in table.figures if figure.name.endswith(": wall")]
    return max(walls) / min(walls) if walls else NOT_THERE_YET


def _sign_in(stand: Stand, person: dict[str, Any], kind: str, way: Way) -> None:
    visit, connection = Visit(person), Connection(stand.address)
    spent = [0.0, 0.0]

    @contextmanager
    def counted() -> Iterator[None]:
        before, began = sum(stand.processor_seconds()), time.perf_counter()
        yield
        spent[0] += time.perf_counter() - began
        spent[1] += sum(stand.processor_seconds()) - before

    with counted():
        open_page(connection, visit)
        give_password(connection, visit)
        open_second_page(connection, visit)
    code = PROOFS[kind](stand, connection, visit, counted)
    with counted():
        field_name = "assertion" if kind == "passkey" else "code"
        answer = connection.post(
            VERIFY, urlencode(visit.hidden | {"factor": kind, field_name: code}), visit.jar
        )
    connection.close()
    visit.redirect(answer, "/home/")
    way.walls.append(spent[0] * 1000)
    way.costs.append(spent[1] * 1000)


def _sent(kind: str) -> Callable[..., str]:
    def proof(stand: Stand, connection: Connection, visit: Visit, counted: Any) -> str:
        to = _address(visit, kind)
        already = len(_codes(stand, to))
        with counted():
            answer = connection.post(VERIFY, urlencode(visit.hidden | {"send": kind}), visit.jar)
        visit.redirect(answer, f"{VERIFY}?factor={kind}")
        with counted():
            visit.page(connection.get(f"{VERIFY}?factor={kind}", visit.jar))
        stand.programs.start("idm-worker")
        try:
            deadline = time.monotonic() + 60
            while len(codes := _codes(stand, to)) <= already:
                assert time.monotonic() < deadline, f"no {kind} came to {to}"
                time.sleep(0.2)
        finally:
            stand.programs.stop("idm-worker")
        return codes[0]

    return proof


def _address(visit: Visit, kind: str) -> str:
    number = visit.person["user_id"].rpartition(".")[2]
    return f"measured{number}@practice.example" if kind == "email" else visit.person[kind]


def _codes(stand: Stand, to: str) -> list[str]:
    texts = (
        mail["text"].replace(" ", "").replace(",", "") if to.isdigit() else mail["text"]
        for mail in stand.programs.mailbox(to)
    )
    return [found[0][:6] for text in texts if (found := re.findall(r"\d{6,}", text))]


def _number(_stand: Stand, _connection: Connection, visit: Visit, _counted: Any) -> str:
    return pyotp.TOTP(visit.person["authenticator"]).now()


def _recovery(_stand: Stand, _connection: Connection, visit: Visit, _counted: Any) -> str:
    return visit.person["recovery"]


def _assertion(_stand: Stand, connection: Connection, visit: Visit, counted: Any) -> str:
    with counted():
        question = connection.post(OPTIONS, urlencode(visit.hidden), visit.jar)
    if question.status != 200:
        raise LookupError(f"{OPTIONS} answers {question.status}")
    told = visit.person["passkey"]
    key = SoftwareKey(
        origin=f"http://{_stand.address}",
        private=load_pem_private_key(told["private"].encode(), None),
        credential_id=base64.b64decode(told["credential"]),
        count=int(told["count"]),
        owner=base64.b64decode(told["owner"]),
    )
    return key.get(question.body.decode())


PROOFS: dict[str, Callable[..., str]] = {
    **{kind: _sent(kind) for kind in SENT},
    "totp": _number,
    "recovery": _recovery,
    "passkey": _assertion,
}
