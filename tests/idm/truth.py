"""What is so, read from the rows alone: who may decide, remove and see. Written beside the product's rules, not with them.

Each answer is worked out anew from tables and application files in the plainest way; none of the product's queries
or rules is asked, so that a mistake there shows as a difference.
"""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from tests.faults import invariants
from tests.faults.client import Book
from tests.faults.tables import Row, _opened

APPROVING = {"approver", "backup"}
PLACES = "idm_organizations_organization"
RECORDS = "idm_organizations_enrollmentrecord"
LEDGER = "ledger_entry"
# INV-1 and INV-10 speak of what other programs acknowledged or hold; the worker's part of INV-7 does not run here.
CHECKS = (
    invariants.decided_once,
    invariants.decided_by_the_entitled,
    invariants.live_grants_have_their_ground,
    invariants.one_person_a_number,
    invariants.one_open_request,
    invariants.each_change_is_on_the_ledger,
)


class Tables:
    """The rows that this test sees, as tests/faults reads those of a running program; of the ledger those after one entry."""

    def __init__(self, ledger_after: int = 0) -> None:
        self.ledger_after = ledger_after

    def rows(self, table: str) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            rows = [_opened(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
        return [row for row in rows if table != LEDGER or row["id"] > self.ledger_after]


class Nothing:
    """No second program runs here."""

    def rows(self, _table: str) -> list[Row]:
        return []


def findings(ledger_after: int = 0) -> list[str]:
    """Every sentence of the shared invariants that does not hold now; nothing is ever taken off the ledger, so from where."""
    seen = invariants.Seen(SimpleNamespace(idm=Tables(ledger_after), spot=Nothing(), book=Book()))
    return [sentence for check in CHECKS for sentence in check(seen)]


class Truth:
    """All of it at one instant."""

    def __init__(self, now: datetime) -> None:
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.today = now.astimezone(self.zone).date()
        tables = Tables()
        accounts = tables.rows("idm_accounts_account")
        self.states = {row["id"]: row["state"] for row in accounts}
        self.signed_in = {row["id"]: row["last_signed_in_at"] for row in accounts}
        self.grants = tables.rows("idm_access_grant")
        self.requests = tables.rows("idm_access_rolerequest")
        records = {row["id"]: row for row in tables.rows(RECORDS)}
        self.record_of = {row["id"]: row["record_id"] for row in tables.rows(PLACES)}
        self.is_open = {key: records[record]["status"] == "active" for key, record in self.record_of.items()}
        self.roles, self.limits, self.removed = _from_files()

    def holds(self, grant: Row) -> bool:
        """Live at this instant, whether or not it rests."""
        if grant["ended_at"] is not None or _day(grant["certify_by"]) < self.today:
            return False
        if grant["ends_on"] is not None and _day(grant["ends_on"]) < self.today:
            return False
        # With day 90 it is gone (I-5).
        return self._is_recent(self._last_used(grant), self.removed[grant["application"]])

    def counts(self, grant: Row) -> bool:
        """Live, of an active account at an open organization, used within its application's days."""
        role = self.roles.get((grant["application"], grant["role"]))
        if role is None or not self.holds(grant) or self.states[grant["account_id"]] != "active":
            return False
        if grant["organization_id"] and not self.is_open[grant["organization_id"]]:
            return False
        return self._is_recent(self._last_used(grant), self.limits[grant["application"]])

    def _last_used(self, grant: Row) -> datetime:
        role = self.roles.get((grant["application"], grant["role"]))
        used = [grant["started_at"], grant["last_sign_in_at"]]
        if role is not None and role["standing"] == "desk":
            used.append(self.signed_in[grant["account_id"]])
        return max(at for at in used if at)

    def _is_recent(self, used: datetime, days: int) -> bool:
        """N whole days after the day of its last use it rests."""
        return (self.today - used.astimezone(self.zone).date()).days <= days

    def of(self, person: UUID) -> Iterator[tuple[Row, Row]]:
        """(grant, role) of each of their grants that counts."""
        for grant in self.grants:
            if grant["account_id"] == person.hex and self.counts(grant):
                yield grant, self.roles[grant["application"], grant["role"]]

    def tier(self, person: UUID, application: str) -> int:
        tiers = [
            role.get("tier", 0)
            for grant, role in self.of(person)
            if grant["application"] == application and role["standing"] == "desk"
        ]
        return max(tiers, default=0)

    def approves(self, person: UUID, application: str, record: str | None) -> bool:
        """An approver or backup there who counts."""
        return record is not None and any(
            grant["application"] == application
            and role["standing"] in APPROVING
            and self.record_of[grant["organization_id"]] == record
            for grant, role in self.of(person)
        )

    def has_approver(self, application: str, record: str | None, *, but: str) -> bool:
        others = {UUID(key) for key in self.states if key != but}
        return any(self.approves(other, application, record) for other in others)

    def may_decide(self, person: UUID, request: Row) -> bool:
        """Q-4, Q-5, G-7, H-7."""
        if request["account_id"] == person.hex or self.states[person.hex] != "active":
            return False
        application, asker = request["application"], request["account_id"]
        decided_by = self.roles[application, request["role"]]["decided_by"]
        if decided_by == "identity_desk":
            return self.tier(person, "idm") >= 3
        is_desk = application != "idm" and self.tier(person, application) >= 2
        if decided_by == "application_desk":
            return is_desk
        if self.approves(person, application, request["record_id"]):
            return True
        return is_desk and not self.has_approver(application, request["record_id"], but=asker)

    def may_remove(self, person: UUID, grant: Row) -> bool:
        """Q-8, H-7."""
        if self.states[person.hex] != "active":
            return False
        if grant["account_id"] == person.hex:
            return True
        application = grant["application"]
        standing = self.roles[application, grant["role"]]["standing"]
        if standing == "desk":
            return self.tier(person, "idm") >= 3
        if self.tier(person, "idm") >= 1 or (application != "idm" and self.tier(person, application) >= 2):
            return True
        record = self.record_of.get(grant["organization_id"])
        return standing == "end_user" and self.approves(person, application, record)

    def may_know(self, viewer: UUID, request: Row) -> bool:
        """Whether a request, and why it was made, is theirs to read (INV-14)."""
        if request["account_id"] == viewer.hex or request["decided_by_id"] == viewer.hex:
            return True
        application = request["application"]
        if self.tier(viewer, "idm") >= 1 or self.tier(viewer, application) >= 2:
            return True
        return self.may_decide(viewer, request) or self.approves(viewer, application, request["record_id"])

    def may_see_person(self, viewer: UUID, person: UUID) -> bool:
        """Whether a person's user ID may stand on a page of the viewer's (H-1, R-8)."""
        if viewer == person or self.tier(viewer, "idm") >= 1:
            return True
        theirs = [row for row in (*self.grants, *self.requests) if row["account_id"] == person.hex]
        for row in theirs:
            record = row["record_id"] if "record_id" in row else self.record_of.get(row["organization_id"])
            if self.tier(viewer, row["application"]) >= 2 or self.approves(
                viewer, row["application"], record
            ):
                return True
        return False


@cache
def _from_files() -> tuple[dict[tuple[str, str], Row], dict[str, int], dict[str, int]]:
    """The roles, and after how many days without use a role rests and is removed, as the application files say."""
    files = [tomllib.loads(path.read_text()) for path in invariants.APPLICATIONS.glob("*.toml")]

    def strictest(key: str, most: int) -> dict[str, int]:
        return {file["code"]: min(most, file.get("limits", {}).get(key, most)) for file in files}

    limits = settings.LIMITS
    rests = strictest("inactive_after_days", limits.inactive_after.days)
    return invariants._roles(), rests, strictest("removed_after_days", limits.removed_after.days)


def _day(value: Any) -> Any:
    return datetime.fromisoformat(value).date() if isinstance(value, str) else value
