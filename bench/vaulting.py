"""Changing the PII key over many values, and the digest of an SSN: `python -m bench.vaulting <values>`, a process of IDM.

Prints JSON. The values are those of people as registration leaves them: SSN, birth date and home address, sealed.
"""

import json
import secrets
import sys
import time
import uuid
from datetime import date, timedelta
from typing import Any

AT_ONCE = 2_000
CRYPTO_SAMPLE = 3_000
REGISTRATIONS = 12
DAYS = 20_000


def main(values: int) -> None:
    import django

    django.setup()
    registering = _registering()
    _people(values // 3)
    print(json.dumps(registering | _rotating()))


def _people(count: int) -> None:
    from bailiwick.ground.program import clock
    from bailiwick.idm.accounts.columns import person_columns
    from bailiwick.idm.accounts.models import Account, Person

    now = clock.now()
    for start in range(0, count, AT_ONCE):
        accounts = [
            Account(user_id=f"sealed.{uuid.uuid4()}", user_id_key=f"sealed.{uuid.uuid4()}", created_at=now)
            for _ in range(start, min(start + AT_ONCE, count))
        ]
        Account.objects.bulk_create(accounts)
        Person.objects.bulk_create(
            [
                Person(account=one, **person_columns(one, _facts(start + at), now=now))
                for at, one in enumerate(accounts)
            ]
        )


def _facts(number: int) -> Any:
    from bailiwick.idm.rules.accounts import Address, PersonalFacts

    return PersonalFacts(
        first="Robin",
        middle="",
        last="Sealed",
        suffix="",
        birth_date=date(1950, 1, 1) + timedelta(days=number % DAYS),
        ssn=f"9{number % 10**8:08}",
        address=Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
        phone="2025550101",
        email="",
    )


def _registering() -> dict[str, list[float]]:
    """Milliseconds: the bare stretch, a new number's digest and identity, and an account opened with them; in turn."""
    from argon2.low_level import Type, hash_secret_raw

    from bailiwick.ground.program import clock
    from bailiwick.ground.rulings import By
    from bailiwick.ground.vault.cost import Cost
    from bailiwick.idm.accounts.actions import open_account, ssn_digest

    found: dict[str, list[float]] = {"stretch": [], "digest": [], "opened": []}
    for number in range(REGISTRATIONS):
        facts = _facts(secrets.randbelow(10**8))
        began = time.perf_counter()
        hash_secret_raw(facts.ssn.encode(), bytes(16), Cost.passes, Cost.memory_kib, 1, 32, Type.ID)
        stretched = time.perf_counter()
        digest = ssn_digest(facts.ssn)
        known = time.perf_counter()
        open_account(
            user_id=f"opened.{number}.{uuid.uuid4().hex[:8]}",
            facts=facts,
            digest=digest,
            by=By("command"),
            now=clock.now(),
        )
        opened = time.perf_counter()
        found["stretch"].append(1000 * (stretched - began))
        found["digest"].append(1000 * (known - stretched))
        found["opened"].append(1000 * (opened - known))
    return found


def _rotating() -> dict[str, float]:
    """Values a second: opened and sealed again in memory, and by the command, database and all."""
    from django.conf import settings

    from bailiwick.ground.vault import keyring, rotation, seal_bytes, unseal_bytes
    from bailiwick.ground.vault.administration import SETTLE_SECONDS
    from bailiwick.idm.accounts.models import Person
    from bailiwick.idm.accounts.queries import ADDRESS_PLACE, BIRTH_DATE_PLACE, SSN_PLACE

    places = {
        "ssn_sealed": SSN_PLACE,
        "birth_date_sealed": BIRTH_DATE_PLACE,
        "home_address_sealed": ADDRESS_PLACE,
    }
    sample = [
        (bytes(getattr(row, field)), place, str(row.pk))
        for row in Person.objects.exclude(ssn_sealed=None)[: CRYPTO_SAMPLE // 3]
        for field, place in places.items()
    ]
    began = time.perf_counter()
    for blob, place, row in sample:
        seal_bytes(unseal_bytes(blob, place=place, row=row), place=place, row=row)
    bare = len(sample) / (time.perf_counter() - began)
    ring, provider = settings.KEY_RING, settings.KEY_RING.provider
    for step in (keyring.with_new_key, keyring.switched):
        provider.store(step(ring.ring(at_once=True), "pii"))
        ring.ring(at_once=True)
        time.sleep(SETTLE_SECONDS)
    began = time.perf_counter()
    outcome = rotation.remake("pii", say=lambda *_told: None)
    took = time.perf_counter() - began
    return {
        "bare": bare,
        "rotated": outcome.done / took,
        "values": outcome.done,
        "left": sum(outcome.left.values()),
        "broken": sum(outcome.broken.values()),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
