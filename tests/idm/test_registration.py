"""New User Registration: the three steps, what is refused, and what nobody may learn from it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client, override_settings

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account, Person, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.registration import actions
from bailiwick.idm.registration.jobs import forget_what_was_left
from bailiwick.idm.registration.models import Draft
from bailiwick.idm.signin.models import Password, SecurityAnswer
from tests.idm import build_accounts as build
from tests.idm.build_registration import CONTACT, PERSONAL, SECRETS, register, text

pytestmark = pytest.mark.django_db


def test_three_steps_open_an_account_without_any_access(client: Client):
    """Next, Next, Submit, then the result with Return, and a mail that names the user ID. [R-1, R-4]"""
    assert "Personal Information" in text(client.get("/register/"))
    assert client.post("/register/", PERSONAL)["Location"] == "/register/contact/"
    assert client.post("/register/contact/", CONTACT)["Location"] == "/register/password/"
    assert client.post("/register/password/", SECRETS)["Location"] == "/register/done/"
    page = text(client.get("/register/done/"))
    assert "maria.oneill" in page
    assert "gives no access by itself" in page
    assert "Return" in page
    account = Account.objects.get()
    facts = personal_facts(account)
    assert (facts.first, facts.last, facts.birth_date) == ("María-José", "O'Neill Núñez", date(1986, 4, 28))
    assert (facts.ssn, facts.address.zip, facts.phone) == ("900123456", "328010012", "2025550142")
    mail = build.mails_to("Maria@example.org")[0]
    assert "maria.oneill" in build.text_of(mail)
    assert build.deeds_of(account) == ["account:registration:opened", "account:terms:accepted"]


def test_the_new_account_can_sign_in(client: Client):
    """User ID and password of the registration open the first step. [R-1, S-1]"""
    register(client)
    answer = client.post("/", {"user_id": "MARIA.oneill", "password": SECRETS["password"], "terms": "on"})
    assert answer["Location"] == "/sign-in/verify/"


def test_no_secret_stands_readable_in_the_database(client: Client):
    """SSN, birth date, address are sealed; password and answer are hashed; the draft forgets them. [A-2, P-3, P-10]"""
    register(client)
    held = [
        bytes(value)
        for value in Person.objects.values_list(
            "birth_date_sealed", "ssn_sealed", "home_address_sealed"
        ).get()
    ]
    held += [bytes(Draft.objects.get().answers_sealed), bytes(SsnNumber.objects.get().digest)]
    for readable in (b"900123456", b"1986", b"Larkspur"):
        assert not any(readable in value for value in held)
    assert "Quiet" not in Password.objects.get().encoded
    assert "bello" not in SecurityAnswer.objects.get().encoded


def test_steps_cannot_be_skipped(client: Client):
    """A later step leads back to the furthest that is open. [R-1, AX02]"""
    assert client.get("/register/contact/")["Location"] == "/register/"
    assert client.post("/register/password/", SECRETS)["Location"] == "/register/"
    client.post("/register/", PERSONAL)
    assert client.get("/register/password/")["Location"] == "/register/contact/"
    assert client.get("/register/done/")["Location"] == "/register/contact/"
    assert not Account.objects.exists()


def test_back_keeps_what_was_typed_right_or_wrong(client: Client):
    """Back stores the page as it is; it is there on return. [R-1]"""
    client.post("/register/", PERSONAL)
    answer = client.post("/register/contact/", CONTACT | {"city": "", "line_1": "9 New Road", "back": "1"})
    assert answer["Location"] == "/register/"
    page = text(client.get("/register/"))
    assert "María-José" in page
    assert 'value="28"' in page
    assert "ends in 3456" in page
    assert "900123456" not in page
    assert "900-12-3456" not in page
    assert "9 New Road" in text(client.get("/register/contact/"))
    # What was kept but not accepted does not open the next step.
    assert client.get("/register/password/")["Location"] == "/register/contact/"


def test_the_ssn_need_not_be_typed_again_on_return(client: Client):
    """The kept number counts, a newly typed one replaces it. [R-1, A-3]"""
    client.post("/register/", PERSONAL)
    client.post("/register/", PERSONAL | {"ssn": ""})
    client.post("/register/contact/", CONTACT)
    client.post("/register/password/", SECRETS)
    assert personal_facts(Account.objects.get()).ssn == "900123456"


def test_cancel_forgets_everything(client: Client):
    """Cancel drops the answers and the key. [R-1]"""
    client.post("/register/", PERSONAL)
    assert client.post("/register/cancel/")["Location"] == "/"
    assert not Draft.objects.exists()
    assert "María" not in text(client.get("/register/"))


def test_submitting_twice_opens_one_account(client: Client):
    """The second Submit shows the same result and changes nothing. [R-1]"""
    register(client)
    assert client.post("/register/password/", SECRETS)["Location"] == "/register/done/"
    assert Account.objects.count() == 1
    assert Message.objects.filter(kind="registered").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first_name": ""}, "Fill in “First name”."),
        ({"first_name": "A" * 21}, "Use at most 20 characters."),
        ({"last_name": "B" * 26}, "Use at most 25 characters."),
        ({"first_name": "R0bin"}, "Use letters"),
        ({"first_name": "Ro\x00bin"}, "cannot be shown"),
        ({"last_name": "Smith\u202e"}, "cannot be shown"),
        ({"birth_date_year": str(clock.now().year - 17)}, "at least 18 years"),
        ({"birth_date_day": "31", "birth_date_month": "2"}, "does not exist"),
        ({"ssn": "90012345"}, "9 digits"),
        ({"email": "not-an-address", "email_again": "not-an-address"}, "name@example.com"),
        ({"email": "a" * 70 + "@b.example", "email_again": "x"}, "at most 74"),
        ({"email_again": "other@example.org"}, "not the same"),
        ({"terms": ""}, "Tick the box"),
        ({"suffix": "Lord"}, "Choose one of the answers"),
    ],
)
def test_bad_personal_information_gets_a_sentence(client: Client, typed, sentence):
    """Left out, too long, wrong kind, unreadable: a sentence, and nothing is written. [R-2, A-8]"""
    answer = client.post("/register/", PERSONAL | typed)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"in_us": ""}, "Choose an answer"),
        ({"line_1": "A" * 61}, "at most 60"),
        ({"line_2": "A" * 65}, "at most 64"),
        ({"city": "A" * 31}, "at most 30"),
        ({"state": "abroad"}, "Choose the state or territory"),
        ({"zip": "3280"}, "Enter 5 digits"),
        ({"phone": "1025550142"}, "does not start with 0 or 1"),
        ({"in_us": "no", "state": "abroad", "zip": "80331"}, "Enter the country."),
        ({"text_capable": "perhaps"}, "Choose one of the answers"),
    ],
)
def test_bad_contact_information_gets_a_sentence(client: Client, typed, sentence):
    """The same for the second step. [R-2]"""
    client.post("/register/", PERSONAL)
    answer = client.post("/register/contact/", CONTACT | typed)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert Draft.objects.get().answered == ["personal"]


def test_an_address_outside_the_us_is_accepted(client: Client):
    """Any postal code and a country. [A-8]"""
    abroad = {
        "in_us": "no",
        "state": "abroad",
        "zip": "SW1A 1AA",
        "city": "London",
        "country": "United Kingdom",
    }
    register(client, contact=abroad)
    assert personal_facts(Account.objects.get()).address.country == "United Kingdom"
    assert not Person.objects.get().is_us_address


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"user_id": "maria"}, "Use 6 to 74 characters."),
        ({"user_id": "maría.oneill"}, "letters from A to Z"),
        ({"user_id": "2024-2025"}, "at least one letter"),
        ({"user_id": "other@example.org"}, "your own e-mail address"),
        ({"user_id": "a123-45-6789"}, "nine digits"),
        ({"password": "Short-1", "password_again": "Short-1"}, "at least 15"),
        ({"password": "Maria.Likes-Tea-77", "password_again": "Maria.Likes-Tea-77"}, "user ID"),
        ({"password_again": "Quiet-Lantern-Meadow-8"}, "not the same"),
        ({"password": "PasswordPassword123", "password_again": "PasswordPassword123"}, "list of common"),
        ({"answer": "abc"}, "Use 4 to 100"),
        ({"question": "mothers_maiden_name"}, "Choose one of the answers"),
    ],
)
def test_bad_secrets_get_a_sentence(client: Client, typed, sentence):
    """User ID, password and answer are refused with their reason, and no account is opened. [R-3, P-1, P-2, P-10]"""
    answer = register(client, secrets=typed)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert "Quiet-Lantern" not in text(answer)
    assert not Account.objects.exists()


def test_the_whole_own_address_may_be_the_user_id(client: Client):
    """An @ is right where the user ID is the person's own e-mail address. [R-3]"""
    register(client, secrets={"user_id": "maria@example.org"})
    assert Account.objects.get().user_id == "maria@example.org"


