"""Forgot Password, Unlock and Forgot User ID, through the pages."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.profiles import STRICT, limits_under
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import Authenticator, Password, Recovery, SecurityAnswer
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts as build
from tests.idm import build_desk, build_pages
from tests.idm import build_recovery as recovery

pytestmark = pytest.mark.django_db
strict = override_settings(PROFILE=STRICT, LIMITS=limits_under(STRICT))


@pytest.fixture
def robin():
    return build.account(first="Noor", last="Ashgrove")


def has_password(holder: Account, password: str) -> bool:
    return hashing.is_right(password, Password.objects.get(pk=holder.pk).encoded)


def test_a_forgotten_password_is_set_anew_step_by_step(client: Client, robin):
    """User ID, way, code, answer, new password; then the usual sign-in. [P-7, P-10]"""
    assert recovery.begins(client, robin.user_id.upper())["Location"] == "/forgot-password/way/"
    page = client.get("/forgot-password/way/").content.decode()
    for way in ("E-mail", "Text message", "Phone call"):
        assert way in page
    assert robin.email not in page
    assert recovery.chooses(client)["Location"] == "/forgot-password/code/"
    assert robin.email not in client.get("/forgot-password/code/").content.decode()
    assert recovery.types_code(client, recovery.code_for(robin.email))["Location"] == "/forgot-password/new/"
    assert "What was the name of your first pet?" in build_pages.text_of(client.get("/forgot-password/new/"))
    assert recovery.finishes(client)["Location"] == "/forgot-password/done/"
    assert has_password(robin, recovery.NEW)
    assert build.mails_to(robin.email, "password_reset")
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert build.give_password(client, robin, recovery.NEW)["Location"] == "/sign-in/verify/"


def test_a_recovery_ends_every_session_and_replaces_no_factor(client: Client, robin):
    """Everywhere, at the applications too; devices stay. [P-7, P-9, S-7]"""
    build.with_authenticator(robin, now=clock.now() - timedelta(minutes=3))
    browser, half = build_pages.browser(robin), Client()
    build.give_password(half, robin)
    before = list(Authenticator.objects.values())
    recovery.recovers(client, robin)
    assert browser.client.get("/home/")["Location"] == "/"
    assert half.get("/sign-in/verify/")["Location"] == "/"
    assert not Session.objects.filter(account=robin, ended_at=None).exists()
    assert list(Authenticator.objects.values()) == before


def test_recovery_is_the_way_out_of_a_suspended_path(client: Client, robin):
    """Neither a lock nor a suspension of the path stops it, and it lifts both. [S-5, P-7]"""
    build_desk.locks(robin, failures=6)
    assert password_path(robin, now=clock.now()).state is PathState.SUSPENDED
    recovery.recovers(client, robin)
    assert password_path(robin, now=clock.now()).state is PathState.OPEN


def test_unlocking_opens_the_path_and_nothing_else(client: Client, robin):
    """The same ladder without a new password; sessions go on. [P-8, S-5]"""
    browser = build_pages.browser(robin)
    build_desk.locks(robin, failures=6)
    assert recovery.recovers(client, robin, "unlock")["Location"] == "/unlock/done/"
    assert password_path(robin, now=clock.now()).state is PathState.OPEN
    assert has_password(robin, build.PASSWORD)
    assert build.mails_to(robin.email, "path_unlocked")
    assert browser.client.get("/home/").status_code == 200


def test_a_recovery_waits_for_no_day_and_starts_none(client: Client, robin):
    """Once in 24 hours is for changes by the holder. [P-6, P-4]"""
    now = clock.now()
    Password.objects.filter(pk=robin.pk).update(changed_by_holder_at=now)
    recovery.recovers(client, robin)
    assert has_password(robin, recovery.NEW)
    assert Password.objects.get(pk=robin.pk).changed_by_holder_at == now


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "at least 15"),
        ("Copper-Ashgrove-Harbor-8", "Leave out your first and last name"),
        (build.PASSWORD, "one of your last 6"),
    ],
)
def test_the_rules_for_passwords_hold_here_too(client: Client, robin, new: str, words: str):
    """Each refusal names its reason, and the ladder stays where it is. [P-1, P-2]"""
    recovery.proves(client, robin)
    page = recovery.finishes(client, new=new)
    assert page.status_code == 200
    assert words in build_pages.text_of(page)
    assert recovery.finishes(client)["Location"] == "/forgot-password/done/"


def test_a_way_that_is_not_enrolled_sends_nothing(client: Client, robin):
    """The page goes on all the same. [P-7]"""
    before = Message.objects.count()
    recovery.begins(client, robin.user_id)
    for channel in ("sms", "voice"):
        answer = recovery.chooses(client, channel)
        assert (answer.status_code, answer["Location"]) == (302, "/forgot-password/code/")
    assert Message.objects.count() == before


def test_a_code_is_sent_again_only_so_often(client: Client, robin):
    """Not within 30 seconds. [P-7, numbers]"""
    recovery.begins(client, robin.user_id)
    recovery.chooses(client)
    assert recovery.chooses(client).status_code == 429
    assert len(build.mails_to(robin.email, "recovery_code")) == 1


def test_three_wrong_answers_end_the_ladder_and_count_as_a_failed_attempt(client: Client, robin):
    """The right one comes too late. [P-10, S-5]"""
    recovery.proves(client, robin)
    for left in (2, 1):
        assert f"Tries left: {left}" in build_pages.text_of(recovery.finishes(client, answer="wrong"))
    assert recovery.finishes(client, answer="wrong").status_code == 403
    assert recovery.finishes(client).status_code == 403
    assert has_password(robin, build.PASSWORD)
    assert password_path(robin, now=clock.now()).failures == 1


def test_wrong_codes_count_as_failed_attempts_on_the_password_path(client: Client, robin):
    """Password, code and answer failures count together. [S-5]"""
    recovery.begins(client, robin.user_id)
    recovery.chooses(client)
    code = recovery.code_for(robin.email)
    for _ in range(3):
        assert recovery.types_code(client, recovery.wrong(code)).status_code == 200
    assert recovery.types_code(client, code).status_code == 200  # void by now
    assert password_path(robin, now=clock.now()).state is PathState.LOCKED
    assert Recovery.objects.get().state == "sent"


def test_an_old_ladder_is_refused(client: Client, robin):
    """Sixty minutes. [P-7]"""
    recovery.proves(client, robin)
    ladder = str(Recovery.objects.get().pk)
    Recovery.objects.update(expires_at=clock.now())
    answer = client.post(
        "/forgot-password/new/",
        {"ladder": ladder, "answer": build.ANSWER, "new": recovery.NEW, "again": recovery.NEW},
    )
    assert (answer.status_code, answer["X-Refusal"]) == (403, "recovery_over")
    assert has_password(robin, build.PASSWORD)


def test_a_frozen_account_is_opened_by_a_recovery_and_not_by_unlocking(client: Client, robin):
    """Only a completed recovery lifts the freeze. [S-9]"""
    accounts.freeze(account=robin, by=build.VISITOR, now=clock.now(), why="not me")
    stopped = build.give_password(client, robin)
    assert stopped["X-Refusal"] == "sign_in_account_frozen"
    assert "/forgot-password/" in stopped.content.decode()
    recovery.recovers(client, robin, "unlock")
    assert Account.objects.get(pk=robin.pk).frozen_at
    other = Client()
    build_next_code(robin)
    recovery.recovers(other, robin)
    assert Account.objects.get(pk=robin.pk).frozen_at is None
    assert build.give_password(client, robin, recovery.NEW)["Location"] == "/sign-in/verify/"


def build_next_code(holder: Account) -> None:
    """A second ladder of one person within the hour is none of a browser's thirty seconds: nothing to wait for."""
    assert Recovery.objects.filter(account=holder).count() == 1


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_a_recovery_lifts_nothing_that_staff_did(client: Client, robin, state: str):
    """A suspended or archived account gets no code, and the last step is refused where it came later. [AR11, A-6, S-9]"""
    recovery.proves(client, robin)
    Account.objects.filter(pk=robin.pk).update(state=state)
    answer = recovery.finishes(client)
    assert (answer.status_code, answer["X-Refusal"]) == (403, "recovery_account_not_active")
    assert has_password(robin, build.PASSWORD)
    other = Client()
    recovery.begins(other, robin.user_id)
    assert recovery.chooses(other)["Location"] == "/forgot-password/code/"
    assert len(build.mails_to(robin.email, "recovery_code")) == 1
    assert Account.objects.get(pk=robin.pk).state == state


