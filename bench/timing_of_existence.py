"""Whether time tells that a user ID exists (AX22): each door asked about people who are there and people who are not.

`measure(stand)` gives the table of `make bench`; `python -m bench.timing_of_existence <people.json>` is its part in a
process of IDM, and prints door -> [milliseconds of those that exist, of those that do not]. Samples alternate, each from
an address of its own, so that neither a busy moment nor a limit falls on one side only.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from bench.figures import Table
from bench.stand import Stand

PEOPLE = 40
WARM_UP = 4


def measure(stand: Stand, *, people: int = PEOPLE) -> Table:
    """Medians of both sides in milliseconds, and the p of a Mann-Whitney test over the samples of this one run."""
    found = stand.ask("timing_of_existence", json.dumps(stand.take_people(people)))
    table = Table(f"Does time tell whether a user ID exists? · {stand.engine}")
    table.remarks = [f"{people} people each; p: how likely so much difference is where there is none."]
    for door, (known, unknown) in found.items():
        table.add(f"{door}: exists", known, "ms")
        table.add(f"{door}: does not", unknown, "ms")
        table.add(f"{door}: p", mann_whitney(known, unknown), digits=3)
    return table


def mann_whitney(left: Sequence[float], right: Sequence[float]) -> float:
    """The two-sided p of the rank sum, by its normal approximation: good from some twenty samples a side on."""
    ranked = sorted([(value, True) for value in left] + [(value, False) for value in right])
    rank_sum = sum(rank for rank, (_, is_left) in enumerate(ranked, 1) if is_left)
    count, other = len(left), len(right)
    expected = count * (count + other + 1) / 2
    spread = math.sqrt(count * other * (count + other + 1) / 12)
    return math.erfc(abs(rank_sum - expected) / spread / math.sqrt(2))


def main(people: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    present = [person["user_id"] for person in json.loads(people)]
    absent = [f"{user_id}zz" for user_id in present]
    json.dump({door: _samples(ask, present, absent) for door, ask in DOORS.items()}, sys.stdout)


def _samples(ask: Callable[[str, str], float], present: list[str], absent: list[str]) -> list[list[float]]:
    sides: list[list[float]] = [[], []]
    for number, pair in enumerate(zip(present, absent, strict=True)):
        order = (0, 1) if number % 2 else (1, 0)
        for side in order:
            peer = f"10.{side}.{number // 250}.{number % 250}"
            sides[side].append(1000 * ask(pair[side], peer))
    return [side[WARM_UP:] for side in sides]


def _timed(path: str, form: dict[str, str], peer: str, client: Any) -> float:
    began = time.perf_counter()
    answer = client.post(path, form, REMOTE_ADDR=peer)
    took = time.perf_counter() - began
    assert answer.status_code in {200, 302}, (path, answer.status_code)
    return took


def sign_in(user_id: str, peer: str) -> float:
    from django.test import Client

    form = {"user_id": user_id, "password": "Not-The-Password-99", "terms": "on"}
    return _timed("/", form, peer, Client())


def begin(user_id: str, peer: str) -> float:
    from django.test import Client

    return _timed("/forgot-password/", {"user_id": user_id}, peer, Client())


def send_code(user_id: str, peer: str) -> float:
    from django.test import Client

    from bailiwick.idm.signin.models import Recovery

    client = Client()
    client.post("/unlock/", {"user_id": user_id}, REMOTE_ADDR=peer)
    ladder = Recovery.objects.order_by("begun_at").last()
    return _timed("/unlock/way/", {"ladder": str(ladder.pk), "channel": "email"}, peer, client)


def forgot_user_id(user_id: str, peer: str) -> float:
    from django.test import Client

    from bailiwick.idm.accounts.queries import account_by_user_id, personal_facts

    account = account_by_user_id(user_id)
    form = {
        "first": "Nobody",
        "last": "Atall",
        "birth_date_month": "1",
        "birth_date_day": "2",
        "birth_date_year": "1980",
        "email": "nobody@nowhere.example",
        "zip_code": "32801",
    }
    if account:
        facts = personal_facts(account)
        form |= {
            "first": facts.first,
            "last": facts.last,
            "email": facts.email,
            "zip_code": facts.address.zip,
            "birth_date_month": str(facts.birth_date.month),
            "birth_date_day": str(facts.birth_date.day),
            "birth_date_year": str(facts.birth_date.year),
        }
    return _timed("/forgot-user-id/", form, peer, Client())


DOORS: dict[str, Callable[[str, str], float]] = {
    "sign in, wrong password": sign_in,
    "forgot password, user ID": begin,
    "unlock, code by e-mail": send_code,
    "forgot user ID": forgot_user_id,
}


def shown(found: dict[str, list[list[float]]]) -> str:
    """One line a door, for a run by hand."""
    lines = [
        f"{door:<28} {median(known):8.2f} ms {median(unknown):8.2f} ms   p {mann_whitney(known, unknown):.3f}"
        for door, (known, unknown) in found.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1])
