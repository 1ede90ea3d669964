"""What days and weeks do: passwords, mailboxes, accounts. (P-4, P-5, R-5, R-9)"""

import time
from urllib.parse import urlsplit

from tests.faults.steps import path, register, sign_in
from tests.timetravel.era import VERIFY, link_in, try_password

SECOND, THIRD = "Violet-Willow-Marble-3928", "Ginger-Falcon-Meadow-7156"
PATIENCE_SECONDS = 60


def test_a_password_is_changed_once_a_day(era, newcomer):
    """Refused after 23 hours, accepted after 25. [P-4]"""
    person = era.with_authenticator(newcomer())
    assert change_password(person, SECOND)
    era.clock.pass_time(hours=23)
    sign_in(person)
    assert not change_password(person, THIRD)
    era.clock.pass_time(hours=2)
    sign_in(person)
    assert change_password(person, THIRD)


def test_a_password_expires_after_sixty_days_without_a_sign_in(era, newcomer):
    """After 59 days it signs in, and that counts; after 62 more it leads to Forgot Password. [P-5]"""
    person = era.registered(newcomer())
    sign_in(person)
    era.clock.pass_time(days=59)
    sign_in(person)
    era.clock.pass_time(days=62)
    assert not try_password(person)
    assert path(person) == "/forgot-password/way/", str(person.page)
    era.clock.pass_time(days=1)
    person.forget_browser()
    assert not try_password(person)


def test_an_account_nobody_signed_in_to_is_discarded_after_fourteen_days(era, newcomer):
    """On the thirteenth day it is there; after fourteen full days the job discards it, and its user ID stays taken. [R-5]"""
    unproven, proven = era.registered(newcomer()), era.registered(newcomer())
    sign_in(proven)
    era.clock.pass_time(days=13)
    assert try_password(unproven)
    era.clock.pass_time(days=2)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_known(era, unproven):
        assert time.monotonic() < deadline, "the job discarded nothing"
        time.sleep(0.5)
    assert not try_password(unproven)
    assert try_password(proven)
    assert user_id_is_taken(era, unproven.facts.user_id, newcomer())


def test_an_unproven_account_that_is_used_in_time_stays(era, newcomer):
    """The first sign-in proves it, also on the last day. [R-5]"""
    person = era.registered(newcomer())
    era.clock.pass_time(days=13, hours=20)
    sign_in(person)
    era.clock.pass_time(days=2)
    assert try_password(person)


def test_a_new_mailbox_is_confirmed_within_a_day_and_taken_back_within_ten(era, newcomer):
    """The link to the new mailbox is over after 24 hours, the old one's after 10 days. [R-9, numbers]"""
    late, person = era.with_authenticator(newcomer()), era.with_authenticator(newcomer())
    over = ask_for_mailbox(era, late, "late@elsewhere.example")
    link = ask_for_mailbox(era, person, "new@elsewhere.example")
    era.clock.pass_time(hours=23)
    sign_in(person)
    person.go(link)
    person.press(to=link)
    assert path(person) == "/profile/", str(person.page)
    era.clock.pass_time(hours=2)
    sign_in(late)
    late.go(over)
    assert late.page.status == 410, str(late.page)

    undo = urlsplit(link_in(era.programs.wait_for_mail(person.facts.email), "/email-undo/")).path
    era.clock.pass_time(days=8)
    person.go(undo)
    assert person.page.status == 200, str(person.page)
    era.clock.pass_time(days=2)
    person.go(undo)
    assert person.page.status == 410, str(person.page)


def change_password(person, new: str) -> bool:
    person.go("/profile/password/")
    if path(person) == VERIFY:
        person.press(factor="totp", code=person.fresh_number())
    person.press("new", current=person.password, new=new, again=new)
    is_changed = person.page.url.endswith("?saved")
    person.password = new if is_changed else person.password
    return is_changed


def ask_for_mailbox(era, person, address: str) -> str:
    """Ask to be reached there; returns the path of the confirming page."""
    person.go("/profile/email/edit/")
    person.press("email", email=address, email_again=address)
    assert path(person) == "/profile/email/asked/", str(person.page)
    mail = era.programs.wait_for_mail(address, containing="/profile/email/confirm/", seconds=PATIENCE_SECONDS)
    return urlsplit(link_in(mail, "/profile/email/confirm/")).path


def is_known(era, person) -> bool:
    """Whether anything of the person is kept still."""
    return any(row["email"] == person.facts.email for row in era.idm.rows("idm_accounts_account"))


def user_id_is_taken(era, user_id: str, facts) -> bool:
    from dataclasses import replace

    other = era.person(replace(facts, user_id=user_id))
    try:
        register(other)
    except AssertionError:
        return path(other) == "/register/password/"
    return False
