"""Devices a person signs in from, the mail about a new one, and "this was not me". [S-9]"""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import InboxMessage, Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.sessions.models import Device, DisowningLink, Session
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
DEVICE_COOKIE = f"{settings.SESSION_COOKIE_NAME}_device"
HOLDER = By("visitor", "192.0.2.9")


def enter(client: Client, holder: Account, agent: str = FIREFOX):
    """Sign in by e-mail and open the first page, as a browser does."""
    build.sign_in_by_email(client, holder)
    return client.get("/home/", HTTP_USER_AGENT=agent)


@pytest.fixture
def robin() -> Account:
    """Somebody who has signed in before, from one device."""
    holder = build.account()
    enter(Client(), holder)
    Account.objects.filter(pk=holder.pk).update(first_signed_in_at=clock.now() - timedelta(days=3))
    Message.objects.all().delete()
    return holder


def news(holder: Account) -> list[Message]:
    return build.mails_to(holder.email, "new_device")


def link_in(message: Message) -> str:
    return re.search(r"/not-me/[\w-]+/", build.text_of(message)).group()


def from_elsewhere(holder: Account) -> tuple[Client, str]:
    """A stranger who signed in from a new device, and the link that the holder was mailed."""
    stranger = Client()
    enter(stranger, holder)
    return stranger, link_in(news(holder)[-1])


def test_the_very_first_sign_in_is_no_news():
    """The code for it went to that mailbox just now. [S-9]"""
    holder = build.account()
    assert enter(Client(), holder).status_code == 200
    assert not news(holder)
    assert Device.objects.get(account=holder).words == "Firefox, Windows"


def test_a_sign_in_from_a_new_device_is_mailed(robin: Account):
    """The mail names time, device and place, and leads to a page. [S-9]"""
    enter(Client(), robin)
    (mail,) = news(robin)
    text = build.text_of(mail)
    assert mail.is_secret
    for said in ("Firefox, Windows", "127.0.0.0/24", "/not-me/"):
        assert said in text


def test_a_device_seen_before_is_not_mailed_again(robin: Account):
    """The cookie makes it known, sign-in after sign-in. [S-9]"""
    client = Client()
    enter(client, robin)
    client.post("/sign-out/")
    enter(client, robin)
    assert len(news(robin)) == 1
    assert Device.objects.filter(account=robin).count() == 2