def test_a_user_id_is_taken_in_any_case(client: Client):
    """Unique without regard to case. [R-3]"""
    build.account(user_id="Maria.ONeill")
    answer = register(client)
    assert "taken" in text(answer)
    assert Account.objects.count() == 1


def test_the_user_id_is_checked_while_typing_ten_times(client: Client):
    """A fragment says free or taken; the eleventh time it says no more. [R-3]"""
    assert client.post("/register/user-id/", {"user_id": "maria.oneill"}).status_code == 204
    client.post("/register/", PERSONAL)
    client.post("/register/contact/", CONTACT)
    build.account(user_id="taken.one")
    assert "free" in text(client.post("/register/user-id/", {"user_id": "maria.oneill"}))
    assert "taken" in text(client.post("/register/user-id/", {"user_id": "Taken.One"}))
    for _ in range(8):
        client.post("/register/user-id/", {"user_id": "maria.oneill"})
    assert "Cancel, and start again" in text(client.post("/register/user-id/", {"user_id": "taken.one"}))


@override_settings(DEVELOPMENT=False)
@pytest.mark.parametrize("ssn", ["000121234", "666121234", "900121234", "123001234", "123120000"])
def test_never_issued_numbers_are_refused_in_production(client: Client, ssn):
    """Only a development run takes them. [A-2]"""
    assert "No Social Security number" in text(client.post("/register/", PERSONAL | {"ssn": ssn}))


