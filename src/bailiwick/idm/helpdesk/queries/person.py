"""One person as a desk sees them: masked values, what opens the account, roles, requests, the ledger's deeds (H-2, H-3).

What is not of this desk's business is not read. Reads only.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings.masking import masked_email, masked_phone
from bailiwick.idm.access.queries.grants import ended_grants, line_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import accounts_merged_into, personal_facts
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.models import Closing, SharingCase
from bailiwick.idm.helpdesk.queries.closings import StateChange, state_changes, waiting_closing
from bailiwick.idm.helpdesk.queries.finding import PersonFound, RoleFound, person_found, state_words
from bailiwick.idm.helpdesk.queries.members import checked_until
from bailiwick.idm.helpdesk.queries.sharing import open_sharing_of
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.words import ACTOR_WORDS, DEED_WORDS, MASKED_WORDS
from bailiwick.idm.registry.queries import waiting_kinds
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.desk import PROPOSED, Act, Masked, Member, is_offered
from bailiwick.idm.rules.masking import last_five
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.sessions.queries import open_sessions
from bailiwick.idm.signin.queries import Factor, PathLine, factors, password_path

MOST_ENTRIES = 25

SHOWN: dict[Masked, Callable[[PersonalFacts], str]] = {
    Masked.SSN: lambda facts: last_five(facts.ssn),
    Masked.BIRTH_DATE: lambda facts: _day(facts.birth_date),
    Masked.EMAIL: lambda facts: facts.email,
    Masked.PHONE: lambda facts: facts.phone,
    Masked.ADDRESS: lambda facts: _place(facts.address),
}
HIDDEN: dict[Masked, Callable[[PersonalFacts], str]] = {
    Masked.SSN: lambda facts: "•••-••-••••" if facts.ssn else "",
    Masked.BIRTH_DATE: lambda _facts: "••/••/••••",
    Masked.EMAIL: lambda facts: masked_email(facts.email),
    Masked.PHONE: lambda facts: masked_phone(facts.phone),
    Masked.ADDRESS: lambda facts: f"•••, {facts.address.state}",
}


@dataclass(frozen=True)
class ValueLine:
    """`until`: it is revealed to this session, and hides itself again then. `value` is masked without it."""

    code: Masked
    label: str | Promise
    value: str
    until: datetime | None = None


@dataclass(frozen=True)
class EntryLine:
    """A deed about this person. `who`: what kind of actor; no value, no reason, no name. `account`: which of theirs."""

    at: datetime
    account: Account
    words: str | Promise
    outcome: str
    who: str | Promise


@dataclass(frozen=True)
class MergedAccount:
    """An account that was merged into this person's, with the roles it ended with."""

    account: Account
    roles: list[RoleFound]


@dataclass(frozen=True)
class Stopping:
    changes: list[StateChange]
    waiting: Closing | None
    cases: list[SharingCase]


@dataclass(frozen=True)
class PersonAtDesk:
    """`acts`: what this desk can do to them now. Account, factors, sessions and ledger are read for IDM's desk alone.

    `stopping`: for tier 3, what staff did to the account's state, what waits, and open cases of sharing (A-6, H-6).
    `merged`: the person's accounts that were merged into this one, each with the roles it ended with (A-5).
    """

    found: PersonFound
    state: str
    acts: frozenset[Act]
    values: list[ValueLine]
    path: PathLine | None
    factors: list[Factor]
    sessions: int
    entries: list[EntryLine]
    merged: list[MergedAccount]
    checked_until: datetime | None
    stopping: Stopping | None

    @property
    def account(self) -> Account:
        return self.found.account

    @property
    def name(self) -> str:
        return self.found.name


def person_at_desk(
    person: Account, scope: Scope, *, member: Member, session: Session, now: datetime
) -> PersonAtDesk:
    """`member`: what the scope's viewer is to the person, by `member_of`."""
    desk = scope.viewer
    acts = frozenset(act for act in Act if is_offered(act, member))
    sees_account = Act.SEE_ACCOUNT in acts
    earlier = accounts_merged_into(person)
    return PersonAtDesk(
        found=person_found(person, scope, now=now),
        state=state_words(person),
        acts=acts,
        values=_values(desk, person, session, now) if Act.REVEAL in acts else [],
        path=password_path(person, now=now) if sees_account else None,
        factors=factors(person) if sees_account else [],
        sessions=len(open_sessions(person, now=now, limits=settings.LIMITS)) if sees_account else 0,
        entries=_entries([person, *earlier]) if sees_account else [],
        merged=[_merged(account, scope, now=now) for account in earlier],
        checked_until=checked_until(desk, person, now=now) if member.has_checked_caller else None,
        stopping=_stopping(person) if Act.SETTLE_CLOSING in acts else None,
    )


def _stopping(person: Account) -> Stopping:
    return Stopping(state_changes(person), waiting_closing(person), open_sharing_of(person))


def revealed(desk: Account, *, session: Session, now: datetime) -> Row | None:
    """The one value that is open to this desk member, in the session that opened it (H-3)."""
    rows = Row.objects.filter(desk=desk, session=session, kind=Act.REVEAL, until__gt=now)
    return rows.order_by("-at").first()


def has_value(person: Account, value: Masked) -> bool:
    """Whether there is anything to reveal: somebody may have given no SSN or phone."""
    if value in SHOWN:
        return bool(SHOWN[value](personal_facts(person)))
    return any(PROPOSED.get(kind) == value for kind in waiting_kinds(person))


def _values(desk: Account, person: Account, session: Session, now: datetime) -> list[ValueLine]:
    facts = personal_facts(person)
    row = revealed(desk, session=session, now=now)
    is_open = row is not None and row.person_id == person.pk
    return [
        ValueLine(value, MASKED_WORDS[value], SHOWN[value](facts), row.until)
        if is_open and row.value == value
        else ValueLine(value, MASKED_WORDS[value], HIDDEN[value](facts))
        for value in SHOWN
    ]


def _merged(account: Account, scope: Scope, *, now: datetime) -> MergedAccount:
    """What was live went over to the account that goes on; what had ended before, and what collapsed, stayed (A-5)."""
    lines = [line_of(grant, now=now) for grant in ended_grants(account, now=now)]
    return MergedAccount(account, [RoleFound(line, False) for line in lines if scope.sees(line)])


def _entries(accounts: list[Account]) -> list[EntryLine]:
    """The newest deeds about this person, theirs or others', under any account that is theirs (A-5)."""
    own = {str(account.pk): account for account in accounts}
    rows = Entry.objects.filter(subject__in=own).order_by("-id")[:MOST_ENTRIES]
    return [
        EntryLine(row.at, own[row.subject], DEED_WORDS.get(row.deed, row.deed), row.outcome, _who(row, own))
        for row in rows
    ]


def _who(row: Entry, own: Container[str]) -> str | Promise:
    if row.actor in own:
        return ACTOR_WORDS["self"]
    kind = row.actor.partition(":")[0]
    return ACTOR_WORDS.get(kind, ACTOR_WORDS["other"])


def _place(home: Address) -> str:
    parts = (
        home.line_1,
        home.line_2,
        home.city,
        f"{home.state} {home.zip}",
        "" if home.is_us else home.country,
    )
    return ", ".join(part for part in parts if part)


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