def test_the_device_cookie_is_not_in_the_database(robin: Account):
    """A row keeps a digest, of cookie and account together. [S-9]"""
    client = Client()
    enter(client, robin)
    cookie = client.cookies[DEVICE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert all(cookie.value.encode() not in bytes(row.digest) for row in Device.objects.all())


def test_a_device_is_known_for_each_account_by_itself(robin: Account):
    """Two people in one browser: each is told of it once, and the rows do not join them. [S-9, AX09]"""
    casey, client = build.account(), Client()
    enter(Client(), casey)
    Account.objects.filter(pk=casey.pk).update(first_signed_in_at=clock.now() - timedelta(days=3))
    for holder in (robin, casey, robin, casey):
        enter(client, holder)
        client.post("/sign-out/")
    assert (len(news(robin)), len(news(casey))) == (1, 1)
    assert len({bytes(row.digest) for row in Device.objects.all()}) == Device.objects.count() == 4


@pytest.mark.parametrize("planted", ["A" * 43, "x", ".", "A" * 5000, "é\x00", "A" * 43 + "." + "B" * 43])
def test_a_planted_device_cookie_is_worth_nothing(robin: Account, planted: str):
    """A secret that somebody else chose is never taken over. [S-9, AX09]"""
    client = Client()
    client.cookies[DEVICE_COOKIE] = planted
    enter(client, robin)
    assert len(news(robin)) == 1
    stranger = Client()
    stranger.cookies[DEVICE_COOKIE] = planted
    enter(stranger, robin)
    assert len(news(robin)) == 2


def test_opening_the_link_does_nothing(robin: Account):
    """Mail scanners press links: the page has a button. [S-9, N-2]"""
    stranger, link = from_elsewhere(robin)
    page = Client().get(link)
    assert page.status_code == 200
    assert "Firefox, Windows" in page.content.decode()
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    robin.refresh_from_db()
    assert robin.frozen_at is None
    assert stranger.get("/home/").status_code == 200


def test_the_button_freezes_the_account_everywhere(robin: Account):
    """Every session ends, at the applications too; nobody signs in. [S-9, S-7]"""
    own = Client()
    enter(own, robin)
    stranger, link = from_elsewhere(robin)
    answer = Client().post(link)
    assert answer.headers["Location"] == "/not-me/done/"
    assert "frozen" in Client().get("/not-me/done/").content.decode()
    robin.refresh_from_db()
    assert robin.frozen_at is not None
    for browser in (own, stranger):
        assert browser.get("/home/").status_code == 302
    assert set(Session.objects.filter(account=robin).values_list("end_reason", flat=True)) == {
        "frozen",
        "signed_out",
    } - {"signed_out"}
    assert build.mails_to(robin.email, "account_frozen")
    deeds = build.deeds_of(robin)
    assert "signin:device:disowned" in deeds
    assert "account:freeze:frozen" in deeds


def test_a_frozen_account_does_not_sign_in_with_the_right_password(robin: Account):
    """Sign-in leads to the recovery. [S-9]"""
    _stranger, link = from_elsewhere(robin)
    Client().post(link)
    client = Client()
    page = build.give_password(client, robin)
    assert page.status_code != 500
    assert client.get("/home/").status_code == 302
    assert not Session.objects.filter(account=robin, ended_at=None).exists()


def test_only_a_recovery_lifts_the_freeze(robin: Account):
    """A second press, or time, does not. [S-9]"""
    _stranger, link = from_elsewhere(robin)
    Client().post(link)
    again = Client().post(link)
    assert (again.status_code, again["X-Refusal"]) == (410, "disowning_link_used")
    robin.refresh_from_db()
    assert robin.frozen_at is not None
    assert accounts.unfreeze(account=robin, by=HOLDER, now=clock.now())
    assert enter(Client(), robin).status_code == 200


def test_a_lifted_freeze_leaves_a_suspension(robin: Account):
    """Nothing lifts a staff suspension but staff. [S-9]"""
    _stranger, link = from_elsewhere(robin)
    Account.objects.filter(pk=robin.pk).update(state="suspended")
    Client().post(link)
    robin.refresh_from_db()
    assert robin.frozen_at is not None
    accounts.unfreeze(account=robin, by=HOLDER, now=clock.now())
    robin.refresh_from_db()
    assert (robin.state, robin.frozen_at) == ("suspended", None)


def test_the_link_lives_ten_days(robin: Account):
    """An older one is refused with whom to call. [S-9]"""
    _stranger, link = from_elsewhere(robin)
    DisowningLink.objects.update(expires_at=clock.now())
    for answer in (Client().get(link), Client().post(link)):
        assert (answer.status_code, answer["X-Refusal"]) == (410, "disowning_link_expired")
    life = DisowningLink.objects.get(session__account=robin, used_at=None)
    assert settings.LIMITS.disowning_link_life == timedelta(days=10)
    assert life.used_at is None


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 3000, "%00", "'", "done'"])
def test_an_unknown_link_freezes_nobody(robin: Account, token: str):
    """No token, no account; that it was tried is on the ledger. [S-9, AX01]"""
    for answer in (Client().get(f"/not-me/{token}/"), Client().post(f"/not-me/{token}/")):
        assert answer.status_code == 404
    assert not Account.objects.exclude(frozen_at=None).exists()
    assert Entry.objects.filter(deed="signin:device:disowned", outcome="refused").exists()


def test_the_strangers_device_is_forgotten(robin: Account):
    """After the recovery its sign-in is news again. [S-9]"""
    stranger, link = from_elsewhere(robin)
    Client().post(link)
    accounts.unfreeze(account=robin, by=HOLDER, now=clock.now())
    before = len(news(robin))
    enter(stranger, robin)
    assert len(news(robin)) == before + 1


def test_the_inbox_has_the_news_without_the_link(robin: Account):
    """Links with tokens stay in the mail. [N-2, AX26]"""
    client = Client()
    enter(client, robin)
    row = InboxMessage.objects.get(owner=str(robin.pk), kind="new_device")
    page = client.get(f"/profile/inbox/{row.pk}/").content.decode()
    assert "Firefox, Windows" in page
    assert "/not-me/" not in page
