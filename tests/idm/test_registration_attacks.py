"""Registration under attack: steps skipped, repeated, emptied (AX02); asked who has an account (AX22, AR01, AR02)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bailiwick.ground import vault
from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account, HeldUserId, Person, SsnNumber
from bailiwick.idm.registration.models import Draft, Tally
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import Password, SecurityAnswer
from tests.idm import build_accounts as build
from tests.idm.build_registration import (
    CANCEL_URL,
    CHECK_URL,
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

MARIA = {"first": "Maria Jose", "last": "ONeill Nunez", "birth_date": date(1986, 4, 28)}
STEPS = (PERSONAL_URL, CONTACT_URL, PASSWORD_URL)


def furthest(client: Client) -> str:
    """The page that the result's address leads to: how far the registration is."""
    return client.get(DONE_URL).headers.get("Location", DONE_URL)


# AX02: no step is skipped, repeated or emptied into the next.


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"step": "password", "answered": "personal,contact"},
        {"next": "/register/password/", "terms": "on"},
        {"back": "1"},
        {"check": "1"},
        {"once": "00000000-0000-4000-8000-000000000000"},
    ],
)
def test_an_empty_or_foreign_post_opens_no_step(body):
    """Whatever is sent instead of the answers, the next page stays closed. [AX02, R-1]"""
    client = Client()
    for url in STEPS:
        client.post(url, body)
        assert furthest(client) == PERSONAL_URL
    client.post(PERSONAL_URL, PERSONAL)
    for url in (CONTACT_URL, PASSWORD_URL):
        client.post(url, body)
        assert furthest(client) in {PERSONAL_URL, CONTACT_URL}
    client.post(PERSONAL_URL, PERSONAL)
    client.post(CONTACT_URL, CONTACT)
    client.post(PASSWORD_URL, body)
    assert furthest(client) == PASSWORD_URL
    assert not Account.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml"])
def test_another_kind_of_body_opens_no_step(content_type):
    """Answers in a form that the page does not send are no answers. [AX02]"""
    client = Client()
    for url in STEPS:
        assert (
            client.post(url, str(PERSONAL | CONTACT | SECRETS), content_type=content_type).status_code < 500
        )
    assert furthest(client) == PERSONAL_URL


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_no_other_method_opens_a_step(method):
    """GET and HEAD show, the rest is refused; none of them writes. [AX02]"""
    client = first_two_steps(Client())
    before = Draft.objects.values_list("answered", "submitted_at", "submits").get()
    for url in (*STEPS, DONE_URL, CHECK_URL, CANCEL_URL):
        getattr(client, method)(url, SECRETS if method in {"get", "head"} else "")
    assert Draft.objects.values_list("answered", "submitted_at", "submits").get() == before
    assert not Account.objects.exists()


def test_steps_in_another_order_lead_to_the_first_that_is_due():
    """Third, then second, then first: each earlier page comes first, and nothing is submitted. [AX02, R-1]"""
    client = Client()
    assert client.post(PASSWORD_URL, SECRETS)["Location"] == PERSONAL_URL
    assert client.post(CONTACT_URL, CONTACT)["Location"] == PERSONAL_URL
    client.post(PERSONAL_URL, PERSONAL)
    assert client.post(PASSWORD_URL, SECRETS)["Location"] == CONTACT_URL
    assert not Account.objects.exists()


def test_repeating_a_step_changes_nothing_but_its_answers():
    """The first step sent three times is one step; the registration is as far as before. [AX02, R-1]"""
    client = first_two_steps(Client())
    for _ in range(3):
        client.post(PERSONAL_URL, PERSONAL)
    assert furthest(client) == PASSWORD_URL
    assert Draft.objects.count() == 1


def test_a_finished_registration_opens_no_second_account():
    """Its key replayed with another user ID, or from the first step on, leads to the result. [AX02, R-1]"""
    client = Client()
    register(client)
    key = client.cookies["idm_registration"].value
    assert client.post(PASSWORD_URL, SECRETS | {"user_id": "another.one"})["Location"] == DONE_URL
    assert client.post(PERSONAL_URL, PERSONAL)["Location"] == DONE_URL
    other = Client()
    other.cookies["idm_registration"] = key
    assert other.post(PASSWORD_URL, SECRETS | {"user_id": "third.one"})["Location"] == DONE_URL
    assert Account.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "a" * 43, "é", "' OR 1=1 --"])
def test_a_planted_key_opens_nothing(key):
    """Only a key that was given out here, to this browser, finds answers. [AX02]"""
    register(Client())
    client = Client()
    client.cookies["idm_registration"] = key
    assert client.get(PASSWORD_URL)["Location"] == PERSONAL_URL
    assert client.post(PASSWORD_URL, SECRETS)["Location"] == PERSONAL_URL


def test_a_canceled_registration_is_gone():
    """Its key finds nothing any more. [AX02, R-1]"""
    client = first_two_steps(Client())
    key = client.cookies["idm_registration"].value
    client.post(CANCEL_URL)
    client.cookies["idm_registration"] = key
    assert client.post(PASSWORD_URL, SECRETS)["Location"] == PERSONAL_URL


