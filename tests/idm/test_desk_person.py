"""A person's page for IDM's desk: a reason first, masked values, one reveal at a time (H-3, A-3)."""

import re
from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.words import DEED_WORDS
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import PROPOSED, Act, Masked
from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON, url

pytestmark = pytest.mark.django_db

SSN = "900417362"


@pytest.fixture
def person():
    return build_desk.caller(first="Noor", last="Ashgrove", ssn=SSN, phone="4075550188")


def page_of(browser, person) -> str:
    return build_pages.text_of(browser.open(url("person", person)))


def turn_back(kind: Act, minutes: int) -> None:
    """As if those acts had been done so many minutes earlier."""
    for row in Row.objects.filter(kind=kind):
        earlier = timedelta(minutes=minutes)
        Row.objects.filter(pk=row.pk).update(at=row.at - earlier, until=row.until and row.until - earlier)


def test_the_page_opens_for_a_reason_that_lands_on_the_ledger(person):
    """Once per person for five minutes. [H-3, L-2]"""
    browser = build_desk.browser()
    assert "Why do you look" in page_of(browser, person)
    for reason in ("", " x ", "a\x00bcd", "y" * 501):
        page = build_pages.text_of(browser.send(url("person", person), {"reason": reason}))
        assert "There is a problem" in page
        assert "Noor" not in page
    assert "Noor Ashgrove" in build_pages.text_of(browser.send(url("person", person), {"reason": REASON}))
    assert "Noor Ashgrove" in page_of(browser, person)
    looks = build_desk.entries(person, Deed.DESK_LOOKED)
    assert [look.why for look in looks] == [REASON]
    turn_back(Act.LOOK, 5)
    assert "Why do you look" in page_of(browser, person)


def test_a_reason_for_one_person_or_by_one_colleague_opens_nobody_else_s_page(person):
    """Per person and per desk member. [H-3]"""
    browser = build_desk.looking(person)
    assert "Why do you look" in page_of(browser, build_desk.caller())
    assert "Why do you look" in page_of(build_desk.browser(), person)


def test_whoever_was_found_with_a_reason_opens_without_giving_it_again(person):
    """The search's reason is the look's. [H-1, H-3]"""
    browser = build_desk.browser()
    found = browser.send("/manage-users/", {"text": "ashgrove", "reason": REASON})
    assert url("person", person) in found.content.decode()
    assert "Noor Ashgrove" in page_of(browser, person)


def test_the_page_shows_what_opens_the_account_and_no_value(person):
    """Path, factors with name and last use, sessions, roles, requests; SSN, birth date, e-mail and phone masked. [H-2, A-3]"""
    secret = build_accounts.with_authenticator(person, now=clock.now())
    place = build_pages.organization("Alder Clinic")
    build_pages.grant(person, "end-user", place)
    build_desk.locks(person)
    response = build_desk.looking(person).open(url("person", person))
    page, html = build_pages.text_of(response), response.content.decode()
    for word in (
        "Locked for a while",
        "Authenticator app",
        "My phone",
        "Code by e-mail",
        "Alder Clinic",
        "•••88",
    ):
        assert word in page
    facts = personal_facts(person)
    shown = (
        SSN,
        SSN[-5:],
        SSN[-4:],
        person.email,
        person.phone,
        f"{facts.birth_date:%B} {facts.birth_date.day}",
        secret,
    )
    for private in (*shown, facts.address.line_1, build_accounts.ANSWER, "first pet"):
        assert private not in html
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("value", [value for value in Masked if value not in PROPOSED.values()])
def test_a_revealed_value_is_shown_for_five_minutes(person, value):
    """With a reason on the ledger, which names the kind and never the value. [H-3, A-3]"""
    browser = build_desk.looking(person)
    facts = personal_facts(person)
    expected = {
        Masked.SSN: "•••-•1-7362",
        Masked.BIRTH_DATE: str(facts.birth_date.year),
        Masked.EMAIL: person.email,
        Masked.PHONE: person.phone,
        Masked.ADDRESS: facts.address.line_1,
    }[value]
    assert "There is a problem" in build_pages.text_of(
        browser.send(url("reveal", person, value=value), {"reason": ""})
    )
    response = browser.send(url("reveal", person, value=value), {"reason": REASON})
    assert expected in build_pages.text_of(response)
    assert SSN not in response.content.decode()
    assert 290 <= int(response["Refresh"].split(";")[0]) <= 301
    entry = Entry.objects.get(deed=Deed.DESK_REVEALED)
    assert (entry.subject, entry.why, entry.about) == (str(person.pk), REASON, {"value": value.value})
    turn_back(Act.REVEAL, 5)
    assert expected not in page_of(browser, person)


def test_staff_see_the_last_five_digits_of_the_ssn_and_no_more(person):
    """Five, never nine, and none before a reveal. [A-3]"""
    browser = build_desk.looking(person)
    assert not re.search(r"\d-7362", page_of(browser, person))
    page = build_pages.text_of(browser.send(url("reveal", person, value="ssn"), {"reason": REASON}))
    assert "1-7362" in page
    assert "41-7362" not in page


