"""How long a number is good: codes by mail and text, an authenticator's, and the freshness they give. (S-2, S-3, S-6)"""

import pyotp

from tests.faults.steps import give_password, path, sign_out, take_number
from tests.timetravel.era import HOME, VERIFY, ask_for_code, is_in, is_verified, next_code, stay

PHONE = "2025550199"


def test_a_mailed_code_is_good_for_thirty_minutes(era, newcomer):
    """At 29 minutes it signs in; at 31 it is refused although the session waits still. [S-2, numbers]"""
    person = era.registered(newcomer())
    give_password(person)
    code = ask_for_code(person)
    era.clock.pass_time(minutes=29)
    assert path_after(person, code) == HOME

    sign_out(person)
    give_password(person)
    code = ask_for_code(person)
    for minutes in (16, 15):
        era.clock.pass_time(minutes=minutes)
        assert stay(person) == 200
    assert path_after(person, code) == VERIFY
    assert not is_in(person)


def test_a_new_code_can_be_had_after_thirty_seconds_and_the_old_one_is_void(era, newcomer):
    """Sent again at most every 30 seconds; only the newest is good. [S-2, numbers]"""
    person = era.registered(newcomer())
    give_password(person)
    first = ask_for_code(person)
    era.clock.pass_time(seconds=20)
    person.press(send="email")
    assert person.page.status == 429
    era.clock.pass_time(seconds=11)
    second = ask_for_code(person)
    assert first == second or path_after(person, first) == VERIFY
    assert path_after(person, second) == HOME


def test_no_more_than_five_codes_are_sent_an_hour(era, newcomer):
    """The sixth waits until the first is an hour old. [S-2, numbers]"""
    person = era.registered(newcomer())
    give_password(person)
    for _ in range(5):
        ask_for_code(person)
        era.clock.pass_time(minutes=10)
    person.press(send="email")
    assert person.page.status == 429
    era.clock.pass_time(minutes=11)
    assert path_after(person, ask_for_code(person)) == HOME


def test_a_texted_code_is_good_for_ten_minutes(era, newcomer):
    """At 9 minutes it signs in; at 11 it is refused. [S-2, S-4, numbers]"""
    person = era.with_authenticator(newcomer())
    person.go("/profile/mfa/add/sms/")
    person.press("number", number=PHONE, name="My mobile")
    person.press(code=next_code(person, 0, PHONE))
    assert path(person) == "/profile/mfa/", str(person.page)
    sign_out(person)

    give_password(person)
    era.clock.pass_time(minutes=1)
    code = ask_for_code(person, "sms", PHONE)
    era.clock.pass_time(minutes=9)
    assert path_after(person, code) == HOME

    sign_out(person)
    give_password(person)
    code = ask_for_code(person, "sms", PHONE)
    era.clock.pass_time(minutes=11)
    assert path_after(person, code) == VERIFY
    assert not is_in(person)


def test_an_authenticators_number_is_good_for_its_half_minute_and_the_next(era, newcomer):
    """One step of drift; what was shown two steps ago is refused. [S-3, numbers]"""
    person = era.with_authenticator(newcomer())
    numbers = pyotp.TOTP(person.authenticator)
    sign_out(person)
    give_password(person)
    era.clock.pass_time(minutes=2)
    shown = numbers.at(int(person.clock()))
    era.clock.pass_time(seconds=61)
    person.press(factor="totp", code=shown)
    assert path(person) == VERIFY
    shown = numbers.at(int(person.clock()))
    era.clock.pass_time(seconds=30)
    person.press(factor="totp", code=shown)
    assert path(person) == HOME


def test_a_fresh_factor_is_fresh_for_fifteen_minutes(era, newcomer):
    """At 14 minutes devices can be changed; at 16 a factor is asked for, and then they can. [S-6, numbers]"""
    person = era.with_authenticator(newcomer())
    era.clock.pass_time(minutes=14)
    assert is_verified(person)
    era.clock.pass_time(minutes=2)
    assert not is_verified(person)
    person.go("/profile/mfa/add/")
    assert path(person) == VERIFY
    take_number(person)
    assert path(person) == "/profile/mfa/add/"


def path_after(person, code: str) -> str:
    """Where a code leads that is typed into the page on the screen."""
    person.press(code=code)
    return path(person)
