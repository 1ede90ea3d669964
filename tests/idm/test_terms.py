"""New Terms & Conditions are read and accepted between the second step and everything else. [R-6]"""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.actions import accept_terms
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.terms import current_terms
from bailiwick.idm.rules.accounts import must_accept_terms
from tests.idm import build_accounts as build
from tests.idm.build_registration import PASSWORD_URL, PERSONAL, PERSONAL_URL, SECRETS, first_two_steps

pytestmark = pytest.mark.django_db

ACCEPT = "/terms/accept/"
TEXT = "Terms & Conditions\n\nYour account is yours alone\nVersion {version} says so.\n"


@pytest.fixture
def publish(settings, tmp_path):
    """A function that puts terms of a version in force."""

    def put(version: str) -> None:
        folder = tmp_path / version
        folder.mkdir()
        (folder / f"{version}.txt").write_text(TEXT.format(version=version))
        settings.TERMS_DIRECTORY = folder

    return put


@pytest.fixture
def robin(publish):
    """Signed in before, under the first version."""
    publish("2026-11")
    account = build.account()
    build.sign_in_by_email(Client(), account)
    account.refresh_from_db()
    assert account.terms_version == "2026-11"
    return account


def sign_in(account) -> Client:
    """Both steps. The code sent before is used up, so another half a minute is not waited for."""
    client = Client()
    account.refresh_from_db()
    secret = build.with_authenticator(account, now=clock.now() - timedelta(minutes=5))
    build.sign_in_by_app(client, account, secret)
    return client


def test_terms_are_files_named_by_their_version(tmp_path):
    """The highest version is in force; no file at all is said at once. [R-6]"""
    for version in ("2026-11", "2027-01", "2026-12"):
        (tmp_path / f"{version}.txt").write_text(TEXT.format(version=version))
    terms = current_terms(tmp_path)
    assert (terms.version, terms.title) == ("2027-01", "Terms & Conditions")
    assert terms.sections == (("Your account is yours alone", "Version 2027-01 says so."),)
    with pytest.raises(FileNotFoundError):
        current_terms(tmp_path / "nothing")


def test_registering_stores_version_and_time(publish):
    """The version that was ticked, even if a newer one came before Submit. [R-6]"""
    publish("2026-11")
    client = first_two_steps(Client())
    publish("2027-01")
    client.post(PASSWORD_URL, SECRETS)
    account = Account.objects.get()
    assert (account.terms_version, account.terms_at) == ("2026-11", account.created_at)
    assert Entry.objects.get(deed="account:terms:accepted").about == {"version": "2026-11"}


def test_the_same_version_is_not_asked_again(robin):
    """Only the tick of the sign-in page. [R-6, S-1]"""
    client = sign_in(robin)
    assert client.get("/home/").status_code == 200
    assert client.get(ACCEPT)["Location"] == "/home/"


def test_a_new_version_comes_between_the_second_step_and_home(robin, publish):
    """The page with the new text, a tick, and on; version and time are stored and on the ledger. [R-6]"""
    publish("2027-01")
    client = sign_in(robin)
    assert client.get("/home/")["Location"] == ACCEPT
    page = client.get(ACCEPT).content.decode()
    assert "Version 2027-01 says so." in page
    robin.refresh_from_db()
    assert robin.terms_version == "2026-11"
    answer = client.post(ACCEPT, {"version": "2027-01", "terms": "on"})
    assert answer["Location"] == "/home/"
    robin.refresh_from_db()
    assert robin.terms_version == "2027-01"
    assert client.get("/home/").status_code == 200
    versions = [entry.about for entry in Entry.objects.filter(deed="account:terms:accepted").order_by("pk")]
    assert versions == [{"version": "2026-11"}, {"version": "2027-01"}]


@pytest.mark.parametrize(
    "path", ["/home/", "/profile/", "/role-request/", "/roles/", "/manage-users/", "/", "/no-access/"]
)
def test_no_page_leads_round_it(robin, publish, path):
    """GET and POST of every page lead to the terms, and nothing is done. [R-6, AX02]"""
    publish("2027-01")
    client = sign_in(robin)
    for answer in (client.get(path), client.post(path, {"application": "spot"})):
        assert answer.status_code == 302
        assert answer["Location"] == ACCEPT


@pytest.mark.parametrize(
    "body",
    [{}, {"terms": ""}, {"version": "2027-01"}, {"terms": "on"}, {"terms": "on", "version": "2026-11"}],
)
def test_an_empty_or_early_post_accepts_nothing(robin, publish, body):
    """Without the tick, or with the version of another page, it is asked again. [R-6, AX02]"""
    publish("2027-01")
    client = sign_in(robin)
    assert client.post(ACCEPT, body).status_code == 200
    assert client.post(ACCEPT, b"{}", content_type="application/json").status_code == 200
    robin.refresh_from_db()
    assert robin.terms_version == "2026-11"


def test_afterwards_one_is_where_one_was_going(robin, publish):
    """A page that was asked for is the page one comes to. [R-6]"""
    publish("2027-01")
    client = sign_in(robin)
    client.get("/role-request/")
    assert client.post(ACCEPT, {"version": "2027-01", "terms": "on"})["Location"] == "/role-request/"


def test_an_application_s_sign_in_waits_for_it(robin, publish):
    """Asked by an application, the person is sent to sign in, and there to the terms: no code goes out before. [R-6]"""
    publish("2027-01")
    client = sign_in(robin)
    answer = client.get("/oidc/authorize", {"client_id": "spot", "prompt": "none"})
    assert "code=" not in answer.headers.get("Location", "")


def test_who_does_not_agree_signs_out(robin, publish):
    """The way out stays open. [R-6]"""
    publish("2027-01")
    client = sign_in(robin)
    assert "signed-out" in client.post("/sign-out/")["Location"]
    assert client.get("/terms/").status_code == 200


def test_the_tick_of_the_sign_in_accepts_for_who_never_did(publish):
    """An account that the operator opened accepted none: its first tick is its first acceptance. [R-6]"""
    publish("2026-11")
    account = build.account()
    assert not must_accept_terms("", "2026-11")
    accept_terms(account=account, version="2026-11", by=build.VISITOR, now=clock.now())
    accept_terms(account=account, version="2027-01", by=build.VISITOR, now=clock.now())
    assert account.terms_version == "2026-11"


def test_the_first_step_names_terms_to_tick():
    """Without the tick there is no second step. [R-1, R-6]"""
    answer = Client().post(PERSONAL_URL, {name: value for name, value in PERSONAL.items() if name != "terms"})
    assert answer.status_code == 200
    assert "Tick the box" in answer.content.decode()
