"""How long failures count, and how long they lock. (S-5)"""

from tests.timetravel.era import fail, try_password


def test_a_lock_opens_by_itself_after_an_hour(era, newcomer):
    """Three failures lock the path; the right password is refused at 59 minutes and accepted at 61. [S-5]"""
    person = era.registered(newcomer())
    fail(person, 3)
    era.clock.pass_time(minutes=59)
    assert not try_password(person)
    era.clock.pass_time(minutes=2)
    assert try_password(person)


def test_failures_of_more_than_two_hours_ago_count_no_more(era, newcomer):
    """Two failures, 121 minutes, two more: not locked; a third within the window locks. [S-5]"""
    person = era.registered(newcomer())
    fail(person, 2)
    era.clock.pass_time(minutes=121)
    fail(person, 2)
    era.clock.pass_time(minutes=119)
    fail(person, 1)
    assert not try_password(person)
    era.clock.pass_time(minutes=61)
    assert try_password(person)


def test_a_suspended_path_does_not_open_by_itself(era, newcomer):
    """Three further tries while locked: closed an hour later, and a day later. [S-5]"""
    person = era.registered(newcomer())
    fail(person, 3)
    fail(person, 3)
    era.clock.pass_time(minutes=61)
    assert not try_password(person)
    era.clock.pass_time(days=1)
    assert not try_password(person)
