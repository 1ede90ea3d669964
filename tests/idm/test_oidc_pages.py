"""From an application's link through the real sign-in pages and back, with codes and devices. (O-1, S-1, S-2)"""

import pytest
from django.test import Client

from bailiwick.idm.access.models import Grant
from tests.idm import build_accounts as people
from tests.idm.build_oidc import Application, add_grant, answer_of, forget_catalogue, post, use_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def applications(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    both = Application("spot"), Application("harbor")
    use_keys(tmp_path, *both)
    yield both
    forget_catalogue()


def follow(seat: Client, response):
    """Where a redirect within IDM leads."""
    return seat.get(response["Location"])


def test_the_first_sign_in_by_email_leads_into_spot(applications):
    """SPOT's file lets an e-mail sign-in in; the person comes back with a code. [S-1, S-2]"""
    spot, _ = applications
    robin = people.account()
    add_grant(robin)
    seat, asked = Client(), spot.parameters()
    assert seat.get("/oidc/authorize", asked)["Location"] == "/"
    sent = people.sign_in_by_email(seat, robin)
    answer = answer_of(follow(seat, sent))
    assert answer["state"] == asked["state"]
    assert post("/oidc/token", spot.exchange(answer["code"])).status_code == 200
    assert Grant.objects.get(account=robin).last_sign_in_at is not None


def test_an_application_that_wants_more_leads_to_the_authenticator_and_on(applications):
    """A limited session enters a stronger application after one more step, and only then. [S-2]"""
    _, harbor = applications
    robin = people.account()
    secret = people.with_authenticator(robin)
    add_grant(robin, role="reader", application="harbor")
    seat, asked = Client(), harbor.parameters()
    seat.get("/oidc/authorize", asked)
    sent = people.sign_in_by_email(seat, robin)
    assert b"A stronger sign-in is needed" in follow(seat, sent).content
    sent = seat.post("/sign-in/verify/", {"factor": "totp", "code": people.number_of(secret)})
    assert answer_of(follow(seat, sent))["state"] == asked["state"]


def test_somebody_half_signed_in_goes_on_with_the_second_step(applications):
    """The password is not asked twice. [S-1]"""
    spot, _ = applications
    robin = people.account()
    seat = Client()
    people.give_password(seat, robin)
    assert seat.get("/oidc/authorize", spot.parameters())["Location"] == "/sign-in/verify/"
