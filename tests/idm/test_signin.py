"""Signing in: password, second step, and what a wrong one does."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.ground.vault.cost import Cost
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import terms_in_force
from bailiwick.idm.rules import signin as rules
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, hashing
from bailiwick.idm.signin.jobs import forget_old
from bailiwick.idm.signin.models import Authenticator, Password, PasswordPath
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db


def test_the_first_sign_in_is_verified_by_a_code_by_email(client: Client):
    """User ID, password and terms, then a code from the mailbox, lead home. [S-1, S-2]"""
    robin = build.account()
    answer = build.give_password(client, robin)
    assert answer["Location"] == "/sign-in/verify/"
    page = client.get("/sign-in/verify/").content.decode()
    assert "Verify it's you" in page
    assert "Send me an email" in page
    assert not build.mails_to(robin.email, "sign_in_code")
    client.post("/sign-in/verify/", {"send": "email"})
    page = client.get("/sign-in/verify/?factor=email").content.decode()
    assert "Enter Code" in page
    answer = client.post("/sign-in/verify/", {"factor": "email", "code": build.code_sent_to(robin.email)})
    assert answer["Location"] == "/home/"
    assert Session.objects.get(account=robin).stage == "full"
    robin.refresh_from_db()
    assert robin.first_signed_in_at


def test_terms_must_be_ticked_at_every_sign_in(client: Client):
    """Without the tick no password is looked at. [S-1, R-6]"""
    robin = build.account()
    answer = client.post("/", {"user_id": robin.user_id, "password": build.PASSWORD})
    assert answer.status_code == 200
    assert "I agree to the Terms" in answer.content.decode()
    assert not Session.objects.exists()


def test_accepting_the_terms_stores_version_and_time_once(client: Client):
    """The version in force is stored with the first sign-in that accepts it. [R-6]"""
    robin = build.account()
    for _ in range(2):
        build.give_password(client, robin)
    robin.refresh_from_db()
    assert robin.terms_version == terms_in_force().version
    assert build.deeds_of(robin).count("account:terms:accepted") == 1


def test_user_ids_are_typed_in_any_case(client: Client):
    """A user ID is found without regard to case. [R-3]"""
    robin = build.account(user_id="Robin.Case")
    answer = client.post("/", {"user_id": " robin.CASE ", "password": build.PASSWORD, "terms": "on"})
    assert answer["Location"] == "/sign-in/verify/"
    assert Session.objects.get().account == robin


def test_a_session_of_the_first_step_opens_nothing(client: Client):
    """With a password only, pages behind sign-in lead to the second step. [S-1]"""
    build.give_password(client, build.account())
    for path in ("/profile/", "/profile/mfa/", "/profile/password/"):
        assert client.get(path)["Location"] == "/sign-in/verify/"


def test_an_empty_code_does_not_advance(client: Client):
    """An empty or malformed second step signs nobody in. [S-1]"""
    build.give_password(client, build.account())
    for code in ("", "12345", "abcdef", "123456\x00", "１２３４５６"):
        assert client.post("/sign-in/verify/", {"factor": "email", "code": code}).status_code == 200
    assert Session.objects.get().stage == "password"


def test_unknown_user_id_and_wrong_password_look_the_same(client: Client):
    """Status, page and number of statements do not tell whether a user ID exists. [S-5, P-3]"""
    robin = build.account()
    seen = []
    for user_id in (robin.user_id, "nobody.here"):
        for _ in range(7):
            with CaptureQueriesContext(connection) as statements:
                answer = client.post("/", {"user_id": user_id, "password": "Wrong-1" * 3, "terms": "on"})
            page = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())
            seen.append((answer.status_code, page, len(statements)))
    assert [row[:2] for row in seen[:7]] == [row[:2] for row in seen[7:]]
    told = {2, 5}  # the tries that lock and suspend: one statement apart, to take the mail back
    assert all(abs(seen[at][2] - seen[at + 7][2]) <= (1 if at in told else 0) for at in range(7))


def test_three_failures_lock_the_path(client: Client):
    """After 3 wrong passwords the right one is refused too, and the page names the rule. [S-5]"""
    robin = build.account()
    for _ in range(3):
        wrong = build.give_password(client, robin, "Wrong-Password-123")
    right = build.give_password(client, robin)
    assert right.status_code == 200
    assert "locked for 60 minutes" in right.content.decode()
    assert "locked for 60 minutes" in wrong.content.decode()
    assert [mail.kind for mail in build.mails_to(robin.email)] == ["path_locked"]
    assert "signin:path:locked" in build.deeds_of(robin)


def test_wrong_codes_count_with_wrong_passwords(client: Client):
    """Password and code failures count together. [S-5]"""
    robin = build.account()
    build.give_password(client, robin, "Wrong-Password-123")
    build.give_password(client, robin)
    client.post("/sign-in/verify/", {"send": "email"})
    code = build.code_sent_to(robin.email)
    for _ in range(2):
        client.post("/sign-in/verify/", {"factor": "email", "code": wrong(code)})
    answer = client.post("/sign-in/verify/", {"factor": "email", "code": code})
    assert answer.status_code == 200
    assert Session.objects.get(account=robin).stage == "password"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_tries_while_locked_suspend_the_path(client: Client):
    """Three tries while locked close the path until the desk opens it. [S-5]"""
    robin = build.account(now=clock.now())
    for _ in range(6):
        build.give_password(client, robin, "Wrong-Password-123")
    assert [mail.kind for mail in build.mails_to(robin.email)] == ["path_locked", "path_suspended"]
    later = clock.now() + timedelta(days=13)
    with pytest.raises(Refused):
        actions.sign_in(user_id=robin.user_id, password=build.PASSWORD, by=build.VISITOR, now=later)
    actions.open_path(account=robin, by=build.VISITOR, now=later)
    actions.sign_in(user_id=robin.user_id, password=build.PASSWORD, by=build.VISITOR, now=later)


def test_a_lock_opens_by_itself():
    """60 minutes after the third failure a password is looked at again. [S-5]"""
    robin = build.account()
    for _ in range(3):
        fail(robin, build.NOON)
    with pytest.raises(Refused):
        actions.sign_in(user_id=robin.user_id, password=build.PASSWORD, by=build.VISITOR, now=after(59))
    actions.sign_in(user_id=robin.user_id, password=build.PASSWORD, by=build.VISITOR, now=after(61))


def test_a_full_sign_in_clears_the_failures():
    """Two failures, a full sign-in, two failures: still open. [S-5]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    for round_ in (1, 2):
        fail(robin, after(round_))
        fail(robin, after(round_))
        session, _ = actions.sign_in(
            user_id=robin.user_id, password=build.PASSWORD, by=build.VISITOR, now=after(round_)
        )
        actions.take_second_step(
            session=session,
            kind=FactorKind.TOTP,
            code=build.number_of(secret, after(round_)),
            by=build.VISITOR,
            now=after(round_),
        )


