"""Passkeys and security keys: added, a second step, a sign-in by themselves; every answer once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import queries
from bailiwick.idm.signin.models import Passkey, PasskeyChallenge, PasswordPath
from bailiwick.wire.claims import ACR_MFA, ACR_PHISHING_RESISTANT
from tests.idm import build_accounts as build
from tests.idm import build_webauthn as keys
from tests.idm.build_webauthn import SoftwareKey

pytestmark = pytest.mark.django_db
NOT_VERIFIED = "could not be verified"


def with_passkey(client: Client, **how) -> tuple[Account, SoftwareKey]:
    """Somebody with a passkey, signed out."""
    robin, key = build.account(), SoftwareKey(**how)
    build.sign_in_by_email(client, robin)
    assert keys.add(client, key)["Location"] == "/profile/mfa/?added"
    client.post("/sign-out/")
    return robin, key


def session_of(holder: Account) -> Session:
    return Session.objects.filter(account=holder, ended_at=None).latest("created_at")


def test_a_passkey_is_added_once_it_has_signed(client: Client):
    """Added with a name, told by mail and on the ledger; the session rises with it. [S-3]"""
    robin, key = build.account(), SoftwareKey()
    build.sign_in_by_email(client, robin)
    before = client.cookies["idm_session"].value
    assert keys.add(client, key)["Location"] == "/profile/mfa/?added"
    assert client.cookies["idm_session"].value != before
    row = Passkey.objects.get(account=robin)
    assert (row.name, row.has_verified, row.transports) == ("My laptop", True, "internal")
    assert "My laptop" in client.get("/profile/mfa/").content.decode()
    assert build.mails_to(robin.email, "factor_added")
    assert "signin:factor:added" in build.deeds_of(robin)
    session = session_of(robin)
    assert (session.acr, session.amr) == (ACR_PHISHING_RESISTANT, ["pwd", "email", "hwk", "mfa"])


def test_a_passkey_is_the_second_step(client: Client):
    """After the password the passkey is offered first, and signs in fully. [S-2, S-3, AX05]"""
    robin, key = with_passkey(client)
    build.give_password(client, robin)
    page = client.get("/sign-in/verify/").content.decode()
    assert page.index("Use your passkey") < page.index("Send me an email")
    assert keys.verify(client, key)["Location"] == "/home/"
    session = session_of(robin)
    assert (session.stage, session.acr) == ("full", ACR_PHISHING_RESISTANT)
    assert session.amr == ["pwd", "hwk", "mfa"]


def test_a_passkey_signs_in_by_itself(client: Client):
    """User verification counts as both steps; the level says so, no password is claimed, and it is a sign-in to IDM. [S-4, AX05, I-1, P-5]"""
    robin, key = with_passkey(client)
    Account.objects.update(last_signed_in_at=clock.now() - timedelta(days=20))
    assert keys.sign_in(client, key)["Location"] == "/home/"
    assert clock.now() - Account.objects.get(pk=robin.pk).last_signed_in_at < timedelta(minutes=1)
    session = session_of(robin)
    assert (session.stage, session.acr, session.amr) == ("full", ACR_PHISHING_RESISTANT, ["hwk", "mfa"])
    assert client.get("/profile/mfa/add/").status_code == 200


def test_the_terms_are_ticked_for_a_passkey_too(client: Client):
    """Without the tick no passkey is looked at. [S-1, S-4]"""
    _robin, key = with_passkey(client)
    answer = key.get(keys.asked_to_sign_in(client))
    page = client.post("/sign-in/passkey/", {"terms": "", "assertion": answer}).content.decode()
    assert "Tick the box" in page
    assert client.get("/home/").status_code == 302
    assert PasskeyChallenge.objects.exists()


def test_a_passkey_that_verifies_nobody_does_not_start_a_sign_in(client: Client):
    """A touch alone is one step, not two; as a second step it suffices. [S-4]"""
    robin, key = with_passkey(client, verifies=False)
    assert NOT_VERIFIED in keys.sign_in(client, key).content.decode()
    assert client.get("/home/").status_code == 302
    build.give_password(client, robin)
    assert keys.verify(client, key)["Location"] == "/home/"


@pytest.mark.parametrize("tries", [3, 6])
def test_a_passkey_signs_in_while_the_password_path_is_closed(client: Client, tries):
    """Locked or suspended, passkeys go on; and they open no closed path. [S-5, AX06]"""
    robin, key = with_passkey(client)
    for _ in range(tries):
        build.give_password(Client(), robin, "Wrong-Password-123")
    before = PasswordPath.objects.values_list("failed_at", "refused").get()
    assert keys.sign_in(client, key)["Location"] == "/home/"
    assert PasswordPath.objects.values_list("failed_at", "refused").get() == before
    assert build.give_password(Client(), robin).status_code == 200


def test_a_passkey_after_the_password_does_not_unlock_what_locked_meanwhile(client: Client):
    """Guesses between the two steps stay counted. [S-5]"""
    robin, key = with_passkey(client)
    build.give_password(client, robin)
    for _ in range(3):
        build.give_password(Client(), robin, "Wrong-Password-123")
    assert keys.verify(client, key)["Location"] == "/home/"
    assert build.give_password(Client(), robin).status_code == 200


def test_a_full_sign_in_by_passkey_clears_an_open_path(client: Client):
    """Two failures before a password and a passkey are forgotten. [S-5]"""
    robin, key = with_passkey(client)
    for _ in range(2):
        build.give_password(client, robin, "Wrong-Password-123")
    build.give_password(client, robin)
    keys.verify(client, key)
    assert not PasswordPath.objects.get().failed_at


def test_wrong_passkeys_lock_nothing(client: Client):
    """A passkey's failure is on the ledger, and on no password path. [S-5]"""
    robin, _key = with_passkey(client)
    build.give_password(client, robin)
    for _ in range(5):
        assert NOT_VERIFIED in keys.verify(client, SoftwareKey()).content.decode()
    assert build.deeds_of(robin).count("signin:factor:failed") == 5
    assert build.give_password(client, robin)["Location"] == "/sign-in/verify/"


