"""What must hold whatever was killed: the product's invariants, read from both databases past the programs.

Each check yields sentences about what is wrong, each starting with its invariant's id; nothing wrong is no sentence.
Not here: INV-8 (the ledger is not sealed yet), INV-9 (test_values_stay_hidden.py), INV-11 (constraints hold it, and nobody certifies here).
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.tables import Row
from tests.faults.world import World

APPLICATIONS = Path(__file__).resolve().parents[2] / "applications"
APPROVING = {"approver", "backup"}
DEED_OF_STATE = {
    "approved": "request:role:approved",
    "denied": "request:role:denied",
    "cancelled": "request:role:cancelled",
    "expired": "request:role:expired",
}
TO_PEOPLE = {"email", "sms", "voice", "letter"}
Sentences = Iterator[str]


def findings(world: World) -> list[str]:
    """Everything that is wrong now. Call it when nothing is being written."""
    seen = Seen(world)
    return [sentence for check in CHECKS for sentence in check(seen)]


class Seen:
    """Both databases at one moment."""

    def __init__(self, world: World) -> None:
        self.book = world.book
        # SPOT first: what it was told must then be in IDM.
        self.spot_sessions = world.spot.rows("spot_signin_session")
        self.spot_people = {row["id"]: row for row in world.spot.rows("spot_signin_person")}
        self.records = world.spot.rows("spot_enrollment_enrollmentrecord")
        self.spot_messages = world.spot.rows("outbox_message")
        self.accounts = {row["id"]: row for row in world.idm.rows("idm_accounts_account")}
        self.ssns = world.idm.rows("idm_accounts_ssnnumber")
        self.cases = world.idm.rows("idm_proofing_case")
        self.requests = {row["id"]: row for row in world.idm.rows("idm_access_rolerequest")}
        self.grants = world.idm.rows("idm_access_grant")
        self.organizations = {row["id"]: row for row in world.idm.rows("idm_organizations_organization")}
        self.held_records = {row["id"]: row for row in world.idm.rows("idm_organizations_enrollmentrecord")}
        self.messages = world.idm.rows("outbox_message")
        self.mails = world.idm.rows("outbox_developmentmail")
        self.ledger = world.idm.rows("ledger_entry")
        self.roles = _roles()

    def entries(self, deed: str) -> list[Row]:
        return [entry for entry in self.ledger if entry["deed"] == deed]

    def held_at(self, account: str, instant: object) -> list[Row]:
        """The grants that an account held at an instant; one that ended at that very instant counts."""
        return [
            grant
            for grant in self.grants
            if grant["account_id"] == account
            and grant["started_at"] <= instant
            and (grant["ended_at"] is None or grant["ended_at"] >= instant)
        ]


def _roles() -> dict[tuple[str, str], Row]:
    """(application, role) → what the application files say of it."""
    files = [tomllib.loads(path.read_text()) for path in APPLICATIONS.glob("*.toml")]
    return {(file["code"], role["code"]): role for file in files for role in file["roles"]}


def acknowledged_is_there(seen: Seen) -> Sentences:
    """INV-1: what a page has confirmed is in the database."""
    user_ids = Counter(row["user_id"] for row in seen.accounts.values())
    for user_id in seen.book.accounts:
        if user_ids[user_id] != 1:
            yield f"INV-1: {user_ids[user_id]} accounts of {user_id}, who was told to be registered"
    states = {row["number"]: row["state"] for row in seen.requests.values()}
    for number, state in seen.book.requests.items():
        held = states.get(number)
        if held is None or state not in {"pending", held}:
            yield f"INV-1: request {number} was acknowledged as {state} and is {held}"
    ended = {row["id"] for row in seen.grants if row["ended_at"]}
    for grant in seen.book.ended_roles:
        if grant.replace("-", "") not in ended:
            yield f"INV-1: grant {grant} was acknowledged as ended and is not"


def decided_once(seen: Seen) -> Sentences:
    """INV-2: one decision a request, in the row and on the ledger alike."""
    deeds = {deed: Counter(entry["about"]["request"] for entry in seen.entries(deed)) for deed in CLOSING}
    for request in seen.requests.values():
        number, state = request["number"], request["state"]
        told = {deed: deeds[deed][number] for deed in CLOSING if deeds[deed][number]}
        wanted = {DEED_OF_STATE[state]: 1} if state in DEED_OF_STATE else {}
        if told != wanted:
            yield f"INV-2: request {number} is {state}, the ledger has {told}"
        grants = [grant for grant in seen.grants if grant["request_id"] == request["id"]]
        if len(grants) != (state == "approved"):
            yield f"INV-2: request {number} is {state} and made {len(grants)} grants"


CLOSING = tuple(DEED_OF_STATE.values())


def decided_by_the_entitled(seen: Seen) -> Sentences:
    """INV-3: never by the requester, always by somebody entitled at that instant."""
    for request in seen.requests.values():
        if request["state"] not in {"approved", "denied"}:
            continue
        decider, number = request["decided_by_id"], request["number"]
        if decider == request["account_id"]:
            yield f"INV-3: request {number} was decided by its requester"
        held = seen.held_at(decider, request["decided_at"])
        if not any(_empowers(seen, grant, request) for grant in held):
            yield f"INV-3: request {number} was decided by somebody not entitled"


def _empowers(seen: Seen, grant: Row, request: Row) -> bool:
    asked = seen.roles[request["application"], request["role"]]
    role = seen.roles[grant["application"], grant["role"]]
    is_same = grant["application"] == request["application"]
    is_desk = is_same and role["standing"] == "desk" and role.get("tier", 0) >= 2
    if asked["decided_by"] == "identity_desk":
        return grant["application"] == "idm" and role.get("tier", 0) >= 3
    if asked["decided_by"] == "application_desk":
        return is_desk
    organization = seen.organizations[grant["organization_id"]] if grant["organization_id"] else None
    is_approver = is_same and role["standing"] in APPROVING and organization is not None
    # A desk decides for an end user only where the organization has nobody able; whether it had is not looked up here.
    return is_desk or (is_approver and organization["record_id"] == request["record_id"])


def live_grants_have_their_ground(seen: Seen) -> Sentences:
    """INV-4: an approved request or the operator's command; where the role wants it, organization and proofing."""
    proofed = {case["account_id"] for case in seen.cases if case["state"] == "verified"}
    started = {
        entry["about"]["grant"].replace("-", ""): entry for entry in seen.entries("grant:role:started")
    }
    for grant in (grant for grant in seen.grants if grant["ended_at"] is None):
        role = seen.roles[grant["application"], grant["role"]]
        request = seen.requests.get(grant["request_id"])
        by_command = grant["id"] in started and started[grant["id"]]["actor"] == "command"
        if not by_command and (request is None or request["state"] != "approved"):
            yield f"INV-4: grant {grant['id']} has neither an approved request nor the operator's command"
        if role.get("needs_organization", True) and grant["organization_id"] not in seen.organizations:
            yield f"INV-4: grant {grant['id']} has no organization"
        if role.get("needs_proofing", True) and grant["account_id"] not in proofed:
            yield f"INV-4: grant {grant['id']} is of somebody never proofed"