def test_one_value_is_open_at_a_time(person):
    """The next reveal hides the one before, another person's too. [H-3]"""
    other = build_desk.caller()
    browser = build_desk.looking(person)
    browser.send(url("person", other), {"reason": REASON})
    browser.send(url("reveal", person, value="email"), {"reason": REASON})
    browser.send(url("reveal", person, value="phone"), {"reason": REASON})
    page = page_of(browser, person)
    assert person.phone in page
    assert person.email not in page
    browser.send(url("reveal", other, value="email"), {"reason": REASON})
    assert person.phone not in page_of(browser, person)


def test_a_revealed_value_is_shown_in_the_session_that_revealed_it(person):
    """Not in another browser of the same desk member, nor to a colleague. [H-3]"""
    member = build_desk.tier(1)
    here = build_desk.looking(person, member)
    here.send(url("reveal", person, value="email"), {"reason": REASON})
    assert person.email in page_of(here, person)
    assert person.email not in page_of(build_desk.browser(member), person)
    assert person.email not in page_of(build_desk.looking(person), person)


def test_a_revealed_value_can_be_hidden_at_once(person):
    """Hide it now. [H-3]"""
    browser = build_desk.looking(person)
    browser.send(url("reveal", person, value="email"), {"reason": REASON})
    assert person.email not in build_pages.text_of(browser.send(url("hide", person)))
    assert browser.client.get(url("hide", person)).status_code == 405


def test_the_twenty_first_reveal_in_an_hour_is_refused(person):
    """Over all people. [H-3]"""
    browser = build_desk.looking(person)
    for _ in range(20):
        browser.send(url("reveal", person, value="email"), {"reason": REASON})
    page = build_pages.text_of(browser.send(url("reveal", person, value="phone"), {"reason": REASON}))
    assert "20 values within the hour" in page
    assert Entry.objects.filter(deed=Deed.DESK_REVEALED).count() == 20
    turn_back(Act.REVEAL, 61)
    Row.objects.filter(kind=Act.LOOK).update(until=clock.now() + timedelta(minutes=5))
    assert person.phone in build_pages.text_of(
        browser.send(url("reveal", person, value="phone"), {"reason": REASON})
    )


def test_the_same_reveal_sent_twice_is_one(person):
    """A form sent twice counts once. [H-3]"""
    browser = build_desk.looking(person)
    form = {"reason": REASON, "once": "00000000-0000-4000-8000-00000000d001"}
    for _ in range(2):
        browser.send(url("reveal", person, value="email"), form)
    assert Entry.objects.filter(deed=Deed.DESK_REVEALED).count() == 1


def test_what_is_not_there_cannot_be_revealed(person):
    """No SSN given, no such value: said in words, or no page. [A-2, H-3]"""
    bare = build_desk.caller(ssn="")
    browser = build_desk.looking(bare)
    page = build_pages.text_of(browser.send(url("reveal", bare, value="ssn"), {"reason": REASON}))
    assert "nothing to reveal" in page
    for value in ("password", "answer", "home_address", "SSN"):
        browser.send(f"{url('person', bare)}reveal/{value}/", {"reason": REASON}, status=404)


def test_the_ledger_s_slice_names_deeds_and_times_only(person):
    """No reason, no name, no value. [L-1, H-2]"""
    build_desk.locks(person)
    browser = build_desk.looking(person)
    page = page_of(browser, person)
    for words in ("Account opened", "Password wrong or not looked at", "A desk looked", "Failed"):
        assert words in page
    assert REASON not in page.split("On the ledger about this person")[1]


def test_every_deed_has_words():
    """The slice never shows a code. [L-2]"""
    assert set(DEED_WORDS) == set(Deed)


def test_nothing_personal_is_in_an_address(person):
    """Only opaque ids. [INV-9]"""
    assert str(person.pk) in url("person", person)
    html = build_desk.looking(person).open(url("person", person)).content.decode()
    for link in re.findall(r'(?:href|action)="([^"]+)"', html):
        assert not any(part in link for part in (person.user_id, "Noor", "ashgrove", person.email))


@pytest.mark.parametrize(
    ("came_from", "page"), [("proofing", "proofing"), ("", "person"), ("//evil.example", "person")]
)
def test_a_reveal_leads_back_to_the_page_it_came_from(came_from, page):
    """Tier 3 reveals within a case and is back at the case, hiding alike; an address is never taken from the link. [H-3, V-5]"""
    person = build_desk.caller()
    browser = build_desk.looking(person, build_desk.tier(3))
    query = f"?from={came_from}"
    shown = browser.send(
        url("reveal", person, value="birth_date") + query, {"reason": REASON}, status=302, follow=False
    )
    hidden = browser.send(url("hide", person) + query, status=302, follow=False)
    for answer in (shown, hidden):
        assert answer["Location"].partition("?")[0] == url(page, person)
