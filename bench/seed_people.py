"""Many people in IDM's database, without passwords: `python -m bench.seed_people <count>`, a process of IDM.

Names, birth dates and addresses are drawn from small lists and sealed for real. The digests of the SSNs are random bytes,
not digests of the sealed numbers (a million slow hashes would take nine hours): nobody is found by the number here, only
by the birth date, which is what the near-match search starts from. Prints the count as JSON.
"""

import json
import random
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

AT_ONCE = 2_000
FIRST = (
    "Robin",
    "Sasha",
    "Alex",
    "Jordan",
    "Casey",
    "Morgan",
    "Taylor",
    "Riley",
    "Quinn",
    "Avery",
    "Jamie",
    "Dana",
)
LAST = (
    "Larkspur",
    "Meadow",
    "Harbor",
    "Brook",
    "Heron",
    "Palmer",
    "Ortega",
    "Nguyen",
    "Walsh",
    "Quill",
    "Stone",
)
STREETS = ("Larkspur Lane", "Harbor Road", "Lake Street", "Palm Avenue", "Heron Drive", "Orange Blvd")
YOUNGEST, DAYS = date(2005, 1, 1), 60 * 365
OPENED = datetime(2025, 1, 1, tzinfo=UTC)


def main(count: int) -> None:
    import django

    django.setup()
    from django.db import transaction

    from bailiwick.idm.accounts.models import Account, Person, SsnNumber

    draw = random.Random(4821)
    for at in range(0, count, AT_ONCE):
        rows = [_person(number, draw) for number in range(at, min(at + AT_ONCE, count))]
        with transaction.atomic():
            Account.objects.bulk_create(account for account, _, _ in rows)
            Person.objects.bulk_create(person for _, person, _ in rows)
            SsnNumber.objects.bulk_create(number for _, _, number in rows)
    print(json.dumps({"people": count}))


def _person(number: int, draw: random.Random) -> tuple[Any, Any, Any]:
    from bailiwick.idm.accounts.columns import person_columns
    from bailiwick.idm.accounts.models import Account, Person, SsnNumber
    from bailiwick.idm.rules.accounts import Address, PersonalFacts

    first, last = draw.choice(FIRST), draw.choice(LAST) + _letters(number)
    facts = PersonalFacts(
        first=first,
        middle="",
        last=last,
        suffix="",
        birth_date=YOUNGEST - timedelta(days=draw.randrange(DAYS)),
        ssn=f"9{draw.randrange(10**8):08}",
        address=Address(
            f"{draw.randrange(1, 9999)} {draw.choice(STREETS)}",
            "Orlando",
            "FL",
            f"{draw.randrange(32001, 34997)}",
        ),
        phone="2025550100",
        email=f"measured{number}@example.org",
    )
    account = Account(
        pk=uuid4(),
        user_id=f"measured-person-{number}",
        user_id_key=f"measured-person-{number}",
        email=facts.email,
        email_key=facts.email,
        created_at=OPENED,
    )
    person = Person(account=account, **person_columns(account, facts, now=OPENED))
    claim = SsnNumber(account=account, digest=secrets.token_bytes(32), claimed_at=OPENED)
    return account, person, claim


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number % 1000))


def sample(count: int) -> Iterator[Any]:
    """People to look for, spread over all of them."""
    from bailiwick.idm.accounts.models import Account

    keys = list(
        Account.objects.filter(user_id_key__startswith="measured-person-").values_list("pk", flat=True)
    )
    for key in random.Random(7).sample(keys, min(count, len(keys))):
        yield Account.objects.get(pk=key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