def test_an_answer_counts_once(client: Client):
    """The same answer again, in the same or in another browser, is refused. [AX08]"""
    robin, key = with_passkey(client, counts=False)
    build.give_password(client, robin)
    answer = key.get(keys.asked_to_verify(client))
    assert keys.send_verification(client, answer)["Location"] == "/home/"
    assert NOT_VERIFIED in keys.send_verification(client, answer).content.decode()
    other = Client()
    build.give_password(other, robin)
    keys.asked_to_verify(other)
    assert NOT_VERIFIED in keys.send_verification(other, answer).content.decode()


def test_a_sign_in_counts_once_and_in_its_browser_only(client: Client):
    """A recorded sign-in opens nothing again, and nothing in another browser. [AX08]"""
    _robin, key = with_passkey(client, counts=False)
    thief, answer = Client(), key.get(keys.asked_to_sign_in(client))
    keys.asked_to_sign_in(thief)
    assert NOT_VERIFIED in keys.send_sign_in(thief, answer).content.decode()
    cookie = client.cookies["idm_session_passkey"].value
    assert keys.send_sign_in(client, answer)["Location"] == "/home/"
    client.post("/sign-out/")
    client.cookies["idm_session_passkey"] = cookie
    assert NOT_VERIFIED in keys.send_sign_in(client, answer).content.decode()
    thief.cookies["idm_session_passkey"] = cookie
    assert NOT_VERIFIED in keys.send_sign_in(thief, answer).content.decode()


