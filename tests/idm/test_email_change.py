"""Changing the e-mail address: asked, confirmed at the new one, told to and undone from the old one. [R-9]"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.outbox.models import InboxMessage, Message
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account, EmailChange
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.sessions.models import Session
from tests.idm import build_accounts as build
from tests.idm import build_recovery as recovery

pytestmark = pytest.mark.django_db

NEW = "robin.new@example.org"
THIRD = "robin.third@example.org"


@pytest.fixture
def robin(client: Client) -> Account:
    holder = build.account()
    build.sign_in_by_email(client, holder)
    return holder


def ask(client: Client, address: str = NEW, again: str = ""):
    return client.post("/profile/email/edit/", {"email": address, "email_again": again or address})


def link_to(address: str, kind: str, nth: int = -1) -> str:
    text = build.text_of(build.mails_to(address, kind)[nth])
    return re.search(r"(/profile/email/confirm|/email-undo)/[\w-]+/", text).group()


def change(client: Client, address: str = NEW):
    assert ask(client, address).status_code == 302
    return client.post(link_to(address, "email_confirm"))


def email_of(holder: Account) -> str:
    return Account.objects.get(pk=holder.pk).email


def age(**ago: timedelta) -> None:
    for row in EmailChange.objects.all():
        for name, since in ago.items():
            setattr(row, name, getattr(row, name) - since)
        row.save()


def test_nothing_changes_until_the_new_address_confirms(client: Client, robin: Account):
    """Asked for, told to both, waiting. [R-9]"""
    old = robin.email
    answer = ask(client)
    assert "Look into your new mailbox" in client.get(answer.headers["Location"]).content.decode()
    assert email_of(robin) == old
    assert len(build.mails_to(NEW, "email_confirm")) == len(build.mails_to(old, "email_asked")) == 1
    assert "waits" in client.get("/profile/").content.decode()


def test_opening_the_link_does_nothing_its_button_confirms(client: Client, robin: Account):
    """Mail scanners press links. [R-9, N-2]"""
    old = robin.email
    ask(client)
    link = link_to(NEW, "email_confirm")
    assert client.get(link).status_code == 200
    assert email_of(robin) == old
    assert client.post(link).headers["Location"] == "/profile/?saved"
    assert email_of(robin) == NEW
    assert build.mails_to(old, "email_changed")
    assert build.mails_to(NEW, "email_in_use")
    assert "account:email:changed" in build.deeds_of(robin)


def test_the_address_is_typed_twice(client: Client, robin: Account):
    """Two different ones are refused at the field. [R-9]"""
    page = ask(client, NEW, THIRD).content.decode()
    assert "Type the same e-mail address twice" in page
    assert not EmailChange.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "robin@ехample.org",
        "röbin@example.org",
        "robın@example.org",
        "robin@example.org\x00",
        "ROBIN",
        "",
        "a@" + "b" * 80,
    ],
)
def test_look_alikes_and_nonsense_are_refused(client: Client, robin: Account, address: str):
    """Letters of other alphabets that look like ours open no other mailbox. [R-9, AX10]"""
    old = robin.email
    assert ask(client, address).status_code == 200
    assert email_of(robin) == old
    assert not EmailChange.objects.exists()


def test_the_same_address_in_other_letters_is_no_change(client: Client, robin: Account):
    """Case makes no other address. [R-9]"""
    assert "already" in ask(client, robin.email.upper()).content.decode()


def test_the_last_of_two_pending_changes_wins(client: Client, robin: Account):
    """The first one's link confirms nothing any more. [R-9, AX10]"""
    old = robin.email
    ask(client)
    first = link_to(NEW, "email_confirm")
    ask(client, THIRD)
    answer = client.post(first)
    assert (answer.status_code, answer["X-Refusal"]) == (410, "email_link_over")
    assert email_of(robin) == old
    client.post(link_to(THIRD, "email_confirm"))
    assert email_of(robin) == THIRD


def test_a_used_link_confirms_nothing_again(client: Client, robin: Account):
    """A to B to A: B's old link does not bring B back. [R-9, AX10]"""
    old = robin.email
    ask(client)
    link = link_to(NEW, "email_confirm")
    client.post(link)
    change(client, old)
    assert client.post(link).status_code == 410
    assert email_of(robin) == old


def test_a_link_is_for_the_account_that_asked(client: Client, robin: Account):
    """Somebody else's session confirms nothing, and is told what nobody's link is told. [R-9, AX10]"""
    ask(client)
    link, casey, other = link_to(NEW, "email_confirm"), build.account(), Client()
    build.sign_in_by_email(other, casey)
    for answer in (other.get(link), other.post(link), other.post("/profile/email/confirm/" + "A" * 43 + "/")):
        assert (answer.status_code, answer["X-Refusal"]) == (404, "email_link_unknown")
    assert email_of(casey) != NEW
    assert email_of(robin) != NEW


def test_a_visitor_signs_in_before_confirming(client: Client, robin: Account):
    """A stranger to whom a mistyped address belongs gets no account by it. [R-9, AX10]"""
    ask(client)
    link = link_to(NEW, "email_confirm")
    assert Client().post(link).headers["Location"] == "/"
    assert email_of(robin) != NEW


def test_an_address_in_use_elsewhere_is_not_told(client: Client, robin: Account):
    """The same page and the same mails. [R-9, A-4]"""
    casey = build.account()
    answer = ask(client, casey.email)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile/email/asked/")
    assert build.mails_to(casey.email, "email_confirm")


def test_a_confirm_link_is_over_after_a_day(client: Client, robin: Account):
    """Then one asks again. [R-9]"""
    ask(client)
    age(expires_at=timedelta(hours=24))
    assert client.post(link_to(NEW, "email_confirm")).status_code == 410
    assert email_of(robin) != NEW