def test_a_second_registration_of_a_verified_ssn_stops_silently(client: Client):
    """Same page, same way; neutral mail to the mailbox typed, help to the holder. [A-4, AX22]"""
    holder = build.account(ssn="900123456")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)
    answer = register(client)
    assert answer["Location"] == "/register/done/"
    assert Account.objects.count() == 1
    assert [mail.kind for mail in build.mails_to("Maria@example.org")] == ["registration_neutral"]
    helping = build.mails_to(holder.email, "registration_of_holder")[0]
    assert holder.user_id in build.text_of(helping)
    assert Entry.objects.get(deed="account:registration:stopped").subject == str(holder.pk)


def comparable(answer) -> tuple[int, str]:
    return answer.status_code, re.sub(r'value="[^"]*"|nonce="[^"]*"', "", text(answer))


def test_the_stopped_and_the_opened_registration_show_the_same_page(client: Client):
    """Nothing in the result page tells which of the two it was. [A-4]"""
    holder = build.account(ssn="900123456")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)
    register(client, secrets={"user_id": "same.words"})
    stopped = comparable(client.get("/register/done/"))
    other = Client()
    register(other, personal={"ssn": "900999998"}, secrets={"user_id": "diff.words"})
    opened = comparable(other.get("/register/done/"))
    assert stopped[1].replace("same.words", "X") == opened[1].replace("diff.words", "X")


@pytest.mark.parametrize(
    ("other", "is_stopped"),
    [
        ({"ssn": ""}, True),
        ({"ssn": "900999997"}, False),
        ({"ssn": "", "email": "else@example.org"}, True),
        ({"ssn": "", "email": "else@example.org", "zip": "10001"}, False),
        ({"ssn": "", "first": "Marta"}, False),
        ({"ssn": "", "birth_date": date(1986, 4, 29)}, False),
    ],
)
def test_look_alikes_are_stopped_unless_both_numbers_differ(client: Client, other, is_stopped):
    """Same name and birth date and e-mail or ZIP, where the SSNs are not both known and different. [A-4]"""
    zip_code = other.pop("zip", "32801")
    known = {
        "first": "Maria Jose",
        "last": "ONeill Nunez",
        "birth_date": date(1986, 4, 28),
        "email": "maria@example.org",
    }
    address = build.Address(line_1="1 Elsewhere", city="Orlando", state="FL", zip=zip_code)
    build.account(**(known | {"address": address} | other))
    register(client)
    assert Account.objects.count() == (1 if is_stopped else 2)