def test_a_registration_counts_once(client: Client):
    """The same new key is not added twice, neither by its answer nor by a new one. [AX08]"""
    robin, key = build.account(), SoftwareKey()
    build.sign_in_by_email(client, robin)
    form = {"name": "Mine", "assertion": key.create(keys.asked_to_add(client))}
    assert client.post("/profile/mfa/add/passkey/", form)["Location"] == "/profile/mfa/?added"
    again = client.post("/profile/mfa/add/passkey/", form)
    assert NOT_VERIFIED in again.content.decode()
    assert "on an account already" in keys.add(client, key).content.decode()
    assert Passkey.objects.count() == 1


def test_a_wrong_answer_uses_the_question_up(client: Client):
    """After one wrong answer the right one to the same question is too late. [AX08]"""
    robin, key = with_passkey(client)
    build.give_password(client, robin)
    question = keys.asked_to_verify(client)
    keys.send_verification(client, SoftwareKey().get(question))
    assert NOT_VERIFIED in keys.send_verification(client, key.get(question)).content.decode()


def test_a_question_is_answered_for_what_it_was_asked(client: Client):
    """An answer to a sign-in is none to a second step, nor the other way round. [AX08, AX26]"""
    robin, key = with_passkey(client)
    build.give_password(client, robin)
    keys.asked_to_verify(client)
    assert (
        NOT_VERIFIED
        in keys.send_verification(client, key.get(keys.asked_to_sign_in(client))).content.decode()
    )
    keys.asked_to_sign_in(client)
    assert NOT_VERIFIED in keys.send_sign_in(client, key.get(keys.asked_to_verify(client))).content.decode()


def test_a_question_is_good_for_five_minutes(client: Client):
    """An old question is answered by nobody. [AX08]"""
    robin, key = with_passkey(client)
    build.give_password(client, robin)
    answer = key.get(keys.asked_to_verify(client))
    PasskeyChallenge.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert NOT_VERIFIED in keys.send_verification(client, answer).content.decode()


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost.evil.example"},
        {"site": "evil.example"},
    ],
)
def test_an_answer_to_another_site_is_none(client: Client, lie):
    """What a phishing page got signed is worth nothing here. [S-3]"""
    robin, key = with_passkey(client)
    for name, value in lie.items():
        setattr(key, name, value)
    build.give_password(client, robin)
    assert NOT_VERIFIED in keys.verify(client, key).content.decode()
    assert NOT_VERIFIED in keys.sign_in(client, key).content.decode()


def test_a_copied_key_is_refused(client: Client):
    """A counter that does not grow: two devices hold one key. [S-3]"""
    robin, key = with_passkey(client)
    keys.sign_in(client, key)
    client.post("/sign-out/")
    key.count = 0
    assert NOT_VERIFIED in keys.sign_in(client, key).content.decode()
    assert Passkey.objects.get(account=robin).sign_count == 2
    assert "signin:factor:failed" in build.deeds_of(robin)


def test_nobody_signs_in_with_anothers_passkey(client: Client):
    """A passkey of somebody else is no second step, and a borrowed user handle no sign-in. [S-3, AX09]"""
    robin, _mine = with_passkey(client)
    other, theirs = with_passkey(Client())
    build.give_password(client, robin)
    assert NOT_VERIFIED in keys.verify(client, theirs).content.decode()
    theirs.owner = robin.pk.bytes
    assert NOT_VERIFIED in keys.sign_in(Client(), theirs).content.decode()
    assert other.pk != robin.pk


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_an_account_that_is_not_active_has_no_way_in(client: Client, state):
    """A passkey opens neither a suspended nor an archived account. [S-5, S-7]"""
    robin, key = with_passkey(client)
    Account.objects.filter(pk=robin.pk).update(state=state)
    assert NOT_VERIFIED in keys.sign_in(client, key).content.decode()
    assert client.get("/home/").status_code == 302


def test_a_frozen_account_is_opened_by_recovery_alone(client: Client):
    """After "this was not me" the passkey does not sign in either. [S-9]"""
    robin, key = with_passkey(client)
    Account.objects.filter(pk=robin.pk).update(frozen_at=clock.now())
    assert "frozen" in keys.sign_in(client, key).content.decode()
    assert client.get("/home/").status_code == 302


