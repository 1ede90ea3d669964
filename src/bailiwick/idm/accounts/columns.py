"""What is written of a person, sealed for their row: one place, for opening an account and for every correction."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bailiwick.ground import vault
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.models import Account, FormerName, Person
from bailiwick.idm.rules.accounts import PersonalFacts, name_key

NAMES = ("first_name", "middle_name", "last_name", "suffix")


def person_columns(account: Account, facts: PersonalFacts, *, now: datetime) -> dict[str, Any]:
    """The columns of `Person` for these facts."""
    row = str(account.pk)
    birth_date, address = facts.birth_date.isoformat(), json.dumps(asdict(facts.address))
    return {
        "first_name": facts.first,
        "middle_name": facts.middle,
        "last_name": facts.last,
        "suffix": facts.suffix,
        "name_key": name_key(facts.first, facts.last),
        "birth_date_sealed": vault.seal(birth_date, place=queries.BIRTH_DATE_PLACE, row=row),
        "birth_date_digest": queries.birth_date_digest(facts.birth_date),
        "ssn_sealed": vault.seal(facts.ssn, place=queries.SSN_PLACE, row=row) if facts.ssn else None,
        "home_address_sealed": vault.seal(address, place=queries.ADDRESS_PLACE, row=row),
        "is_us_address": facts.address.is_us,
        "zip": facts.address.zip,
        "facts_at": now,
    }


def keep_former_name(account: Account, before: PersonalFacts, after: PersonalFacts, *, now: datetime) -> None:
    """Remember the legal name that is being replaced (A-7); nothing where it stays."""
    names = {
        name: (getattr(before, name), getattr(after, name)) for name in ("first", "middle", "last", "suffix")
    }
    if all(old == new for old, new in names.values()):
        return
    person = Person.objects.get(pk=account.pk)
    last = (
        FormerName.objects.filter(account=account).order_by("-until").values_list("until", flat=True).first()
    )
    FormerName.objects.create(
        account=account,
        name_key=person.name_key,
        since=last or account.created_at,
        until=now,
        **{column: getattr(person, column) for column in NAMES},
    )
