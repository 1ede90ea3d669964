"""Somebody with an account, and a thief who has the password and looked into the mailbox, as plain functions."""

import re
from datetime import timedelta

from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account, EmailChange
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import OneTimeCode, Password
from tests.idm import build_accounts as build

THIEFS = "thief@example.net"


def somebody() -> Account:
    """Somebody who signed in days ago, from a device of their own."""
    holder = build.account()
    at_home = Client()
    build.sign_in_by_email(at_home, holder)
    at_home.get("/home/")
    Account.objects.filter(pk=holder.pk).update(first_signed_in_at=clock.now() - timedelta(days=3))
    at_home.post("/sign-out/")
    return holder


def break_in(holder: Account) -> Client:
    """A thief who has the password and reads one code in the mailbox, at a device of their own."""
    thief = Client()
    build.sign_in_by_email(thief, holder)
    thief.get("/home/")
    return thief


def link(address: str, kind: str, path: str) -> str:
    text = build.text_of(build.mails_to(address, kind)[-1])
    return re.search(rf"/{path}/[\w-]+/", text).group()


def disown(holder: Account) -> None:
    """The holder says that the newest sign-in was not theirs."""
    assert Client().post(link(holder.email, "new_device", "not-me")).status_code == 302


def earlier() -> None:
    """As if every code had been sent two minutes before."""
    for code in OneTimeCode.objects.all():
        OneTimeCode.objects.filter(pk=code.pk).update(sent_at=code.sent_at - timedelta(minutes=2))


def a_day_later(holder: Account) -> None:
    """As if the account had moved 25 hours ago: the mailbox before gets no code any more (R-9)."""
    for change in EmailChange.objects.filter(account=holder):
        moved = {"confirmed_at": change.confirmed_at - timedelta(hours=25)}
        EmailChange.objects.filter(pk=change.pk).update(**moved)


def has_password(holder: Account, password: str) -> bool:
    return hashing.is_right(password, Password.objects.get(pk=holder.pk).encoded)


def email_of(holder: Account) -> str:
    return Account.objects.values_list("email", flat=True).get(pk=holder.pk)


def steal_mailbox(holder: Account) -> Client:
    """A thief in a session moves the account to a mailbox of their own."""
    thief = break_in(holder)
    thief.post("/profile/email/edit/", {"email": THIEFS, "email_again": THIEFS})
    assert thief.post(link(THIEFS, "email_confirm", "profile/email/confirm")).status_code == 302
    assert email_of(holder) == THIEFS
    return thief
