"""Policy profile "strict": e-mail is for the first sign-in only."""

import pytest
from django.test import Client

from bailiwick.idm.rules.profiles import PROFILES
from tests.idm import build_accounts as build
from tests.idm import build_factors as devices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def strict(settings):
    settings.PROFILE = PROFILES["strict"]


def test_whoever_has_only_mail_adds_a_device_before_anything_else(client: Client):
    """Every other page leads to Add another device; once one is verified, they are open. [S-2]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    for path in ("/home/", "/profile/", "/role-request/", "/roles/", "/oauth/authorize/"):
        assert client.get(path)["Location"] == "/profile/mfa/add/", path
    assert client.post("/profile/edit/", {"phone": "2025550188"})["Location"] == "/profile/mfa/add/"
    assert "Add a device before you go on" in client.get("/profile/mfa/add/").content.decode()
    assert devices.add_phone(client)["Location"] == "/profile/mfa/?added"
    assert client.get("/home/").status_code == 200
    assert robin.email


def test_the_way_out_stays_open(client: Client):
    """Nobody is caught: signing out, terms and the second step answer. [S-2]"""
    build.sign_in_by_email(client, build.account())
    assert client.get("/terms/").status_code == 200
    assert client.get("/sign-in/verify/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/?signed-out"


def test_mail_is_no_second_step_beside_a_device(client: Client):
    """It is neither offered nor sent nor taken once there is a device. [S-2]"""
    robin = build.account()
    build.with_authenticator(robin)
    build.give_password(client, robin)
    assert "Send me an email" not in client.get("/sign-in/verify/").content.decode()
    sent = client.post("/sign-in/verify/", {"send": "email"})
    assert sent.status_code == 200
    assert not build.mails_to(robin.email, "sign_in_code")
    answer = client.post("/sign-in/verify/", {"factor": "email", "code": "123456"})
    assert "is not offered here" in answer.content.decode()


def test_under_standard_mail_may_stay_the_only_one(client: Client, settings):
    """The specified policy leads nobody anywhere. [S-2]"""
    settings.PROFILE = PROFILES["standard"]
    build.sign_in_by_email(client, build.account())
    assert client.get("/home/").status_code == 200
