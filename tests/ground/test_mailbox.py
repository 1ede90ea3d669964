"""The development mailbox: one place for the messages of every program of a world, and no such place in production."""

import importlib
import json
from datetime import timedelta

import httpx
import pytest
from django.test import Client

from bailiwick.ground.outbox import channels, urls
from bailiwick.ground.outbox.delivery import Parcel
from bailiwick.ground.outbox.models import DevelopmentMail
from bailiwick.ground.program import clock

pytestmark = pytest.mark.django_db(transaction=True)


def parcel(key="case:1:code", subject="Your code", **fields):
    body = {"text": "123456\n", "html": "<p>123456</p>"}
    given = {"key": key, "channel": "email", "kind": "code", "to": "ada@practice.example", "subject": subject}
    return Parcel(**{**given, "body": body, "created_at": clock.now(), **fields})


@pytest.fixture
def one_mailbox(live_server, settings, monkeypatch):
    """This program's own door plays the mailbox of the world."""
    monkeypatch.setattr(settings.ENVIRONMENT, "mailbox_url", live_server.url)
    return live_server.url


def test_messages_are_handed_over_to_the_one_mailbox(one_mailbox):
    """What another program sends is read where everything is read, and stays readable at home. [N-3]"""
    channels.channels()["email"](parcel())
    kept = DevelopmentMail.objects.values_list("key", "to", "subject", "text", "html")
    assert len(kept) == 2
    assert {row[1:] for row in kept} == {("ada@practice.example", "Your code", "123456\n", "<p>123456</p>")}


def test_a_message_handed_over_twice_is_there_once(one_mailbox):
    """A worker that died between handing over and settling repeats the message; it is still one. [N-1]"""
    channels.hand_over(parcel())
    channels.hand_over(parcel())
    assert DevelopmentMail.objects.count() == 2


def test_a_mailbox_that_is_away_is_tried_again(settings, monkeypatch, unused_port):
    """The message is kept at home, and the worker hears that it did not arrive. [N-1]"""
    monkeypatch.setattr(settings.ENVIRONMENT, "mailbox_url", f"http://127.0.0.1:{unused_port}")
    with pytest.raises(httpx.HTTPError):
        channels.hand_over(parcel())
    assert DevelopmentMail.objects.count() == 1


@pytest.fixture
def unused_port():
    from bailiwick.command.ports import free_port

    return free_port()


def test_newest_is_by_the_moment_it_was_told():
    """What was handed over late does not hide what was told after it."""
    now = clock.now()
    channels.keep(parcel("b", "Later", created_at=now))
    channels.keep(parcel("a", "Earlier", created_at=now - timedelta(minutes=1)))
    told = Client().get("/mailbox.json?to=ADA@practice.example").json()
    assert [mail["subject"] for mail in told] == ["Later", "Earlier"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{}", "application/json"),
        ("[]", "application/json"),
        ("not json", "application/json"),
        ("[" * 100_000, "application/json"),
        (json.dumps({"key": "k", "at": "soon"}), "application/json"),
        (json.dumps({"key": "k"}), "text/plain"),
    ],
)
def test_only_messages_are_taken(body, kind):
    """The mailbox takes whole messages, and nothing that a page of another origin could send."""
    assert Client().post("/mailbox.json", body, content_type=kind).status_code == 400
    assert not DevelopmentMail.objects.exists()


def test_production_has_no_mailbox(settings):
    """Outside a development run there is no such page. [N-3]"""
    settings.DEVELOPMENT = False
    try:
        assert importlib.reload(urls).urlpatterns == []
    finally:
        settings.DEVELOPMENT = True
        importlib.reload(urls)
