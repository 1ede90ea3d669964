"""What IDM says of a person whose accounts became one: SPOT keeps where the old subject points (A-5)."""

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.signin.models import Person
from bailiwick.wire.events import SUBJECT_CHANGED
from tests.spot.build_signin import signed_in
from tests.spot.provider import seconds

pytestmark = pytest.mark.django_db
SURVIVOR = "7c1d2f3e-0000-4000-8000-000000000009"


def told(provider, sub, merged_into=SURVIVOR, *, typ="secevent+jwt", ago=0, **changes) -> int:
    now = seconds() - ago
    claims = {
        "iss": provider.url,
        "aud": "spot",
        "iat": now,
        "exp": now + 120,
        "toe": now + 0.25,
        "jti": f"{merged_into}-{now}",
        "sub": sub,
        "events": {SUBJECT_CHANGED: {"merged_into": merged_into}},
    }
    token = provider.signed(claims | changes, typ=typ)
    return (
        Client(enforce_csrf_checks=True)
        .post("/oidc/events", data=f"event_token={token}", content_type="application/x-www-form-urlencoded")
        .status_code
    )


def test_a_merge_and_its_undoing_are_noted(provider):
    """The old subject points at the survivor, and then at itself again. [A-5]"""
    _, session = signed_in(provider)
    person = session.person
    assert told(provider, person.sub, ago=5) == 200
    person.refresh_from_db()
    assert person.merged_into == SURVIVOR
    assert told(provider, person.sub, "") == 200
    person.refresh_from_db()
    assert person.merged_into == ""
    assert Entry.objects.filter(deed=Deed.SUBJECT_TOLD, subject=person.sub).count() == 2


def test_an_older_word_does_not_overtake(provider):
    """A repeat of the merge after its undoing changes nothing. [A-5]"""
    _, session = signed_in(provider)
    told(provider, session.person.sub, ago=20)
    told(provider, session.person.sub, "", ago=10)
    assert told(provider, session.person.sub, ago=20) == 200
    assert Person.objects.get(pk=session.person_id).merged_into == ""


def test_a_merge_and_its_undoing_told_within_one_second_are_both_noted(provider):
    """After an outage both are delivered at once: what counts is when they happened, and no repeat turns it back. [A-5]"""
    _, session = signed_in(provider)
    sub, at = session.person.sub, seconds()
    assert told(provider, sub, toe=at - 90.75) == 200
    assert told(provider, sub, "", toe=at - 90.5) == 200
    assert told(provider, sub, toe=at - 90.75) == 200
    assert Person.objects.get(pk=session.person_id).merged_into == ""


def test_somebody_unknown_is_no_error(provider):
    """IDM is not to tell again and again of whom SPOT never saw. [A-5]"""
    assert told(provider, "nobody-here") == 200
    assert not Person.objects.filter(sub="nobody-here").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"typ": "logout+jwt"},
        {"aud": "harbor"},
        {"iss": "http://elsewhere.example"},
        {"exp": 1},
        {"events": {}},
        {"events": {SUBJECT_CHANGED: {}}},
        {"events": {SUBJECT_CHANGED: {"merged_into": 7}}},
        {"events": []},
        {"jti": ""},
        {"toe": None},
        {"toe": "1"},
        {"toe": True},
        {"toe": float(2**33)},
    ],
)
def test_a_token_that_is_not_of_this_kind_says_nothing(provider, wrong):
    """Issuer, audience, time, type and event are checked. [A-5, O-1]"""
    _, session = signed_in(provider)
    assert told(provider, session.person.sub, **wrong) == 400
    assert Person.objects.get(pk=session.person_id).merged_into == ""


@pytest.mark.parametrize(
    "body", ["", "event_token=", "event_token=x", "event_token=a&event_token=b", "logout_token=x"]
)
def test_what_is_no_token_is_answered_with_400(provider, body):
    """Empty, doubled, garbage. [A-5, AX02]"""
    answer = Client().post("/oidc/events", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert Client().get("/oidc/events").status_code == 405