def fail(holder, now) -> None:
    with pytest.raises(Refused) as refused:
        actions.sign_in(user_id=holder.user_id, password="Wrong-Password-123", by=build.VISITOR, now=now)
    assert refused.value.code is rules.Refusal.NOT_RECOGNIZED


def after(minutes: int):
    return build.NOON + timedelta(minutes=minutes)


def test_a_live_session_goes_on_while_the_path_is_locked(client: Client):
    """A lock signs nobody out. [S-5]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    for _ in range(6):
        build.give_password(Client(), robin, "Wrong-Password-123")
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_an_account_that_is_not_active_cannot_sign_in(client: Client, state: str):
    """Told apart to who gave the right password, and to nobody else. [A-6, S-5]"""
    robin = build.account()
    Account.objects.filter(pk=robin.pk).update(state=state)
    wrong = build.give_password(client, robin, "Wrong-Password-123")
    assert (wrong.status_code, state in wrong.content.decode()) == (200, False)
    right = build.give_password(client, robin)
    assert (right.status_code, right["X-Refusal"]) == (403, f"sign_in_account_{state}")
    assert f"This account is {state}" in right.content.decode()
    assert not Session.objects.exists()
    assert password_path(robin, now=clock.now()).failures == 1


def test_signing_out_ends_the_session(client: Client):
    """After Sign out the old cookie opens nothing. [S-7]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    old = client.cookies["idm_session"].value
    assert client.post("/sign-out/")["Location"] == "/?signed-out"
    client.cookies["idm_session"] = old
    assert client.get("/profile/").status_code == 302
    assert client.get("/sign-out/").status_code == 405


