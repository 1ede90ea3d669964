"""A desk at work: members of each tier in their browsers, people with passwords who call, as plain functions."""

import re

from django.urls import reverse

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.signin.actions import attempts
from tests.idm import build_accounts, build_pages
from tests.idm.build_pages import Browser

REASON = "Call 4711: locked out"


def caller(**changes: object) -> Account:
    """Somebody with a password and a security answer, who may call the desk."""
    return build_accounts.account(**changes)


def tier(number: int) -> Account:
    """Tier 2 is SPOT's desk, tiers 1 and 3 are IDM's (H-2)."""
    if number == 2:
        return build_pages.tier_2()
    account = build_pages.person()
    build_pages.grant(account, f"tier-{number}", application="idm")
    return account


def browser(member: Account | None = None, **how: object) -> Browser:
    return build_pages.browser(member or tier(1), **how)


def url(name: str, person: Account, **more: str) -> str:
    return reverse(f"desk-{name}", kwargs={"person_id": person.pk, **more})


def looking(person: Account, member: Account | None = None, **how: object) -> Browser:
    """A desk member's browser in front of the person's page, the reason given."""
    opened = browser(member, **how)
    opened.send(url("person", person), {"reason": REASON})
    return opened


def locks(person: Account, *, failures: int = 3) -> None:
    """So many wrong passwords."""
    for _ in range(failures):
        attempt = attempts.reserve(account=person, by=build_accounts.VISITOR, now=clock.now())
        attempts.fail(attempt, deed=Deed.SIGN_IN_PASSWORD_FAILED, by=build_accounts.VISITOR, now=clock.now())


def code_for(person: Account) -> str:
    """The newest code for a call in that mailbox."""
    message = build_accounts.mails_to(person.email, "caller_code")[-1]
    return re.search(r"\b[0-9]{6}\b", build_accounts.text_of(message)).group()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def checks(desk: Browser, person: Account) -> None:
    """The caller reads the right code."""
    desk.send(url("caller", person), {"send": "1"})
    desk.send(url("caller", person), {"code": code_for(person)})


def link_for(person: Account) -> str:
    """The path of the newest reset link in that mailbox."""
    text = build_accounts.text_of(build_accounts.mails_to(person.email, "reset_link")[-1])
    return re.search(r"/reset-password/[\w-]{43}/", text).group()


def refusals(person: Account) -> list[Entry]:
    return list(Entry.objects.filter(deed=Deed.AUTHORITY_REFUSED, subject=str(person.pk)).order_by("pk"))


def entries(person: Account, deed: Deed) -> list[Entry]:
    return list(Entry.objects.filter(deed=deed, subject=str(person.pk)).order_by("pk"))
