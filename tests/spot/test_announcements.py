"""What IDM announces stands on SPOT's pages, while IDM is away, too (N-4)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.outbox import announcements
from bailiwick.ground.outbox.models import Announcement
from bailiwick.ground.program import clock
from bailiwick.spot.portal.jobs import fetch_announcements
from bailiwick.wire.announcements import Announced

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(settings):
    """Pages with their banners, as outside of tests."""
    settings.ANNOUNCEMENTS = "bailiwick.spot.site.context.announcements"
    announcements.forget()
    yield
    announcements.forget()


def told(heading="Closed on Sunday"):
    now = clock.now()
    texts = {"en": (heading, "We work on <b>it</b>.")}
    hour = timedelta(hours=1)
    return Announced(
        uuid4(), is_warning=False, starts_at=now - hour, ends_at=now + hour, texts=texts
    ).to_json()


def fetch(provider, status, answer):
    provider.answers["/announcements.json"] = lambda _form: (status, answer)
    fetch_announcements(clock.now())
    announcements.forget()


def test_what_idm_announces_is_shown_until_it_does_not_any_more(provider, client, pages):
    """And stays while IDM is away, is wrong, or lies. [N-4]"""
    document = {"announcements": [told(), told("Another")]}
    fetch(provider, 200, document)
    for status, answer in ((503, {}), (200, {"announcements": "all"}), (200, b"<html>"), (302, {})):
        fetch(provider, status, answer)
    page = client.get("/").content.decode()
    assert "Closed on Sunday" in page
    assert "We work on &lt;b&gt;it&lt;/b&gt;." in page
    fetch(provider, 200, {"announcements": document["announcements"][1:]})
    page = client.get("/").content.decode()
    assert "Closed on Sunday" not in page
    assert "Another" in page
    assert Announcement.objects.count() == 1
