"""When a session ends by itself. (S-8)"""

from tests.faults.steps import enter_spot, is_in_spot, sign_in
from tests.timetravel.era import is_in


def test_an_idle_session_ends_after_thirty_minutes(era, newcomer):
    """A look after 29 minutes keeps it for another 29; 31 without one end it. [S-8]"""
    person = era.registered(newcomer())
    sign_in(person)
    for _ in range(2):
        era.clock.pass_time(minutes=29)
        assert is_in(person)
    era.clock.pass_time(minutes=31)
    assert not is_in(person)
    era.clock.pass_time(minutes=1)
    assert not is_in(person)


def test_no_session_is_longer_than_twelve_hours(era, newcomer):
    """However busy: alive at 11:58, over at 12:01. [S-8]"""
    person = era.registered(newcomer())
    sign_in(person)
    for _ in range(27):
        era.clock.pass_time(minutes=26)
        assert is_in(person)
    era.clock.pass_time(minutes=16)
    assert is_in(person)
    era.clock.pass_time(minutes=3)
    assert not is_in(person)


def test_a_sign_in_half_done_does_not_wait_for_ever(era, newcomer):
    """The second step is over with the session: 31 idle minutes after the password. [S-1, S-8]"""
    from tests.faults.steps import give_password, path

    person = era.registered(newcomer())
    give_password(person)
    era.clock.pass_time(minutes=31)
    person.go("/sign-in/verify/")
    assert path(person) == "/"


def test_a_session_in_spot_outlives_neither_idleness_nor_idm(era):
    """SPOT goes by the same limits: in after 29 minutes, out after 31. [S-8, O-5]"""
    person = era.staff("ana.ruiz")
    enter_spot(person)
    assert is_in_spot(person)
    era.clock.pass_time(minutes=29)
    assert is_in_spot(person)
    era.clock.pass_time(minutes=31)
    assert not is_in_spot(person)