# AX22, AR02: nobody learns who has an account.


def known_by_ssn() -> None:
    holder = build.account(ssn="900123456")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)


def known_by_archived_ssn() -> None:
    known_by_ssn()
    Account.objects.update(state=AccountState.ARCHIVED)


def known_by_mailbox() -> None:
    build.account(**MARIA, ssn="", email="maria@example.org")


def known_by_zip() -> None:
    build.account(**MARIA, ssn="")


def known_by_user_id() -> None:
    build.account(user_id="MARIA@example.org", email="maria@example.org")


CASES = {
    "verified SSN": known_by_ssn,
    "archived account's SSN": known_by_archived_ssn,
    "name, birth date, mailbox": known_by_mailbox,
    "name, birth date, ZIP": known_by_zip,
    "mailbox as user ID": known_by_user_id,
}


def observed(monkeypatch, **changes) -> tuple[dict[str, object], str]:
    """Everything that somebody outside could see or time of one Submit, and the page that follows."""
    hashes = []

    def counting(name: str, genuine):
        def count(*args, **kwargs):
            hashes.append(name)
            return genuine(*args, **kwargs)

        return count

    with monkeypatch.context() as patch:
        patch.setattr(hashing, "encode", counting("argon2", hashing.encode))
        patch.setattr(vault, "stretched_digest", counting("stretched", vault.stretched_digest))
        client = first_two_steps(Client(REMOTE_ADDR="198.51.100.7"))
        with CaptureQueriesContext(
            connection,
        ) as statements:
            answer = client.post(PASSWORD_URL, SECRETS | changes)
    page = client.get(DONE_URL)
    return {
        "status": answer.status_code,
        "place": answer["Location"],
        "length": len(answer.content),
        "headers": sorted(answer.headers),
        "cookies": sorted((name, len(cookie.value)) for name, cookie in answer.cookies.items()),
        "statements": len(statements),
        "verbs": [
            statement["sql"].split()[0] for statement in statements if "SAVEPOINT" not in statement["sql"]
        ],
        "hashes": sorted(hashes),
        "mails": Message.objects.count(),
        "result": page.status_code,
    }, re.sub(r'value="[^"]*"|nonce="[^"]*"', "", text(page))


@pytest.mark.parametrize("case", CASES)
def test_a_stopped_registration_cannot_be_told_from_another(case, monkeypatch):
    """Status, place, length, headers, cookies, statements and hashes are those of an opened one. [A-4, AX22, AR02]"""
    changes = {"user_id": "maria@example.org"} if case == "mailbox as user ID" else {}
    opened, page_of_opened = observed(monkeypatch, **changes)
    assert Account.objects.count() == 1
    for model in (Draft, Tally, HeldUserId, Message, Password, SecurityAnswer, SsnNumber, Person, Account):
        model.objects.all().delete()
    CASES[case]()
    before = Account.objects.count(), Person.objects.count(), SsnNumber.objects.count()
    Tally.objects.all().delete()
    stopped, page_of_stopped = observed(monkeypatch, **changes)
    assert (Account.objects.count(), Person.objects.count(), SsnNumber.objects.count()) == before
    assert Entry.objects.filter(deed="account:registration:stopped").count() == 1
    del opened["mails"], stopped["mails"]
    assert stopped == opened
    assert page_of_stopped == page_of_opened


def test_the_mail_to_the_typed_mailbox_does_not_tell():
    """Its words are the same whether or not there is an account, and the holder alone gets the user ID. [A-4, AX22]"""
    known_by_ssn()
    holder = Account.objects.get()
    register(Client())
    words = build.text_of(build.mails_to("Maria@example.org")[0])
    assert "If you already have an account" in words
    for told in (holder.user_id, holder.email, "900123456", "3456"):
        assert told not in words
    assert [mail.to for mail in Message.objects.filter(kind="registration_of_holder")] == [holder.email]


def test_the_mail_server_being_away_makes_no_difference(monkeypatch):
    """Submitting writes what is to be sent, and asks no mail server: an error of it cannot show. [A-4, AX22]"""
    up, _page = observed(monkeypatch)
    for model in (Draft, Tally, HeldUserId, Message, Password, SecurityAnswer, SsnNumber, Person, Account):
        model.objects.all().delete()
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=9, EMAIL_TIMEOUT=1):
        down, _page = observed(monkeypatch)
    assert down == up


def test_a_mailbox_as_user_id_is_not_looked_up_while_typing():
    """Taken or not, one sentence; only then is a mailbox no oracle. [R-3, A-4, AX22]"""
    pages = []
    for is_known in (False, True):
        if is_known:
            known_by_user_id()
        client = first_two_steps(Client(REMOTE_ADDR=f"198.51.100.{int(is_known)}"))
        with CaptureQueriesContext(connection) as statements:
            answer = client.post(CHECK_URL, {"user_id": "maria@example.org"})
        pages.append((answer.status_code, text(answer), len(statements)))
    assert pages[0] == pages[1]
    assert "can be your user ID" in pages[0][1]