def test_five_passkeys_at_most(client: Client):
    """The sixth is refused in words before the browser asks for it. [S-4]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    for number in range(5):
        assert keys.add(client, SoftwareKey(), f"Key {number}")["Location"] == "/profile/mfa/?added"
    assert client.post("/profile/mfa/passkey/options/").status_code == 403
    assert "an account cannot have more" in client.get("/profile/mfa/add/").content.decode()
    assert len(queries.passkeys(robin)) == 5


def test_known_passkeys_are_named_to_the_browser(client: Client):
    """The browser does not offer a passkey that is there already, and asks for no other at the second step. [S-3]"""
    _robin, key = with_passkey(client)
    keys.sign_in(client, key)
    known = json.loads(keys.asked_to_add(client))["excludeCredentials"]
    allowed = json.loads(keys.asked_to_verify(client))["allowCredentials"]
    assert [one["id"] for one in known] == [one["id"] for one in allowed]
    assert json.loads(keys.asked_to_sign_in(client))["allowCredentials"] == []


def test_a_weaker_step_up_is_refused_where_there_is_a_passkey(client: Client):
    """An authenticator and a recovery code are not enough to touch a passkey. [S-6, AX05]"""
    robin, _key = with_passkey(client)
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    assert session_of(robin).acr == ACR_MFA
    row = Passkey.objects.get()
    assert client.post(f"/profile/mfa/{row.pk}/remove/")["Location"] == "/sign-in/verify/"
    page = client.get("/sign-in/verify/").content.decode()
    assert "Use your passkey" in page
    assert "Authenticator app" not in page
    answer = client.post("/sign-in/verify/", {"factor": "totp", "code": build.number_of(secret)})
    assert "A weaker one is not enough" in answer.content.decode()
    assert Passkey.objects.exists()


def test_without_a_script_the_page_says_so(client: Client):
    """A form sent without an answer is explained, counts nothing, and other ways are offered. [S-3]"""
    robin, _key = with_passkey(client)
    build.give_password(client, robin)
    page = client.get("/sign-in/verify/").content.decode()
    assert "<noscript>" in page
    answer = keys.send_verification(client, "").content.decode()
    assert "passkeys need JavaScript" in answer
    assert "Send me an email" in answer
    assert "signin:factor:failed" not in build.deeds_of(robin)


HOSTILE = [
    "{", "[]", "null", "1", '"text"', "{}", '{"response": {}}', '{"rawId": 7, "response": {"userHandle": 3}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA"}}', "\x00", "[" * 9_000,
    '{"rawId": "\u00e9", "response": {"userHandle": "\u00e9"}}', "A" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_hostile_answers_are_refused_in_words(client: Client, answer):
    """Whatever is sent as a passkey's answer, the page answers and nobody is signed in. [AX31]"""
    robin, _key = with_passkey(client)
    keys.asked_to_sign_in(client)
    assert keys.send_sign_in(client, answer).status_code == 200
    build.give_password(client, robin)
    keys.asked_to_verify(client)
    assert keys.send_verification(client, answer).status_code == 200
    assert session_of(robin).stage == "password"


@pytest.mark.django_db(transaction=True)
def test_one_answer_in_twenty_browsers_signs_in_once():
    """20 simultaneous sign-ins with one answer: one session. [AX08]"""
    client = Client()
    robin, key = with_passkey(client, counts=False)
    answer = key.get(keys.asked_to_sign_in(client))
    cookie = client.cookies["idm_session_passkey"].value

    def race(_number: int) -> bool:
        browser = Client()
        browser.cookies["idm_session_passkey"] = cookie
        try:
            return keys.send_sign_in(browser, answer).status_code == 302
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=20) as pool:
        assert sum(pool.map(race, range(20))) == 1
    assert Session.objects.filter(account=robin, ended_at=None, stage="full").count() == 1
