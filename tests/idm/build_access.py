"""People, organizations, roles and requests, as plain functions. Everything goes through the actions of the rooms."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import cancel_request, decide, grant_by_bootstrap, submit_request
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import review
from bailiwick.idm.accounts.actions import open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.actions import claim, put_record
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.organizations.queries import record_with
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import Way
from bailiwick.wire import provisioning
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA
from tests.idm.build_proofing import proofed

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)
STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)
EMAIL_ONLY = SignInStrength(acr=ACR_LIMITED, is_limited=False)
LIMITED = SignInStrength(acr=ACR_LIMITED, is_limited=True)
APPROVER = "provider-office-approver"
BACKUP = "provider-office-backup-approver"
END_USER = "end-user"
COMMAND = By("command")
TIN = "987654321"
"""The tax ID of a test that has to know one; a record has its own where none is given."""

_numbers = count(1)


def by(account: Account) -> By:
    return By(actor=str(account.pk), source="192.0.2.1")


def person(
    first: str = "Robin", last: str = "", *, is_proofed: bool = False, now: datetime = NOON
) -> Account:
    """Somebody with an account and no role."""
    number = next(_numbers)
    last = last or "Q" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
    facts = PersonalFacts(
        first=first,
        middle="",
        last=last,
        suffix="",
        birth_date=date(1970, 1, 1) + timedelta(days=number),
        ssn=f"900{number:06}",
        address=Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
        phone="2025550101",
        email=f"person{number}@example.org",
    )
    account = open_account(user_id=f"person-{number}", facts=facts, by=By("visitor"), now=now)
    return proofed(account, now=now) if is_proofed else account


def wire_record(submitter_id: str = "", **changes: object) -> provisioning.EnrollmentRecord:
    """A record as the application sends it."""
    number = next(_numbers)
    columns = {
        "submitter_id": submitter_id or f"S{number:05}",
        "version": 1,
        "legal_name": f"Palm Clinic {number}, LLC",
        "kind": "provider_office",
        "tin": f"98{number:07}",
        "tin_tag": "ein",
        "address": "1 Harbor Road",
        "phone": "2025550100",
        "city": "Orlando",
        "state": "FL",
        "zip": "32801",
        "status": "active",
        "approver": provisioning.PersonOfRecord(name="Robin Named", email="named@example.org"),
        "backup": None,
    }
    return provisioning.EnrollmentRecord(**(columns | changes))


def put(record: provisioning.EnrollmentRecord, *, now: datetime = NOON) -> str:
    return put_record(
        application="spot",
        submitter_id=record.submitter_id,
        version=record.version,
        record=record,
        by=By("client:spot"),
        now=now,
    )


def enrollment(submitter_id: str = "", **changes: object) -> EnrollmentRecord:
    """A record that nobody has claimed yet."""
    record = wire_record(submitter_id, **changes)
    put(record)
    return record_with(record.submitter_id)


def organization(submitter_id: str = "", **changes: object) -> Organization:
    """A claimed record. Whoever holds it is up to the test."""
    return claim(record=enrollment(submitter_id, **changes), by=COMMAND, now=NOON)


def holder(
    role: str, *, of: Organization | None = None, application: str = "spot", now: datetime = NOON
) -> Account:
    """Somebody who holds a role since `now`."""
    account = person(now=now)
    grant_by_bootstrap(
        account=account, application=application, role=role, organization=of, by=COMMAND, now=now
    )
    return account


def approver(*, of: Organization, now: datetime = NOON) -> Account:
    return holder(APPROVER, of=of, now=now)


def backup(*, of: Organization, now: datetime = NOON) -> Account:
    return holder(BACKUP, of=of, now=now)


def end_user(*, of: Organization, now: datetime = NOON) -> Account:
    return holder(END_USER, of=of, now=now)


def desk_member(*, tier: int = 2, now: datetime = NOON) -> Account:
    """Tier 2 is SPOT's desk, tiers 1 and 3 are IDM's (H-2)."""
    if tier == 2:
        return holder("help-desk", now=now)
    return holder(f"tier-{tier}", application="idm", now=now)


def pending_request(
    *,
    by_account: Account | None = None,
    role: str = END_USER,
    way: Way = Way.PICK,
    at: Organization | None = None,
    record: EnrollmentRecord | None = None,
    now: datetime = NOON,
    reason: str = "I start work there on Monday.",
    application: str = "spot",
) -> RoleRequest:
    """A request that waits; of a newly proofed person where none is given."""
    account = by_account or person(is_proofed=True, now=now)
    return submit_request(
        account=account,
        application=application,
        role=role,
        way=way,
        organization=at,
        record=record,
        reason=reason,
        once=uuid4(),
        by=by(account),
        now=now,
    )


def decided(
    request: RoleRequest,
    decider: Account,
    *,
    approve: bool = True,
    reason: str = "",
    strength: SignInStrength = STRONG,
    now: datetime = NOON,
    digest: str = "",
) -> RoleRequest:
    """The decider opens the request, and decides on what they see."""
    return decide(
        request=request,
        decider=decider,
        approve=approve,
        reason=reason,
        snapshot_digest=digest or review(request).digest,
        strength=strength,
        by=by(decider),
        now=now,
    )


def cancelled_by_owner(request: RoleRequest, *, now: datetime = NOON) -> RoleRequest:
    """Withdrawn, even in a limited session."""
    return cancel_request(
        request=request, canceller=request.account, strength=LIMITED, by=by(request.account), now=now
    )


def grant_of(account: Account, **where: object) -> Grant:
    return Grant.objects.get(account=account, **where)


def mails_to(account: Account) -> list[str]:
    """The kinds of notices written to somebody, in order."""
    return list(
        Message.objects.filter(to=account.email, channel="email")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def deeds_about(account: Account) -> list[str]:
    return list(Entry.objects.filter(subject=str(account.pk)).order_by("pk").values_list("deed", flat=True))
