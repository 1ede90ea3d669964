"""One person as a desk sees them: masked values, what opens the account, roles, requests, the ledger's deeds (H-2, H-3).

What is not of this desk's business is not read. Reads only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.queries.finding import STATE_WORDS, PersonFound, person_found
from bailiwick.idm.helpdesk.queries.members import checked_until, member_of
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.words import ACTOR_WORDS, DEED_WORDS, MASKED_WORDS
from bailiwick.idm.rules.accounts import AccountState, PersonalFacts
from bailiwick.idm.rules.desk import Act, Masked, Presence, is_offered
from bailiwick.idm.rules.masking import last_five, masked_email, masked_phone
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.sessions.queries import open_sessions
from bailiwick.idm.signin.queries import Factor, PathLine, factors, password_path

MOST_ENTRIES = 25

SHOWN: dict[Masked, Callable[[PersonalFacts], str]] = {
    Masked.SSN: lambda facts: last_five(facts.ssn),
    Masked.BIRTH_DATE: lambda facts: _day(facts.birth_date),
    Masked.EMAIL: lambda facts: facts.email,
    Masked.PHONE: lambda facts: facts.phone,
}
HIDDEN: dict[Masked, Callable[[PersonalFacts], str]] = {
    Masked.SSN: lambda facts: "•••-••-••••" if facts.ssn else "",
    Masked.BIRTH_DATE: lambda _facts: "••/••/••••",
    Masked.EMAIL: lambda facts: masked_email(facts.email),
    Masked.PHONE: lambda facts: masked_phone(facts.phone),
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
    """A deed about this person. `who`: what kind of actor; no value, no reason, no name."""

    at: datetime
    words: str | Promise
    outcome: str
    who: str | Promise


@dataclass(frozen=True)
class PersonAtDesk:
    """`acts`: what this desk can do to them now. Account, factors, sessions and ledger are read for IDM's desk alone."""

    found: PersonFound
    state: str
    acts: frozenset[Act]
    values: list[ValueLine]
    path: PathLine | None
    factors: list[Factor]
    sessions: int
    entries: list[EntryLine]
    checked_until: datetime | None

    @property
    def account(self) -> Account:
        return self.found.account

    @property
    def name(self) -> str:
        return self.found.name


def person_at_desk(
    person: Account, scope: Scope, *, presence: Presence, session: Session, now: datetime
) -> PersonAtDesk:
    desk = scope.viewer
    member = member_of(desk, person, presence=presence, now=now)
    acts = frozenset(act for act in Act if is_offered(act, member))
    sees_account = Act.SEE_ACCOUNT in acts
    return PersonAtDesk(
        found=person_found(person, scope, now=now),
        state=str(STATE_WORDS[AccountState(person.state)]),
        acts=acts,
        values=_values(desk, person, session, now) if Act.REVEAL in acts else [],
        path=password_path(person, now=now) if sees_account else None,
        factors=factors(person) if sees_account else [],
        sessions=len(open_sessions(person, now=now, limits=settings.LIMITS)) if sees_account else 0,
        entries=_entries(person) if sees_account else [],
        checked_until=checked_until(desk, person, now=now),
    )


def revealed(desk: Account, *, session: Session, now: datetime) -> Row | None:
    """The one value that is open to this desk member, in the session that opened it (H-3)."""
    rows = Row.objects.filter(desk=desk, session=session, kind=Act.REVEAL, until__gt=now)
    return rows.order_by("-at").first()


def has_value(person: Account, value: Masked) -> bool:
    """Whether there is anything to reveal: somebody may have given no SSN or phone."""
    return bool(SHOWN[value](personal_facts(person)))


def _values(desk: Account, person: Account, session: Session, now: datetime) -> list[ValueLine]:
    facts = personal_facts(person)
    row = revealed(desk, session=session, now=now)
    is_open = row is not None and row.person_id == person.pk
    return [
        ValueLine(value, MASKED_WORDS[value], SHOWN[value](facts), row.until)
        if is_open and row.value == value
        else ValueLine(value, MASKED_WORDS[value], HIDDEN[value](facts))
        for value in Masked
    ]


def _entries(person: Account) -> list[EntryLine]:
    """The newest deeds about this person, theirs or others'."""
    rows = Entry.objects.filter(subject=str(person.pk)).order_by("-id")[:MOST_ENTRIES]
    return [
        EntryLine(row.at, DEED_WORDS.get(row.deed, row.deed), row.outcome, _who(row, person)) for row in rows
    ]


def _who(row: Entry, person: Account) -> str | Promise:
    if row.actor == str(person.pk):
        return ACTOR_WORDS["self"]
    kind = row.actor.partition(":")[0]
    return ACTOR_WORDS.get(kind, ACTOR_WORDS["other"])


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
