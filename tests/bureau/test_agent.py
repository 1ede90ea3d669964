"""The phone agent's pages: find a review, mark what the call came to."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.bureau.models import Review
from bailiwick.ground.program import clock
from tests.bureau.build_bureau import STRANGER, question, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference(client, settings):
    return sent(client, settings, question(STRANGER)).json()["reference"]


def outcome_by(reference, client, settings):
    return sent(client, settings, question(STRANGER, reference=reference)).json()["outcome"]


def test_the_start_page_is_the_agents(client):
    """Whoever opens the bureau in a browser is the agent. [V-6]"""
    assert client.get("/", follow=True).redirect_chain == [("/agent/", 302)]
    assert "Find a review" in client.get("/agent/").text


def test_a_reference_is_found_as_it_is_read_out(client, reference):
    """In small letters, with spaces around it. [V-6]"""
    response = client.post("/agent/", {"reference": f"  {reference.lower()} "})
    assert (response.status_code, response["Location"]) == (302, f"/agent/{reference}/")


@pytest.mark.parametrize("typed", ["", "ZZZZ-ZZZZ-ZZZZ", "x" * 41, "A\x00B", "' OR 1=1 --"])
def test_a_reference_that_is_none_gets_a_sentence(client, typed):
    """At the field, and nothing breaks. [V-6]"""
    response = client.post("/agent/", {"reference": typed})
    assert response.status_code == 422
    assert "usa-error-message" in response.text


@pytest.mark.parametrize(("pressed", "outcome"), [("yes", "verified"), ("no", "not_verified")])
def test_what_the_agent_marks_decides(client, settings, reference, pressed, outcome):
    """Waiting it is a call; marked it is the agent's word. [V-4]"""
    assert outcome_by(reference, client, settings) == "call"
    client.post(f"/agent/{reference}/", {"cleared": pressed})
    assert outcome_by(reference, client, settings) == outcome


def test_the_agent_may_change_the_mark(client, settings, reference):
    """Until the portal has asked. [V-4]"""
    client.post(f"/agent/{reference}/", {"cleared": "no"})
    client.post(f"/agent/{reference}/", {"cleared": "yes"})
    assert outcome_by(reference, client, settings) == "verified"


def test_a_used_review_is_closed(client, settings, reference):
    """A reference verifies once; marking it again reopens nothing. [V-4]"""
    client.post(f"/agent/{reference}/", {"cleared": "yes"})
    assert outcome_by(reference, client, settings) == "verified"
    client.post(f"/agent/{reference}/", {"cleared": "yes"})
    assert outcome_by(reference, client, settings) == "not_verified"
    assert "This review is closed" in client.get(f"/agent/{reference}/").text


def test_a_review_that_ran_out_cannot_be_marked(client, reference):
    """Thirty days, then the caller starts again. [V-4]"""
    Review.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    client.post(f"/agent/{reference}/", {"cleared": "yes"})
    assert Review.objects.get().state == "waiting"
    assert "This review is closed" in client.get(f"/agent/{reference}/").text


def test_looking_marks_nothing(client, reference):
    """A GET changes nothing. [V-6]"""
    client.get(f"/agent/{reference}/?cleared=yes")
    assert Review.objects.get().state == "waiting"


@pytest.mark.parametrize("pressed", [{}, {"cleared": ""}, {"cleared": "maybe"}])
def test_a_mark_that_says_nothing_marks_nothing(client, reference, pressed):
    """Neither button pressed: the review waits on. [V-6]"""
    client.post(f"/agent/{reference}/", pressed)
    assert Review.objects.get().state == "waiting"


def test_marking_needs_the_pages_own_token(reference):
    """A foreign page cannot press the button. [V-6]"""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/agent/{reference}/", {"cleared": "yes"}).status_code == 403
    assert Review.objects.get().state == "waiting"


@pytest.mark.parametrize("path", ["/agent/ZZZZ-ZZZZ-ZZZZ/", "/agent/%00/", "/agent/'/"])
def test_a_review_that_is_none_is_not_found(client, path):
    """An ordinary page says so. [V-6]"""
    assert client.get(path).status_code == 404


def test_health_is_told(client):
    """The supervisor and the tests wait for it. [V-6]"""
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
