"""Accounts on their way through proofing, as plain functions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.conf import settings

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.actions import open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Case
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.proofing import Call, Outcome, Verified

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
REFERENCE = "AC34-7HJK-9MNP"

# The same person as in the bureau's file, who is found at once.
AVERY = PersonalFacts(
    first="Avery",
    middle="",
    last="Quillfeather",
    suffix="",
    birth_date=date(1979, 3, 14),
    ssn="900100001",
    address=Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
    phone="2025550101",
    email="avery@example.org",
)

_numbers = count(1)


def answering(settings, *outcomes: Outcome) -> ScriptedVendor:
    """Let the vendor answer these in turn; `settings` is the fixture of the test."""
    settings.PROOFING_VENDOR = ScriptedVendor(*outcomes)
    return settings.PROOFING_VENDOR


def deeds(account: Account) -> list[tuple[str, str]]:
    """What the ledger says of the account: deed and outcome, in order."""
    entries = Entry.objects.filter(subject=str(account.pk)).order_by("id")
    return list(entries.values_list("deed", "outcome"))


def notices(account: Account) -> list[str]:
    """The kinds of notices to the account's address, in order."""
    return list(Message.objects.filter(to=account.email).order_by("id").values_list("kind", flat=True))


def by(account: Account) -> By:
    return By(actor=str(account.pk), source="192.0.2.1")


def holder(now: datetime = NOON, **changes: object) -> Account:
    """An account that was never proofed, with Avery's facts but for `changes`."""
    number = next(_numbers)
    return open_account(
        user_id=f"holder-{number}",
        facts=replace(AVERY, **changes),
        by=By(actor="visitor", source="192.0.2.1"),
        now=now,
    )


def asks(account: Account, *, now: datetime = NOON, by_reference: bool = False) -> Outcome:
    """The account's holder presses the button; consented before."""
    case = consent(account=account, by=by(account), now=now)
    facts = personal_facts(account)
    return prove(case=case, facts=facts, by=by(account), now=now, by_reference=by_reference)


def consented(account: Account, *, now: datetime = NOON) -> Case:
    """The terms are accepted, nothing was asked yet."""
    return consent(account=account, by=by(account), now=now)


def answered(account: Account, outcome: Outcome, *, now: datetime = NOON) -> Case:
    """The vendor was asked once and answered `outcome`."""
    usual = settings.PROOFING_VENDOR
    settings.PROOFING_VENDOR = ScriptedVendor(outcome)
    try:
        asks(account, now=now)
    finally:
        settings.PROOFING_VENDOR = usual
    return Case.objects.filter(account=account).latest("consented_at")


def proofed(account: Account, *, now: datetime = NOON) -> Account:
    """The account, verified online."""
    answered(account, Verified(), now=now)
    return account


def called(account: Account, *, now: datetime = NOON, reference: str = REFERENCE) -> Case:
    """The vendor wants a call; the case carries the reference."""
    return answered(account, call(now, reference=reference), now=now)


def call(now: datetime = NOON, *, reference: str = REFERENCE) -> Call:
    return Call(reference=reference, expires_at=now + timedelta(days=30), call_number="202-555-0143")