def test_every_step_answers_alike_for_a_known_and_an_unknown_number():
    """The SSN is no oracle at any page, and throttled after the same number of tries. [A-2, AR02]"""
    known_by_ssn()
    seen = []
    for number, ssn in enumerate(("900-12-3456", "900-65-4321")):
        tries = []
        for time in range(4):
            client = Client(REMOTE_ADDR=f"198.51.100.{number}")
            one = client.post(PERSONAL_URL, PERSONAL | {"ssn": ssn, "last_name": "Q" + "wxyz"[time]})
            two = client.post(CONTACT_URL, CONTACT)
            three = client.post(PASSWORD_URL, SECRETS | {"user_id": f"tries.{number}{time}"})
            tries += [(each.status_code, each.headers.get("Location")) for each in (one, two, three)]
        seen.append(tries)
    assert seen[0] == seen[1]
    assert [status for status, _place in seen[0][2::3]] == [302, 302, 302, 429]


def test_a_stopped_user_id_is_as_taken_as_an_opened_one():
    """Asking for it again gets the ordinary answer. [A-4, AX22]"""
    known_by_ssn()
    register(Client())
    other = first_two_steps(Client(), personal={"ssn": "900999998", "last_name": "Other"})
    assert "taken" in text(other.post(CHECK_URL, {"user_id": "Maria.ONEILL"}))
    assert "taken" in text(other.post(PASSWORD_URL, SECRETS))


# AR01: one number, several people.


@pytest.mark.django_db(transaction=True)
def test_several_people_claiming_one_number_at_once_all_get_an_account():
    """A claim that nobody has proven stops nobody; the first who proves it keeps it, and then it stops. [A-2, A-5, AR01]"""

    def one(name: str) -> None:
        try:
            register(
                Client(),
                personal={
                    "last_name": name,
                    "email": f"{name}@example.org",
                    "email_again": f"{name}@example.org",
                },
                secrets={"user_id": f"claims.{name}"},
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(one, ("Alder", "Birch", "Cedar")))
    claimants = list(Account.objects.order_by("user_id"))
    assert [account.user_id for account in claimants] == ["claims.Alder", "claims.Birch", "claims.Cedar"]
    assert SsnNumber.objects.filter(state="claim").count() == 3
    accounts.verify_ssn(account=claimants[1], by=build.VISITOR, now=clock.now())
    for other in (claimants[0], claimants[2]):
        with pytest.raises(Refused):
            accounts.verify_ssn(account=other, by=build.VISITOR, now=clock.now())
    Tally.objects.all().delete()
    stopped = Entry.objects.filter(deed="account:registration:stopped")
    before = stopped.count()  # the ledger keeps what other tests wrote
    one("Dogwood")
    assert Account.objects.count() == 3
    assert stopped.count() == before + 1


# how often one may try.


def test_user_ids_are_not_to_be_listed_by_many_registrations(settings):
    """Tries from one source count together over all registrations, checked or submitted. [R-3, A-4]"""
    most = settings.LIMITS.user_id_checks_per_source_an_hour
    build.account(user_id="maria.oneill")
    client = first_two_steps(Client(REMOTE_ADDR="198.51.100.9"))
    client.post(CHECK_URL, {"user_id": "maria.oneill"})
    Tally.objects.update(count=most)
    answer = client.post(PASSWORD_URL, SECRETS)
    assert answer.status_code == 429
    assert "from your network" in text(answer)
    elsewhere = first_two_steps(Client(REMOTE_ADDR="198.51.100.10"))
    assert "is taken" in text(elsewhere.post(PASSWORD_URL, SECRETS))


def test_ten_submits_with_taken_user_ids_end_a_registration():
    """Submit is no way round the ten checks; the checks used up do not keep anybody from submitting. [R-3]"""
    build.account(user_id="maria.oneill")
    client = first_two_steps(Client())
    for _ in range(11):
        client.post(CHECK_URL, {"user_id": "free.name"})
    for _ in range(10):
        assert "is taken" in text(client.post(PASSWORD_URL, SECRETS))
    assert "Cancel, and start again" in text(client.post(PASSWORD_URL, SECRETS | {"user_id": "free.name"}))
    other = first_two_steps(Client())
    for _ in range(11):
        other.post(CHECK_URL, {"user_id": "free.name"})
    assert other.post(PASSWORD_URL, SECRETS | {"user_id": "free.name"})["Location"] == DONE_URL


def test_the_twenty_first_registration_from_one_source_is_refused(settings):
    """429 and a sentence; from elsewhere it goes on. [A-4]"""
    first = Client(REMOTE_ADDR="198.51.100.11")
    register(first)
    Tally.objects.filter(count=1).update(count=settings.LIMITS.registrations_per_source_an_hour)
    again = {"personal": {"ssn": "900999997", "last_name": "Other"}, "secrets": {"user_id": "another.one"}}
    answer = register(Client(REMOTE_ADDR="198.51.100.11"), **again)
    assert answer.status_code == 429
    assert "too many registrations" in text(answer)
    assert register(Client(REMOTE_ADDR="198.51.100.12"), **again)["Location"] == DONE_URL
