"""How long the ways back into an account stay open. (P-6, P-7, P-8, R-9, S-9)"""

from tests.faults.steps import path
from tests.timetravel.era import codes_to, fail, next_code, try_password

NEW = "Violet-Willow-Marble-3928"


def test_a_forgotten_password_is_replaced_within_the_hour(era, newcomer):
    """The last step is open at 59 minutes; begun again and left for 61, it is over. [P-7, numbers]"""
    person = era.registered(newcomer())
    walk_to_the_last_step(era, person)
    era.clock.pass_time(minutes=35)
    person.press("new", answer=person.facts.answer, new=NEW, again=NEW)
    assert path(person) == "/forgot-password/done/", str(person.page)
    assert try_password(person, NEW)

    era.clock.pass_time(hours=2)
    walk_to_the_last_step(era, person)
    era.clock.pass_time(minutes=37)
    person.press("new", answer=person.facts.answer, new=NEW + "4", again=NEW + "4")
    assert path(person) != "/forgot-password/done/"
    assert try_password(person, NEW)


def test_the_code_of_a_recovery_is_good_for_thirty_minutes(era, newcomer):
    """At 31 minutes it is refused, in time for another one. [P-7, numbers]"""
    person = era.registered(newcomer())
    code = ask_recovery_code(person, "/forgot-password/")
    era.clock.pass_time(minutes=31)
    person.press("code", code=code)
    assert path(person) == "/forgot-password/code/", str(person.page)
    person.go("/forgot-password/way/")
    already = len(codes_to(person))
    person.press("channel", channel="email")
    person.press("code", code=next_code(person, already))
    assert path(person) == "/forgot-password/new/", str(person.page)


def test_a_locked_path_is_opened_by_its_holder_at_once(era, newcomer):
    """Unlock Account does not wait for the hour, and the lock is gone for good. [P-8, S-5]"""
    person = era.registered(newcomer())
    fail(person, 3)
    assert not try_password(person)
    person.press("code", code=ask_recovery_code(person, "/unlock/"))
    person.press("answer", answer=person.facts.answer)
    assert path(person) == "/unlock/done/", str(person.page)
    assert try_password(person)


def walk_to_the_last_step(era, person) -> None:
    """Forgot Password up to the new password, with 24 minutes gone."""
    code = ask_recovery_code(person, "/forgot-password/")
    era.clock.pass_time(minutes=24)
    person.press("code", code=code)
    assert path(person) == "/forgot-password/new/", str(person.page)


def ask_recovery_code(person, start: str) -> str:
    already = len(codes_to(person))
    person.go(start)
    person.press("user_id", user_id=person.facts.user_id)
    person.press("channel", channel="email")
    return next_code(person, already)
