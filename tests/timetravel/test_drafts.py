"""How long a registration waits for its person. (R-1, R-5)"""

from tests.faults.steps import contact_information, path, personal_information


def test_a_registration_waits_two_hours(era, newcomer):
    """Left for 119 minutes it goes on where it was; left for 121, nothing of it is kept. [R-1, numbers]"""
    person = era.person(newcomer())
    personal_information(person)
    era.clock.pass_time(minutes=119)
    contact_information(person)
    assert path(person) == "/register/password/"

    other = era.person(newcomer())
    personal_information(other)
    era.clock.pass_time(minutes=121)
    contact_information(other)
    assert path(other) == "/register/"
    assert other.facts.ssn not in other.page.html
    assert other.facts.last not in other.page.html

    person.go("/register/password/")
    assert path(person) == "/register/"


def test_the_two_hours_are_counted_from_the_first_step(era, newcomer):
    """However busy its person: what was typed first is older than that. [R-1, numbers]"""
    person = era.person(newcomer())
    personal_information(person)
    era.clock.pass_time(minutes=80)
    contact_information(person)
    era.clock.pass_time(minutes=41)
    person.go("/register/password/")
    assert path(person) == "/register/"
