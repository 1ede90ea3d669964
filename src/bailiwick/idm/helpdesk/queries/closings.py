"""Reading what waits for a second of tier 3, and how an account came to its state (A-6, H-5). Reads only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.queries.authority import IDENTITY, authority_of
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.models import Closing
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.words import DEED_WORDS
from bailiwick.idm.rules.closing import State
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import TIER_OF_SECURITY_DESK

STATE_DEEDS = (
    Deed.ACCOUNT_SUSPENDED,
    Deed.ACCOUNT_UNSUSPENDED,
    Deed.ACCOUNT_ARCHIVED,
    Deed.ACCOUNT_UNARCHIVED,
)
MOST_CHANGES = 10


@dataclass(frozen=True)
class StateChange:
    """What staff did to an account's state, by whom and why: for tier 3, who answers for it."""

    at: datetime
    words: str | Promise
    who: str
    why: str


def closings() -> QuerySet[Closing]:
    return Closing.objects.select_related("account__person", "proposed_by__person", "settled_by__person")


def waiting_closing(account: Account) -> Closing | None:
    """What was proposed about the account and waits for a second person, if anything."""
    return closings().filter(account=account, state=State.PROPOSED).first()


def waiting_closings(*, most: int) -> list[Closing]:
    """The oldest first."""
    return list(closings().filter(state=State.PROPOSED).order_by("proposed_at", "pk")[:most])


def closing_with_id(identifier: UUID, account: Account) -> Closing | None:
    return closings().filter(pk=identifier, account=account).first()


def state_changes(account: Account) -> list[StateChange]:
    """The newest first, from the ledger."""
    rows = Entry.objects.filter(subject=str(account.pk), deed__in=STATE_DEEDS).order_by("-id")[:MOST_CHANGES]
    rows = list(rows)
    actors = {row.actor for row in rows if row.actor.count("-") == 4}  # noqa: PLR2004 - account ids
    people = {str(each.pk): each for each in Account.objects.select_related("person").filter(pk__in=actors)}
    return [
        StateChange(
            row.at,
            DEED_WORDS[Deed(row.deed)],
            full_name(people[row.actor]) if row.actor in people else row.actor,
            row.why,
        )
        for row in rows
    ]


def security_desk(*, now: datetime) -> list[Account]:
    """The members of tier 3 who can act now (H-7)."""
    grants = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now)
    people = Account.objects.select_related("person").filter(pk__in=grants.values("account"))
    return list(people.order_by("user_id_key"))


def is_of_security_desk(account: Account, *, now: datetime) -> bool:
    return authority_of(account, now=now).is_security_desk


def is_alone_at_security_desk(scope: Scope, *, now: datetime) -> bool:
    """The last of tier 3 is flagged: what takes two cannot be done (H-5, H-7)."""
    if not scope.authority.is_security_desk:
        return False
    return all(member.pk == scope.viewer.pk for member in security_desk(now=now))