def test_the_old_address_takes_it_back_for_ten_days(client: Client, robin: Account):
    """A button behind a link; signed out everywhere; no sign-in needed. [R-9]"""
    old = robin.email
    change(client)
    age(confirmed_at=timedelta(days=9, hours=23), asked_at=timedelta(days=9, hours=23))
    link, visitor = link_to(old, "email_changed"), Client()
    assert visitor.get(link).status_code == 200
    assert email_of(robin) == NEW
    assert visitor.post(link).headers["Location"] == "/email-undo/done/"
    assert visitor.get("/email-undo/done/").status_code == 200
    assert email_of(robin) == old
    assert client.get("/home/").status_code == 302
    assert Session.objects.get(account=robin).end_reason == "email_restored"
    assert build.mails_to(old, "email_restored")
    assert build.mails_to(NEW, "email_left")


def test_after_ten_days_the_change_stays(client: Client, robin: Account):
    """The link is refused then. [R-9]"""
    old = robin.email
    change(client)
    age(confirmed_at=timedelta(days=10), asked_at=timedelta(days=10))
    answer = Client().post(link_to(old, "email_changed"))
    assert (answer.status_code, answer["X-Refusal"]) == (410, "email_link_over")
    assert email_of(robin) == NEW


def test_a_pending_change_is_cancelled_from_the_old_address(client: Client, robin: Account):
    """The link that told of it works before the confirmation, too. [R-9]"""
    old = robin.email
    ask(client)
    Client().post(link_to(old, "email_asked"))
    build.sign_in_by_email(client, robin)
    answer = client.post(link_to(NEW, "email_confirm"))
    assert (answer.status_code, answer["X-Refusal"]) == (410, "email_change_taken_back")
    assert email_of(robin) == old


def test_taking_back_reaches_over_later_changes(client: Client, robin: Account):
    """A thief who changes twice does not shake the first owner off. [R-9, AX10]"""
    old = robin.email
    change(client)
    change(client, THIRD)
    Client().post(link_to(old, "email_changed"))
    assert email_of(robin) == old
    answer = Client().post(link_to(NEW, "email_changed"))
    assert (answer.status_code, email_of(robin)) == (410, old)


def test_the_first_of_two_links_takes_back_as_well(client: Client, robin: Account):
    """Asked twice: whichever mail the old address opens, it works. [R-9]"""
    old = robin.email
    ask(client, THIRD)
    change(client)
    assert Client().post(link_to(old, "email_asked", 0)).status_code == 302
    assert email_of(robin) == old


def test_the_old_address_recovers_for_a_day(client: Client, robin: Account):
    """And not longer. [R-9]"""
    old = robin.email
    change(client)
    robin.refresh_from_db()
    now = clock.now()
    assert recovery_emails(robin, now=now) == [NEW, old]
    assert recovery_emails(robin, now=now + timedelta(hours=25)) == [NEW]


def test_only_the_old_address_gets_the_codes_of_a_recovery_for_a_day(client: Client, robin: Account):
    """Whoever moved the mailbox cannot take the password with it the same day. [R-9, P-7, AX10]"""
    old = robin.email
    change(client)
    visitor = Client()
    recovery.begins(visitor, robin.user_id)
    recovery.chooses(visitor)
    assert not build.mails_to(NEW, "recovery_code")
    assert recovery.types_code(visitor, recovery.code_for(old))["Location"] == "/forgot-password/new/"


def test_it_needs_a_fresh_factor(client: Client, robin: Account):
    """After 15 minutes the person verifies again first. [R-9, S-6]"""
    Session.objects.update(proofs={"email": (clock.now() - timedelta(minutes=16)).isoformat()})
    assert ask(client).headers["Location"] == "/sign-in/verify/"
    assert not EmailChange.objects.exists()


def test_five_changes_an_hour_are_enough(client: Client, robin: Account):
    """Each asking mails two people. [R-9]"""
    for number in range(5):
        assert ask(client, f"robin.{number}.x@example.org").status_code == 302
    assert "Wait an hour" in ask(client).content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 3000, "%00", "'", "done'"])
def test_an_unknown_undo_link_changes_nothing(client: Client, robin: Account, token: str):
    """No token, no account. [R-9]"""
    for answer in (Client().get(f"/email-undo/{token}/"), Client().post(f"/email-undo/{token}/")):
        assert (answer.status_code, answer["X-Refusal"]) == (404, "email_link_unknown")


def test_a_link_is_good_for_its_own_purpose_only(client: Client, robin: Account):
    """Confirm, undo, reset and "not me" do not open each other. [AX26]"""
    old = robin.email
    ask(client)
    confirm = link_to(NEW, "email_confirm").split("/")[-2]
    undo = link_to(old, "email_asked").split("/")[-2]
    assert client.post(f"/profile/email/confirm/{undo}/").status_code == 404
    assert client.post(f"/email-undo/{confirm}/").status_code == 404
    for token in (confirm, undo):
        assert client.post(f"/reset-password/{token}/").status_code == 404
        assert client.post(f"/not-me/{token}/").status_code == 404
    assert email_of(robin) == old


def test_no_link_of_it_is_in_the_inbox_or_readable_in_the_outbox(client: Client, robin: Account):
    """The rows keep digests; the bodies are sealed and wiped when delivered. [R-9, N-2]"""
    change(client)
    assert all(
        row.is_secret
        for row in Message.objects.filter(kind__in=("email_confirm", "email_asked", "email_changed"))
    )
    for row in InboxMessage.objects.filter(owner=str(robin.pk)):
        page = client.get(f"/profile/inbox/{row.pk}/").content.decode()
        assert "email-undo" not in page
        assert "email/confirm" not in page
