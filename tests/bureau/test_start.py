"""What the bureau refuses to start with: production, weak keys, and people who could exist."""

import pytest
from pydantic import ValidationError

from bailiwick.bureau.people import PeopleFileError, is_never_issued, read_people
from bailiwick.bureau.site.environment import BureauEnvironment

PERSON = """
[[person]]
part = "verified"
first_name = "Avery"
last_name = "Quillfeather"
birth_date = "1979-03-14"
ssn = "900-10-0001"
address = { zip = "32801" }
"""


def test_a_double_does_not_start_in_production(monkeypatch):
    """It verifies whomever its file says. [V-6]"""
    monkeypatch.setenv("BUREAU_DEVELOPMENT", "false")
    monkeypatch.setenv("BUREAU_SECRET_KEY", "s" * 50)
    monkeypatch.setenv("BUREAU_BASE_URL", "https://bureau.example")
    monkeypatch.setenv("BUREAU_SMTP_URL", "smtp://mail.example")
    with pytest.raises(ValidationError, match="development"):
        BureauEnvironment()


def test_a_short_secret_stops_the_start(monkeypatch):
    """Keys are long enough not to be guessed. [V-6]"""
    monkeypatch.setenv("BUREAU_KEY", "idm-1:short")
    with pytest.raises(ValidationError, match="32 characters"):
        BureauEnvironment()


def test_without_a_key_nobody_may_ask(monkeypatch):
    """An empty setting opens nothing. [V-6]"""
    monkeypatch.setenv("BUREAU_KEY", "")
    assert BureauEnvironment().secrets_by_key_id == {}


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("900-10-0001", "123-45-6789"),
        ("900-10-0001", "90"),
        ('"verified"', '"lucky"'),
        ("1979-03-14", "1979-02-30"),
        ('address = { zip = "32801" }', ""),
        ("first_name", "fist_name"),
    ],
)
def test_a_mistake_in_the_file_stops_the_start(tmp_path, wrong, instead):
    """Named by position, and a real SSN is a mistake. [V-6]"""
    path = tmp_path / "people.toml"
    path.write_text(PERSON + PERSON.replace("0001", "0002").replace(wrong.replace("0001", "0002"), instead))
    with pytest.raises(PeopleFileError, match="person 2"):
        read_people(path)


def test_the_same_person_twice_stops_the_start(tmp_path):
    """Nobody has two parts. [V-6]"""
    path = tmp_path / "people.toml"
    path.write_text(PERSON + PERSON)
    with pytest.raises(PeopleFileError, match="twice"):
        read_people(path)


@pytest.mark.parametrize(("ssn", "holds"), [("666000000", True), ("665000000", False), ("9000000000", False)])
def test_never_issued_areas(ssn, holds):
    """000, 666 and 900 to 999, nine digits. [V-6]"""
    assert is_never_issued(ssn) is holds