def test_an_expired_password_leads_to_the_ladder_after_the_right_one_only(client: Client, robin):
    """60 days without any sign-in; the reset goes on from there, and P-4 does not hinder it. [P-5, P-6, I-6]"""
    old = clock.now() - timedelta(days=62)
    Account.objects.filter(pk=robin.pk).update(first_signed_in_at=old, last_signed_in_at=old)
    Password.objects.filter(pk=robin.pk).update(set_at=old)
    wrong = build.give_password(client, robin, "Wrong-Password-123")
    assert (wrong.status_code, "expired" in wrong.content.decode()) == (200, False)
    right = build.give_password(client, robin)
    assert right["Location"] == "/forgot-password/way/?expired"
    assert "Your password has expired" in build_pages.text_of(client.get(right["Location"]))
    assert not Session.objects.exists()
    recovery.chooses(client)
    recovery.types_code(client, recovery.code_for(robin.email))
    recovery.finishes(client)
    assert build.give_password(client, robin, recovery.NEW)["Location"] == "/sign-in/verify/"


def test_a_sign_in_keeps_the_password_from_expiring(client: Client, robin):
    """Each full sign-in of a new day is noted. [P-5]"""
    long_ago = clock.now() - timedelta(days=59)
    Account.objects.filter(pk=robin.pk).update(first_signed_in_at=long_ago, last_signed_in_at=long_ago)
    build.sign_in_by_email(client, robin)
    robin.refresh_from_db()
    assert clock.now() - robin.last_signed_in_at < timedelta(minutes=1)


