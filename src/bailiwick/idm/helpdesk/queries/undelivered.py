"""What could not be delivered, as IDM's desk reads it: masked, with whose account the address is (N-2, H-3). Reads only."""

from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.outbox import undelivered as outbox
from bailiwick.ground.outbox.catalogue import kind
from bailiwick.ground.outbox.models import Message, State
from bailiwick.idm.access.queries.authority import able_approvers, has_able_approver
from bailiwick.idm.access.queries.health import with_approvers
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.accounts import AccountState, email_key
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.masking import masked_email, masked_phone

GOING_ON = (AccountState.ACTIVE, AccountState.SUSPENDED)


@dataclass(frozen=True)
class Line:
    """`what`: when such a notice goes out. `account`: whose address it is, where it is one's alone."""

    message: Message
    what: str
    to: str
    account: Account | None
    can_be_tried: bool

    @property
    def is_returned(self) -> bool:
        return bool(self.message.state == State.BOUNCED)


def lines(messages: list[Message], *, now: datetime) -> list[Line]:
    """The messages of one page, with whose they are, in one statement."""
    keys = {email_key(one.to) for one in messages if one.channel == "email"}
    held: dict[str, list[Account]] = {}
    for account in Account.objects.filter(email_key__in=keys, state__in=GOING_ON):
        held.setdefault(account.email_key, []).append(account)
    return [_line(one, held.get(email_key(one.to), []), now) for one in messages]


def _line(message: Message, holders: list[Account], now: datetime) -> Line:
    return Line(
        message,
        what=kind(message.kind).when or message.kind,
        to=_masked(message),
        account=holders[0] if len(holders) == 1 else None,
        can_be_tried=outbox.can_be_tried(message, now=now),
    )


def _masked(message: Message) -> str:
    if message.channel == "email":
        return masked_email(message.to)
    return "" if message.channel == "letter" else masked_phone(message.to.partition(";")[0])


def holders_of(address: str) -> list[Account]:
    """The accounts that are reached at this address now."""
    rows = Account.objects.filter(email_key=email_key(address), state__in=GOING_ON)
    return list(rows.select_related("person").order_by("pk"))


def alone_for(account: Account, *, now: datetime) -> list[tuple[Application, Organization]]:
    """Where this account is the only one who can decide (AR18)."""
    found = []
    for application in with_approvers():
        own = (
            able_approvers(application, now=now)
            .filter(account=account)
            .select_related("organization__record")
        )
        places = {grant.organization for grant in own if grant.organization}
        found += [
            (application, place)
            for place in sorted(places, key=lambda one: str(one.pk))
            if not has_able_approver(application, place, now=now, but=account)
        ]
    return found