def test_the_password_step_takes_few_statements(client: Client):
    """Account, counter, reservation, the last look at the hash, taking the try back, session, ledger. [S-1]"""
    robin = build.account(now=clock.now())
    build.give_password(client, robin)
    client.cookies.clear()
    with CaptureQueriesContext(connection) as statements:
        build.give_password(client, robin)
    assert len(worked(statements)) <= 7


def test_the_app_step_takes_few_statements(client: Client):
    """Session, authenticators, counter, reservation, use of the step, clearing, session, ledger. [S-3]"""
    robin = build.account(now=clock.now())
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    client.cookies.clear()
    build.give_password(client, robin)
    Authenticator.objects.update(last_step=0)
    with CaptureQueriesContext(connection) as statements:
        client.post("/sign-in/verify/", {"factor": "totp", "code": build.number_of(secret)})
    assert Session.objects.order_by("created_at").last().stage == "full"
    assert len(worked(statements)) <= 8


def worked(statements: CaptureQueriesContext) -> list[str]:
    """Without what only frames a transaction."""
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [one["sql"] for one in statements if not one["sql"].startswith(frame)]


def test_a_full_line_for_hashing_is_answered_at_once(client: Client, monkeypatch):
    """Beyond the line's length the page is a 503 with Retry-After, and nothing is counted. [P-3]"""
    robin = build.account()
    monkeypatch.setattr(hashing, "WAITING_AT_MOST", 0)
    answer = build.give_password(client, robin)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not PasswordPath.objects.exists()


def test_a_password_is_hashed_anew_when_the_cost_changes(client: Client, monkeypatch):
    """The next sign-in brings an old hash up to the present cost. [P-3]"""
    robin = build.account()
    old = Password.objects.get(pk=robin.pk).encoded
    full = PasswordHasher(time_cost=Cost.passes, memory_cost=Cost.memory_kib, parallelism=1)
    monkeypatch.setattr(hashing, "hasher", lambda: full)
    build.give_password(client, robin)
    new = Password.objects.get(pk=robin.pk).encoded
    assert "m=19456" not in old
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in new


def test_a_stolen_hash_cannot_be_tried_without_the_pepper():
    """The stored text alone does not verify the password. [P-3]"""
    robin = build.account()
    hashed = Password.objects.get(pk=robin.pk).encoded.partition("$")[2]
    with pytest.raises(VerifyMismatchError):
        hashing.hasher().verify(hashed, build.PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_parallel_wrong_passwords_are_evaluated_up_to_the_limit(monkeypatch):
    """Of 50 simultaneous guesses three are looked at, and the path ends up suspended. [S-5, AX06]"""
    robin = build.account(now=clock.now())
    looked_at = []
    real = hashing.is_right
    monkeypatch.setattr(hashing, "is_right", lambda *args: looked_at.append(1) or real(*args))
    monkeypatch.setattr(hashing, "WAITING_AT_MOST", 100)

    def guess(number: int) -> None:
        now = clock.now()
        spelling = robin.user_id.upper() if number % 2 else robin.user_id
        with pytest.raises(Refused):
            actions.sign_in(user_id=spelling, password=f"Wrong-{number}", by=build.VISITOR, now=now)

    in_parallel(guess, range(50))
    assert len(looked_at) == 3
    assert build.deeds_of(robin).count("signin:password:failed") == 50
    assert build.deeds_of(robin).count("signin:path:suspended") == 1
    with pytest.raises(Refused):
        actions.sign_in(
            user_id=robin.user_id,
            password=build.PASSWORD,
            by=build.VISITOR,
            now=clock.now() + timedelta(hours=2),
        )


def in_parallel(work, items) -> list:
    def closing(item):
        try:
            return work(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(closing, items))


def test_what_no_longer_counts_is_forgotten():
    """Old counters and codes go, a suspended path stays. [S-5]"""
    open_one, suspended = build.account(), build.account()
    fail(open_one, build.NOON)
    for _ in range(6):
        fail(suspended, build.NOON)
    forget_old(after(179))
    assert PasswordPath.objects.count() == 2
    forget_old(after(180))
    assert PasswordPath.objects.get().refused == 3