def one_person_a_number(seen: Seen) -> Sentences:
    """INV-5: a verified SSN and a user ID belong to one account each."""
    taken = Counter(row["digest"] for row in seen.ssns if row["state"] in {"verified", "former"})
    yield from (f"INV-5: {many} accounts of one verified SSN" for many in taken.values() if many > 1)
    user_ids = Counter(row["user_id_key"] for row in seen.accounts.values())
    yield from (f"INV-5: {many} accounts of {user_id}" for user_id, many in user_ids.items() if many > 1)


def one_open_request(seen: Seen) -> Sentences:
    """INV-6: one a person, role and organization; and one live grant."""
    of_request, of_grant = ("application", "role", "record_id"), ("application", "role", "organization_id")
    pending = [row for row in seen.requests.values() if row["state"] == "pending"]
    live = [row for row in seen.grants if row["ended_at"] is None]
    for what, rows, names in (("open requests", pending, of_request), ("live grants", live, of_grant)):
        wishes = Counter((row["account_id"], *(row[name] for name in names)) for row in rows)
        yield from (
            f"INV-6: {many} {what} of one person: {wish}" for wish, many in wishes.items() if many > 1
        )


def each_change_is_on_the_ledger(seen: Seen) -> Sentences:
    """INV-7: exactly one entry for an account, a request, a grant's start and a grant's end, but for one that a merge's undoing took back."""
    opened = Counter(
        entry["subject"].replace("-", "") for entry in seen.entries("account:registration:opened")
    )
    yield from _differences("account opened", opened, Counter(seen.accounts.keys()))
    asked = Counter(entry["about"]["request"] for entry in seen.entries("request:role:submitted"))
    yield from _differences("request submitted", asked, Counter(r["number"] for r in seen.requests.values()))
    for deed, rows in (("started", seen.grants), ("ended", [g for g in seen.grants if g["ended_at"]])):
        told = Counter(
            entry["about"]["grant"].replace("-", "") for entry in seen.entries(f"grant:role:{deed}")
        )
        if deed == "ended":
            told -= Counter(
                entry["about"]["grant"].replace("-", "") for entry in seen.entries("grant:role:restored")
            )
        yield from _differences(f"grant {deed}", told, Counter(grant["id"] for grant in rows))