def test_a_stopped_registration_holds_its_user_id(client: Client):
    """Asking for the same user ID again gets the ordinary answer, for 14 days. [A-4]"""
    holder = build.account(ssn="900123456")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)
    register(client)
    other = Client()
    answer = register(
        other, personal={"ssn": "900999996", "email": "z@example.org", "email_again": "z@example.org"}
    )
    assert "taken" in text(answer)


def test_mails_about_a_stopped_registration_are_throttled(client: Client):
    """The holder and the typed mailbox hear of it once a day. [A-4]"""
    holder = build.account(ssn="900123456")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)
    for number in range(2):
        register(Client(), secrets={"user_id": f"again.{number}x"})
    assert len(build.mails_to(holder.email, "registration_of_holder")) == 1
    assert len(build.mails_to("Maria@example.org")) == 1


def test_registrations_of_one_ssn_are_limited(client: Client):
    """The fourth registration with one number in a day is refused with status 429. [A-4]"""
    for number in range(3):
        register(
            Client(), secrets={"user_id": f"claim.{number}x"}, personal={"last_name": "Q" + "xyz"[number]}
        )
    answer = register(client, personal={"last_name": "Other"}, secrets={"user_id": "claim.four"})
    assert answer.status_code == 429
    assert "too many registrations" in text(answer)


def test_registrations_from_one_source_are_limited():
    """The twenty-first within the hour is refused. [A-4]"""
    now = clock.now()
    for _ in range(20):
        assert actions._count(b"s" * 32, 20, timedelta(hours=1), now)
    assert not actions._count(b"s" * 32, 20, timedelta(hours=1), now)
    assert actions._count(b"s" * 32, 20, timedelta(hours=1), now + timedelta(hours=1))


def test_two_claims_of_one_ssn_are_both_opened(client: Client):
    """Before proofing a number is a claim, and claims may collide. [A-2, A-5]"""
    build.account(ssn="900123456")
    register(client)
    assert SsnNumber.objects.filter(state="claim").count() == 2


def test_an_account_never_signed_in_to_is_discarded():
    """After 14 days the person is forgotten, the user ID stays taken. [R-5]"""
    now = clock.now()
    old = build.account(user_id="old.one", now=now - timedelta(days=15))
    used = build.account(now=now - timedelta(days=15))
    accounts.note_first_sign_in(account=used, now=now)
    young = build.account(now=now - timedelta(days=14))
    forget_what_was_left(now)
    forget_what_was_left(now)
    states = {account.pk: account.state for account in Account.objects.all()}
    assert (states[old.pk], states[used.pk], states[young.pk]) == ("discarded", "active", "active")
    assert not Person.objects.filter(pk=old.pk).exists()
    assert not Password.objects.filter(pk=old.pk).exists()
    assert not SecurityAnswer.objects.filter(pk=old.pk).exists()
    assert build.deeds_of(old).count("account:registration:discarded") == 1
    with pytest.raises(Refused):
        build.account(user_id="OLD.one")


def test_a_draft_is_forgotten_after_two_hours(client: Client):
    """An old draft opens nothing and is deleted. [R-1]"""
    client.post("/register/", PERSONAL)
    Draft.objects.update(started_at=clock.now() - timedelta(hours=2))
    assert "María" not in text(client.get("/register/"))
    forget_what_was_left(clock.now())
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_registering_at_once_gets_one_account():
    """Of simultaneous registrations with one SSN, name and mailbox one is opened. [A-1, A-4]"""

    def one(number: int) -> None:
        try:
            register(Client(), secrets={"user_id": f"race.{number}x"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(one, range(3)))
    assert Account.objects.count() == 1
    assert Entry.objects.filter(deed="account:registration:stopped").count() == 2
