"""Builders: people who are signed in to SPOT through the tests' own identity provider."""

from datetime import timedelta

from django.db.models import F
from django.test import Client

from bailiwick.spot.signin.models import Session
from tests.spot.provider import Provider, callback_path


def leave_for_idm(client: Client, path: str = "") -> str:
    """The address at the identity provider that the browser was sent to."""
    response = client.get("/sign-in/", {"next": path} if path else {})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def sign_in(client: Client, provider: Provider, path: str = ""):
    """Go through the whole sign-in; returns the answer to the callback."""
    return client.get(callback_path(provider.authorize(leave_for_idm(client, path))))


def signed_in(provider: Provider) -> tuple[Client, Session]:
    """A browser that is signed in, and its session."""
    client = Client()
    response = sign_in(client, provider)
    assert response.status_code == 302, response.content.decode()
    return client, Session.objects.latest("started_at")


def let_pass(session: Session, span: timedelta) -> None:
    """Make everything about a session so much older."""
    names = ["started_at", "last_seen_at", "confirmed_at", "asked_at", "unanswered_since"]
    Session.objects.filter(pk=session.pk).update(**{name: F(name) - span for name in names})


def let_pass_without_idm(session: Session, span: timedelta) -> None:
    """The person kept using SPOT, and IDM was last asked so long ago."""
    names = ["confirmed_at", "asked_at", "unanswered_since"]
    Session.objects.filter(pk=session.pk).update(**{name: F(name) - span for name in names})