@strict
def test_under_the_strict_profile_nothing_expires_and_no_question_is_asked(client: Client, robin):
    """Code and new password are enough, and the composition is free. [P-5, P-10, P-1]"""
    old = clock.now() - timedelta(days=200)
    Account.objects.filter(pk=robin.pk).update(first_signed_in_at=old, last_signed_in_at=old)
    Password.objects.filter(pk=robin.pk).update(set_at=old)
    assert build.give_password(client, robin)["Location"] == "/sign-in/verify/"
    recovery.proves(client, robin)
    page = client.get("/forgot-password/new/").content.decode()
    assert "security question" not in page
    assert recovery.finishes(client, answer="", new="copper falcon harbor eight")["Location"].endswith(
        "/done/"
    )
    assert has_password(robin, "copper falcon harbor eight")


def test_who_never_gave_an_answer_recovers_without_one(client: Client, robin):
    """People who registered under the strict profile have none. [P-10]"""
    SecurityAnswer.objects.filter(account=robin).delete()
    recovery.proves(client, robin)
    assert recovery.finishes(client, answer="")["Location"] == "/forgot-password/done/"


def test_a_changed_password_voids_the_ladders_begun_before(client: Client, robin):
    """Nothing that was begun under the old password leads on. [P-7]"""
    recovery.proves(client, robin)
    other = Client()
    recovery.recovers(other, robin)
    answer = client.post("/forgot-password/new/", {"ladder": "x", "answer": "x", "new": "x", "again": "x"})
    assert answer.status_code == 403
    assert sorted(Recovery.objects.values_list("state", flat=True)) == ["done", "void"]


FACTS = {
    "birth_date_month": "1",
    "birth_date_day": "2",
    "birth_date_year": "1990",
    "zip_code": "32801",
}


def test_a_forgotten_user_id_goes_by_mail(client: Client):
    """All five facts fit: one mail to the mailbox on file, one an hour. [P-8]"""
    from datetime import date

    noor = build.account(first="Noor", last="Ashgrove", birth_date=date(1990, 1, 2))
    form = FACTS | {"first": "noor", "last": "ASHGROVE", "email": noor.email.upper()}
    for _ in range(2):
        assert client.post("/forgot-user-id/", form)["Location"] == "/forgot-user-id/sent/"
    [mail] = build.mails_to(noor.email, "user_id_forgotten")
    assert noor.user_id in build.text_of(mail)
    assert noor.user_id not in build_pages.text_of(client.get("/forgot-user-id/sent/"))


@pytest.mark.parametrize("change", [{"first": "Nora"}, {"zip_code": "32802"}, {"email": "x@example.org"}])
def test_one_fact_that_does_not_fit_sends_nothing(client: Client, change: dict[str, str]):
    """The answer is the same. [P-8]"""
    from datetime import date

    noor = build.account(first="Noor", last="Ashgrove", birth_date=date(1990, 1, 2))
    form = FACTS | {"first": "Noor", "last": "Ashgrove", "email": noor.email} | change
    assert client.post("/forgot-user-id/", form)["Location"] == "/forgot-user-id/sent/"
    assert not Message.objects.filter(kind="user_id_forgotten").exists()


def test_one_network_asks_thirty_times_an_hour(client: Client, robin):
    """Whoever it asks about. [P-7, P-8]"""
    with override_settings(LIMITS=settings.LIMITS.__class__(recoveries_per_source_an_hour=2)):
        for user_id in (robin.user_id, "nobody.here"):
            assert recovery.begins(client, user_id).status_code == 302
        for user_id in (robin.user_id, "nobody.here"):
            assert recovery.begins(client, user_id).status_code == 429
