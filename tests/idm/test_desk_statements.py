"""What a desk's pages ask of the database: whose they are once a request, and the same for one person as for twenty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON, url

pytestmark = pytest.mark.django_db

AUTHORITY = 'SELECT "idm_access_grant"."application" AS'


def asked(perform) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        perform()
    return [query["sql"] for query in captured.captured_queries]


def test_whose_a_page_is_is_asked_once():
    """The door, the page's roles and its buttons share one reading; an act reads once more, under its locks. [H-2, SR-16]"""
    person = build_desk.caller()
    desk = build_desk.looking(person, build_desk.tier(3))
    for name in ("person", "suspend", "caller"):
        statements = asked(lambda name=name: desk.open(url(name, person)))
        assert sum(each.startswith(AUTHORITY) for each in statements) == 1, name
    act = {"reason": REASON}
    statements = asked(lambda: desk.client.post(url("user-id", person), act))
    assert sum(each.startswith(AUTHORITY) for each in statements) == 2


def test_a_search_asks_the_same_for_one_as_for_many():
    """Roles and requests of everybody found come in two statements; what is written is a look each. [H-1, H-3]"""
    place = build_pages.organization()
    people = [build_pages.end_user(place, last="Marigold")]
    desk = build_desk.browser(build_desk.tier(1))

    typed = {"text": "marigold", "reason": REASON}

    def reads() -> int:
        statements = asked(lambda: desk.client.post("/manage-users/", typed))
        return sum(each.startswith("SELECT") for each in statements)

    reads()  # the browser's first page remembers its device
    for_one = reads()
    people += [build_pages.end_user(place, last="Marigold") for _ in range(3)]
    assert reads() == for_one
    page = build_pages.text_of(desk.send("/manage-users/", typed))
    assert all(each.user_id in page for each in people)


def test_people_are_found_by_the_begin_of_each_name_in_any_order():
    """First and last name, begun, with accents and without; not by what stands within them. [H-1]"""
    person = build_desk.caller(first="Zoë", last="O'Marrow-Fenn")
    desk = build_desk.browser(build_desk.tier(1))

    def finds(text: str) -> bool:
        page = desk.send("/manage-users/", {"text": text, "reason": REASON})
        return person.user_id in build_pages.text_of(page)

    for text in ("zoe", "Zoë", "omarr", "O'MARROW", "omarrow, zoe", "zo oma", person.email):
        assert finds(text), text
    for text in ("arrow", "oe", "zoe larkspur"):
        assert not finds(text), text
    assert not build_accounts.mails_to(person.email)


def test_an_approver_searches_among_their_own_people_alone():
    """Every word fits the person or the organization; who is elsewhere is nobody. [H-1, INV-14]"""
    mine, other = build_pages.organization("Alder Clinic"), build_pages.organization("Elm Clinic")
    noor = build_pages.end_user(mine, first="Noor", last="Ashgrove")
    build_pages.end_user(mine, first="Vera", last="Ashgrove")
    stranger = build_pages.end_user(other, first="Noor", last="Ashgrove")
    boss = build_desk.browser(build_pages.approver(mine))
    for text in ("noor", "ashgrove noor", "noor alder", noor.user_id, f"{mine.submitter_id} noor"):
        page = build_pages.text_of(boss.send("/manage-users/", {"text": text}))
        assert noor.user_id in page, text
        assert "Vera" not in page
        assert stranger.user_id not in page
    for text in ("noor elm", stranger.user_id, other.submitter_id, noor.email):
        page = build_pages.text_of(boss.send("/manage-users/", {"text": text}))
        assert "Nobody was found" in page, text
