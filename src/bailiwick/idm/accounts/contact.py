"""What the holder changes of how they are reached and called: home address, phone, preferred name, language (R-9).

The mailbox changes by its own way (`mailboxes`), the legal name by a correction (A-7).
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.outbox.channels import offered_channels
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.deeds import Deed


@dataclass(frozen=True)
class Contact:
    """`phone`: ten digits; `language`: a code that pages are read in."""

    address: Address
    phone: str
    text_capable: bool
    preferred_name: str
    language: str


def contact_of(account: Account) -> Contact:
    """The holder's contact information as it is now, opened."""
    return Contact(
        address=queries.personal_facts(account).address,
        phone=account.phone,
        text_capable=account.text_capable,
        preferred_name=account.preferred_name,
        language=account.language,
    )


def change_contact(*, account: Account, contact: Contact, by: By, now: datetime) -> None:
    """Store the holder's personal contact information (R-9); unchanged is nothing. Names on the ledger, never values."""
    wanted = asdict(contact)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        present = asdict(contact_of(account))
        changed = sorted(name for name in wanted if wanted[name] != present[name])
        if not changed:
            return
        columns = {name: wanted[name] for name in wanted if name != "address"}
        Account.objects.filter(pk=account.pk).update(**columns)
        if "address" in changed:
            _write_address(account, contact.address)
        append(Deed.ACCOUNT_PROFILE_CHANGED, by=by, now=now, subject=account.pk, about={"changed": changed})
        notice(
            "profile_changed",
            to=account.email,
            key=f"profile:{account.pk}:{now.isoformat()}",
            now=now,
            language=account.language,
            inbox=str(account.pk),
        )
        if {"phone", "text_capable"}.intersection(changed):
            _tell_former_phone(account, present, now)
    for name, value in columns.items():
        setattr(account, name, value)


def _tell_former_phone(account: Account, present: dict[str, Any], now: datetime) -> None:
    """The phone that announcements went to hears that they end: a thief with the mailbox cannot silence it (P-9, S-3)."""
    if present["text_capable"] and present["phone"] and "sms" in offered_channels():
        notice(
            "phone_changed_text",
            to=present["phone"],
            key=f"phone:{account.pk}:{now.isoformat()}",
            now=now,
            channel="sms",
            language=account.language,
        )


def _write_address(account: Account, address: Address) -> None:
    text = json.dumps(asdict(address))
    sealed = vault.seal(text, place=queries.ADDRESS_PLACE, row=str(account.pk))
    person = Person.objects.filter(pk=account.pk)
    person.update(home_address_sealed=sealed, is_us_address=address.is_us, zip=address.zip)
