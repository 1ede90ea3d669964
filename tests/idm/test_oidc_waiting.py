"""What waits for somebody in an application, told to it when it asks again (M-4)."""

import pytest
from django.test import Client
from django.utils import timezone

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import waiting_in
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.protocols.oidc.queries import grants_in, waiting
from bailiwick.wire.claims import WAITING_CLAIM
from tests.idm.build_oidc import Application, forget_catalogue, post, tokens_for, use_keys
from tests.idm.build_pages import (
    approver,
    asks,
    asks_to_create,
    end_user,
    organization,
    person,
    record,
    tier_2,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


def told(spot, account):
    tokens = tokens_for(spot, account)
    return post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()


def test_an_approver_hears_how_much_waits_and_an_end_user_nothing(spot):
    """Requests for the application's roles at their organizations, roles open for certification; introspection alone. [M-4, C-1]"""
    place, elsewhere = organization(), organization("Elsewhere Practice")
    decides, works = approver(place), end_user(place)
    asks(person(), place)
    asks(person(), elsewhere)
    Grant.objects.filter(account=works).update(certify_by=timezone.localdate(clock.now()))
    tokens = tokens_for(spot, decides)
    said = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()
    assert said[WAITING_CLAIM] == {"requests": 1, "certifications": 1}
    bearer = f"Bearer {tokens['access_token']}"
    assert WAITING_CLAIM not in Client().get("/oidc/userinfo", HTTP_AUTHORIZATION=bearer).json()
    assert WAITING_CLAIM not in told(spot, works)


def test_it_costs_two_statements_whoever_decides_and_none_whoever_does_not(spot, django_assert_num_queries):
    """Every session is asked about every five minutes; most are of people who decide nothing. [M-4, O-5]"""
    place, described = organization(), catalogue().application("spot")
    held = {one: grants_in(one, described, now=clock.now()) for one in (approver(place), end_user(place))}
    for (account, grants), statements in zip(held.items(), (2, 0), strict=True):
        with django_assert_num_queries(statements):
            waiting(account, described, grants, as_desk=False, now=clock.now())


def test_what_waits_in_another_application_is_not_told(spot):
    """An application hears of what is its own alone. [M-4, SR-20]"""
    place = organization()
    decides = approver(place)
    asks(person(), place)
    RoleRequest.objects.update(application="harbor", role="reader")
    assert told(spot, decides)[WAITING_CLAIM] == {"requests": 0, "certifications": 0}


def test_a_desk_hears_of_its_queue_once_it_is_signed_in_as_a_desk():
    """A session without the desk's factor is not told what it could not open. [M-4, S-2]"""
    member, spot = tier_2(), catalogue().application("spot")
    asks_to_create(person(), record())
    asked = {"account": member, "application": spot, "now": clock.now()}
    assert waiting_in(**asked, as_desk=True).requests == 1
    assert waiting_in(**asked, as_desk=False) is None
