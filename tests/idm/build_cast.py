"""Twenty people of every role at three organizations, each with a browser: who acts in test_twenty_actors.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import follow_record
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.actions import put_record
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.organizations.queries import tin_of
from bailiwick.idm.rules.sessions import Factor
from bailiwick.wire.claims import ACR_MFA
from bailiwick.wire.provisioning import record_from_json
from tests.idm import build_pages as build

OFFICE, BILLING = "provider-office", "business-office"
LARK, HERON, ORPHAN = "Lark Clinic", "Heron Billing", "Orphan Practice"
# (name, [(application, role, organization), …]); nothing after the name: nobody yet.
PARTS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("Ada", [("spot", f"{OFFICE}-approver", LARK)]),
    ("Bo", [("spot", f"{OFFICE}-approver", LARK)]),
    ("Cy", [("spot", f"{BILLING}-approver", HERON)]),
    ("Di", [("spot", f"{OFFICE}-backup-approver", LARK)]),
    ("Ed", [("spot", f"{BILLING}-backup-approver", HERON)]),
    ("Fay", [("spot", "end-user", LARK)]),
    ("Gus", [("spot", "end-user", LARK), ("spot", "end-user", HERON)]),
    ("Hal", [("spot", "end-user", HERON)]),
    ("Ida", [("spot", "end-user", ORPHAN)]),
    ("Jo", [("spot", "help-desk", "")]),
    ("Kim", [("spot", "help-desk", ""), ("spot", "end-user", LARK)]),
    ("Lou", [("harbor", "help-desk", "")]),
    ("Max", [("almanac", "help-desk", "")]),
    ("Nan", [("idm", "tier-1", "")]),
    ("Ola", [("idm", "tier-3", "")]),
    ("Pat", [("idm", "tier-3", "")]),
    ("Quin", [("idm", "auditor", ""), ("almanac", "reader", "")]),
    ("Ray", []),
    ("Sue", []),
    ("Tom", []),
]


@dataclass
class Cast:
    """`people` in the order of PARTS. `unclaimed`: a record that nobody has claimed. `through`: what their browsers go through."""

    people: list[Account]
    places: dict[str, Organization]
    unclaimed: EnrollmentRecord
    through: Callable[[Client], Any]

    def browser(self, index: int) -> Any:
        """Signed in a moment ago, with what a desk of this run signs in with."""
        factor = Factor.TOTP if settings.DESK_LEVEL == ACR_MFA else Factor.PASSKEY
        return self.through(build.browser(self.people[index], factor).client)


def turn_record(place: Organization) -> None:
    """The application closes the record of a place, or opens it again: another version, as it would send it (O-4)."""
    record = EnrollmentRecord.objects.get(pk=place.record_id)
    columns = ("submitter_id", "legal_name", "kind", "tin_tag", "address", "phone", "city", "state", "zip")
    document = {name: getattr(record, name) for name in columns} | {
        "version": record.version + 1,
        "tin": tin_of(record),
        "status": "active" if record.is_closed else "closed",
        "approver": {"name": record.approver_name, "email": record.approver_email},
    }
    given = {"submitter_id": record.submitter_id, "by": By("client:spot"), "now": clock.now()}
    put_record(application="spot", version=record.version + 1, record=record_from_json(document), **given)
    follow_record(**given)


def cast(through: Callable[[Client], Any] = lambda client: client) -> Cast:
    """Everybody let in, proofed, with their roles."""
    office, billing = {"kind": "provider_office"}, {"kind": "billing_service"}
    places = {
        LARK: build.organization(LARK, **office),
        HERON: build.organization(HERON, tin="123456790", **billing),
        ORPHAN: build.organization(ORPHAN, tin="123456791", **office),
    }
    people = [build.person(name, f"Of{name}") for name, _ in PARTS]
    for person, (_, roles) in zip(people, PARTS, strict=True):
        for application, role, place in roles:
            build.grant(person, role, places.get(place), application=application)
    return Cast(people, places, build.record("New Practice", tin="123456792"), through)


def grants_in_order() -> list[Grant]:
    """All that ever were, in the order of their making."""
    return list(Grant.objects.order_by("started_at", "role", "account__user_id"))
