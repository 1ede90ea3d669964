"""Registration for everybody: names, addresses abroad, no JavaScript, the strict policy, accounts never used. [A-8, R-1]"""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from bailiwick.ground.program import clock
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account, HeldUserId, Person
from bailiwick.idm.accounts.queries import is_over, personal_facts
from bailiwick.idm.registration.jobs import forget_what_was_left
from bailiwick.idm.registration.models import Draft
from bailiwick.idm.rules.profiles import STRICT, limits_under
from tests.idm import build_accounts as build
from tests.idm.build_registration import (
    CONTACT,
    CONTACT_URL,
    DONE_URL,
    PASSWORD_URL,
    PERSONAL,
    PERSONAL_URL,
    SECRETS,
    first_two_steps,
    register,
    text,
)

pytestmark = pytest.mark.django_db

ABROAD = {"in_us": "no", "state": "abroad", "zip": "", "city": "Dublin", "country": "Ireland"}


@pytest.mark.parametrize(
    ("first", "middle", "last"),
    [
        ("Mary", "Ann", "Smith"),
        ("Mary Ann", "", "Smith"),
        ("Jean-Luc", "", "d'Alembert"),
        ("José", "María", "Núñez Ibáñez"),
        ("Łukasz", "", "Żółć"),
        ("Kaʻiulani", "", "Kalākaua"),
        ("Björk", "", "Björk"),
        ("Nguyễn", "Văn", "Ánh"),
        ("M\u0308ax", "", "Smith"),
        ("Ольга", "", "Иванова"),
        ("J.", "R. R.", "O’Neil"),
    ],
)
def test_everybody_s_name_can_be_typed(first, middle, last):
    """Two-part given names, accents, hyphens, apostrophes, other scripts, one name given twice. [A-8, R-2]"""
    typed = {"first_name": first, "middle_name": middle, "last_name": last}
    assert register(Client(), personal=typed)["Location"] == DONE_URL
    facts = personal_facts(Account.objects.get())
    assert (facts.first, facts.middle, facts.last) == (first, middle, last)


@pytest.mark.parametrize(
    "name", ["R2-D2", "Robin!", "<b>", "-Robin", "Robin-", "\u0308x", "Robin  \u0308", "1"]
)
def test_what_is_no_name_is_refused(name):
    """Digits, signs, marks without a letter. [A-8]"""
    assert "Use letters" in text(Client().post(PERSONAL_URL, PERSONAL | {"first_name": name}))


def test_an_address_abroad_needs_no_postal_code():
    """The flag and the country are kept for proofing by hand. [A-8]"""
    assert register(Client(), contact=ABROAD)["Location"] == DONE_URL
    address = personal_facts(Account.objects.get()).address
    assert (address.country, address.zip, address.state, address.is_us) == ("Ireland", "", "", False)
    assert not Person.objects.get().is_us_address


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({**ABROAD, "country": "USA"}, "answer Yes to the first question"),
        ({**ABROAD, "country": ""}, "Enter the country"),
        ({**ABROAD, "state": "FL"}, "Outside the US"),
        ({"zip": ""}, "Fill in “ZIP code”"),
    ],
)
def test_an_address_half_abroad_is_asked_again(typed, sentence):
    """At home or abroad: one of them, whole. [A-8, R-2]"""
    client = Client()
    client.post(PERSONAL_URL, PERSONAL)
    assert sentence in text(client.post(CONTACT_URL, CONTACT | typed))
    assert client.get(PASSWORD_URL)["Location"] == CONTACT_URL


def test_without_javascript_a_button_checks_the_user_id():
    """The page again, with what was typed but for the secrets, and what can be said of the user ID. [R-3]"""
    build.account(user_id="taken.one")
    client = first_two_steps(Client())
    page = text(client.post(PASSWORD_URL, SECRETS | {"check": "1"}))
    assert "This user ID is free." in page
    assert 'value="maria.oneill"' in page
    assert "Quiet-Lantern" not in page
    assert "Bello" not in page
    assert "is taken" in text(client.post(PASSWORD_URL, {"user_id": "Taken.One", "check": "1"}))
    assert Draft.objects.get().user_id_checks == 2
    assert Account.objects.count() == 1
    assert client.post(PASSWORD_URL, SECRETS)["Location"] == DONE_URL


