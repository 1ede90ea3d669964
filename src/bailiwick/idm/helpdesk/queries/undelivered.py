"""Whom a notice that did not arrive was for, and what follows where nobody else can decide (N-2, AR18). Reads only."""

from datetime import datetime

from bailiwick.ground.outbox.models import Message
from bailiwick.idm.access.queries.authority import able_approvers, has_able_approver
from bailiwick.idm.access.queries.health import with_approvers
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.accounts import AccountState, email_key
from bailiwick.idm.rules.catalogue import Application

GOING_ON = (AccountState.ACTIVE, AccountState.SUSPENDED)


def accounts_of(messages: list[Message]) -> dict[int, Account]:
    """Whose address each of these messages went to, where it is one's alone; in one statement."""
    keys = {one.pk: email_key(one.to) for one in messages if one.channel == "email"}
    held: dict[str, list[Account]] = {}
    for account in Account.objects.filter(email_key__in=set(keys.values()), state__in=GOING_ON):
        held.setdefault(account.email_key, []).append(account)
    return {number: held[key][0] for number, key in keys.items() if len(held.get(key, [])) == 1}


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