def _differences(what: str, told: Counter, there: Counter) -> Sentences:
    for key in told.keys() | there.keys():
        if told[key] != there[key]:
            yield f"INV-7: {what}: {key} is there {there[key]} times and on the ledger {told[key]} times"


def each_notice_is_told(seen: Seen) -> Sentences:
    """INV-7: one message for each recipient of each event, and one mail of each message that was delivered."""
    keys = {message["key"].replace("-", "") for message in seen.messages}
    yield from (f"INV-7: no message {key}" for key in _wanted(seen) if key.replace("-", "") not in keys)
    # What went in another's mail has none of its own.
    by_itself = [m for m in seen.messages if m["channel"] in TO_PEOPLE and m["head"] is None]
    delivered = Counter(m["key"] for m in by_itself if m["state"] == "done")
    # SPOT's worker puts its mails into IDM's mailbox, under names that tell them from IDM's.
    handed_over = (m for m in seen.spot_messages if m["channel"] in TO_PEOPLE and m["state"] == "done")
    delivered.update(handed_over_as(m["key"]) for m in handed_over)
    kept = Counter(mail["key"] for mail in seen.mails)
    for key in delivered.keys() | kept.keys():
        if delivered[key] != kept[key]:
            yield f"INV-7: {key} was delivered {delivered[key]} times and lies in the mailbox {kept[key]} times"


def handed_over_as(key: str) -> str:
    """The name of a mail of SPOT's in IDM's mailbox."""
    return hashlib.sha256(f"spot|{key}".encode()).hexdigest()[:40]


def _wanted(seen: Seen) -> Iterator[str]:
    """Keys of the messages to those whom a change concerns, as far as they follow from the rows."""
    registered = (row["id"] for row in seen.accounts.values() if row["user_id"] in seen.book.accounts)
    yield from (f"registered:{account}" for account in registered)
    for request in seen.requests.values():
        ending = ["request-submitted", *([f"request-{request['state']}"] if request["decided_at"] else [])]
        yield from (f"request:{request['id']}:{name}:{request['account_id']}" for name in ending)
    for grant in (grant for grant in seen.grants if grant["end_reason"] in {"removed", "given_up"}):
        yield f"grant:{grant['id']}:role-ended:{grant['account_id']}"


def nothing_is_lost(seen: Seen) -> Sentences:
    """INV-7: no message failed, none waits, and each record that SPOT sent has arrived in its newest version."""
    for program, messages in (("IDM", seen.messages), ("SPOT", seen.spot_messages)):
        for message in messages:
            if message["state"] != "done":
                yield f"INV-7: {program}'s {message['kind']} {message['key']} is {message['state']}"
    held = {record["submitter_id"]: record["version"] for record in seen.held_records.values()}
    for record in seen.records:
        version, submitter_id = record["version"], record["submitter_id"]
        if not version == record["confirmed_version"] == held.get(submitter_id):
            yield f"INV-7: record {submitter_id} is at {version}, IDM holds {held.get(submitter_id)}"
    arrivals = Counter()
    for entry in seen.entries("organization:record:received"):
        key, version = entry["organization"], entry["about"]["version"]
        if version <= arrivals[key]:
            yield f"INV-7: record {key} arrived as version {version} after version {arrivals[key]}"
        arrivals[key] = version


def sessions_have_a_grant(seen: Seen) -> Sentences:
    """INV-10: whoever has a live session in SPOT has a live role there."""
    holders = {g["account_id"] for g in seen.grants if g["ended_at"] is None and g["application"] == "spot"}
    for session in (row for row in seen.spot_sessions if row["ended_at"] is None):
        person = seen.spot_people[session["person_id"]]
        if person["sub"].replace("-", "") not in holders:
            yield f"INV-10: {person['user_id']} has a session in SPOT and no role there"


CHECKS: tuple[Callable[[Seen], Sentences], ...] = (
    acknowledged_is_there,
    decided_once,
    decided_by_the_entitled,
    live_grants_have_their_ground,
    one_person_a_number,
    one_open_request,
    each_change_is_on_the_ledger,
    each_notice_is_told,
    nothing_is_lost,
    sessions_have_a_grant,
)
