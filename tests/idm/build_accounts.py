"""People with passwords, mailboxes and devices, as plain functions; and what a browser does with them."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pyotp
from django.db import transaction
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox import sealing
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin import actions as signin
from bailiwick.idm.signin import queries

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
VISITOR = By("visitor", "192.0.2.7")
PASSWORD = "Quiet-Lantern-Meadow-7"
ANSWER = "Maple Grove"

_numbers = count(1)


def facts(**changes: object) -> PersonalFacts:
    """Somebody new: each call another name, birth date, SSN and mailbox."""
    number = next(_numbers)
    columns = {
        "first": "Robin",
        "middle": "",
        "last": "Xa" + "".join(chr(ord("a") + int(digit)) for digit in str(number)),
        "suffix": "",
        "birth_date": date(1971, 1, 1) + timedelta(days=number),
        "ssn": f"9001{number:05}",
        "address": Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
        "phone": "2025550101",
        "email": f"robin{number}@example.org",
    }
    return PersonalFacts(**(columns | changes))


def account(
    *, user_id: str = "", password: str = PASSWORD, now: datetime = NOON, **changes: object
) -> Account:
    """An account as registration leaves it, with `PASSWORD`."""
    user_id = user_id or f"robin.{next(_numbers)}"
    encoded = signin.encode_first(password=password, answer=ANSWER)
    with transaction.atomic():
        opened = accounts.open_account(user_id=user_id, facts=facts(**changes), by=VISITOR, now=now)
        signin.set_first_secrets(account=opened, encoded=encoded, question="first_pet", now=now)
    if now == NOON:
        # Tests act at noon of some day or at the clock's: an account that nobody used is over for neither.
        opened.created_at = clock.now()
        opened.save(update_fields=["created_at"])
    return opened


def with_authenticator(holder: Account, *, now: datetime = NOON) -> str:
    """Add an authenticator app; returns its secret in base32. `now`: its number of that step is used up."""
    session, _cookie = sessions.begin(account=holder, by=VISITOR, now=now)
    sessions.complete(session=session, factor="email", stage="full", by=VISITOR, now=now)
    row = signin.start_totp(account=holder, name="My phone", by=VISITOR, now=now)
    secret = queries.secret_of(row)
    signin.confirm_totp(session=session, identifier=row.pk, code=number_of(secret, now), by=VISITOR, now=now)
    return secret


def number_of(secret: str, now: datetime | None = None) -> str:
    """What the authenticator app shows."""
    return pyotp.TOTP(secret).at(now or clock.now())


def mails_to(address: str, kind: str = "") -> list[Message]:
    """What was told to that address, oldest first."""
    rows = Message.objects.filter(to=address).order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def text_of(message: Message) -> str:
    return sealing.unseal(message.body, key=message.key)


def code_sent_to(address: str) -> str:
    """The newest one-time code in that mailbox."""
    return re.search(r"\b[0-9]{6}\b", text_of(mails_to(address, "sign_in_code")[-1])).group()


def deeds_of(holder: Account) -> list[str]:
    return list(Entry.objects.filter(subject=str(holder.pk)).order_by("pk").values_list("deed", flat=True))


def give_password(client: Client, holder: Account, password: str = PASSWORD):
    """The first step, in a browser."""
    return client.post("/", {"user_id": holder.user_id, "password": password, "terms": "on"})


def sign_in_by_email(client: Client, holder: Account):
    """Both steps, with a code from the mailbox."""
    give_password(client, holder)
    client.post("/sign-in/verify/", {"send": "email"})
    return client.post("/sign-in/verify/", {"factor": "email", "code": code_sent_to(holder.email)})


def sign_in_by_app(client: Client, holder: Account, secret: str):
    """Both steps, with the number of an authenticator app."""
    give_password(client, holder)
    return client.post("/sign-in/verify/", {"factor": "totp", "code": number_of(secret)})