def test_the_check_while_typing_sends_the_user_id_alone():
    """Of the form around it no password travels. [R-3]"""
    page = text(first_two_steps(Client()).get(PASSWORD_URL))
    assert 'hx-params="user_id,csrfmiddlewaretoken"' in page
    assert "hx-post" not in text(Client().get(PERSONAL_URL))


def test_back_in_the_last_step_keeps_all_but_the_secrets():
    """User ID and question are there on return, password and answer are not. [R-1]"""
    client = first_two_steps(Client())
    assert client.post(PASSWORD_URL, SECRETS | {"back": "1"})["Location"] == CONTACT_URL
    page = text(client.get(PASSWORD_URL))
    assert 'value="maria.oneill"' in page
    assert "Quiet-Lantern" not in page
    assert "Bello" not in page


def test_every_step_can_be_left_and_all_but_the_first_gone_back_from():
    """Cancel everywhere; Back from the second step on; the first keeps no Back that leads nowhere. [R-1]"""
    client = first_two_steps(Client())
    for url, has_back in ((PERSONAL_URL, False), (CONTACT_URL, True), (PASSWORD_URL, True)):
        page = text(client.get(url))
        assert "Cancel" in page
        assert ('name="back"' in page) is has_back
    assert client.post(PERSONAL_URL, PERSONAL | {"back": "1"})["Location"] == CONTACT_URL


@override_settings(PROFILE=STRICT, LIMITS=limits_under(STRICT))
def test_the_strict_policy_asks_no_security_question():
    """No question step, no rules of composition; the account signs in all the same. [P-1, P-10, R-1]"""
    client = first_two_steps(Client())
    page = text(client.get(PASSWORD_URL))
    assert "Security question" not in page
    assert "of any kind" in page
    words = "quiet lantern over the meadow and a long walk home at dawn, softly"
    typed = {"user_id": "maria.oneill", "password": words, "password_again": words}
    assert client.post(PASSWORD_URL, typed)["Location"] == DONE_URL
    answer = client.post("/", {"user_id": "maria.oneill", "password": words, "terms": "on"})
    assert answer["Location"] == "/sign-in/verify/"


@override_settings(PROFILE=STRICT, LIMITS=limits_under(STRICT))
def test_the_strict_policy_still_refuses_common_and_own_words():
    """Length, the list of leaked passwords and one's own name stay. [P-2]"""
    client = first_two_steps(Client())
    for password in ("short words", "passwordpassword123", "maria likes tea and toast"):
        typed = {"user_id": "maria.oneill", "password": password, "password_again": password}
        assert client.post(PASSWORD_URL, typed).status_code == 200
    assert not Account.objects.exists()


def test_an_unused_account_is_over_at_day_fourteen_without_any_job():
    """At 00:00 after fourteen full days it cannot be signed in to, whether or not a job has run. [R-5, I-2]"""
    now = clock.now()
    old = build.account(now=now - timedelta(days=15))
    young = build.account(now=now - timedelta(days=13))
    assert is_over(old, now=now)
    assert not is_over(young, now=now)
    assert build.give_password(Client(), young)["Location"] == "/sign-in/verify/"
    refused = build.give_password(Client(), old)
    assert refused.status_code == 200
    unknown = Client().post("/", {"user_id": "nobody.here", "password": build.PASSWORD, "terms": "on"})
    assert text(refused).count("not recognized") == text(unknown).count("not recognized")


def test_an_account_that_was_used_is_never_over():
    """One sign-in is enough for good. [R-5, A-6]"""
    now = clock.now()
    used = build.account(now=now - timedelta(days=400))
    accounts.note_first_sign_in(account=used, now=now - timedelta(days=399))
    used.refresh_from_db()
    assert not is_over(used, now=now)


def test_a_discarded_user_id_is_taken_for_ever():
    """Neither registration nor the check while typing gives it out again; what was only held is free after its time. [R-5]"""
    now = clock.now()
    build.account(user_id="maria.oneill", now=now - timedelta(days=15))
    accounts.hold_user_id(user_id="held.name", now=now - timedelta(days=15))
    forget_what_was_left(now)
    assert Account.objects.get().state == "discarded"
    assert not HeldUserId.objects.exists()
    client = first_two_steps(Client())
    assert "is taken" in text(client.post(PASSWORD_URL, SECRETS))
    assert client.post(PASSWORD_URL, SECRETS | {"user_id": "held.name"})["Location"] == DONE_URL
