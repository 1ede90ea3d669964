"""Somebody lost every device, or the mailbox: started at IDM's desk, waited for, told everywhere (P-9, H-2, H-4, H-5)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.restoring import ResetKind
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions
from bailiwick.idm.signin.jobs import settle_resets
from bailiwick.idm.signin.models import Authenticator, FactorReset
from tests.idm import build_accounts, build_desk, build_pages

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def person():
    holder = build_desk.caller(first="Noor", last="Ashgrove")
    build_accounts.with_authenticator(holder, now=clock.now() - timedelta(minutes=5))
    return holder


def asked(person: Account, *, kind=ResetKind.FACTORS, email: str = "", ago: timedelta = timedelta(0)):
    """A reset that a desk started so long ago; returns the path of its cancel page."""
    now, desk = clock.now() - ago, build_desk.tier(3)
    actions.ask_reset(
        account=person,
        kind=kind,
        email=email,
        asked_by=desk,
        why="Call 4711",
        by=build_accounts.VISITOR,
        now=now,
    )
    return path_in(person)


def path_in(person: Account) -> str:
    text = build_accounts.text_of(build_accounts.mails_to(person.email, "factor_reset_asked")[-1])
    return re.search(r"/factor-reset/[\w-]{43}/", text).group()


def has_device(person: Account) -> bool:
    return Authenticator.objects.filter(account=person).exists()


def test_tier_3_starts_a_reset_after_the_caller_check(person):
    """Not before; the person is told with a page on which it can be stopped. [P-9, H-4, H-2]"""
    desk = build_desk.looking(person, build_desk.tier(3))
    url = build_desk.url("reset-factors", person)
    refused = desk.send(url, {"reason": build_desk.REASON})
    assert "First check the caller" in build_pages.text_of(refused)
    assert not FactorReset.objects.exists()
    build_desk.checks(desk, person)
    page = desk.send(url, {"reason": build_desk.REASON})
    assert "It is under way" in build_pages.text_of(page)
    assert "A reset of all devices waits until" in build_pages.text_of(page)
    assert path_in(person)
    [entry] = build_desk.entries(person, Deed.FACTOR_RESET_ASKED)
    assert entry.why == build_desk.REASON
    assert has_device(person)


def test_a_form_sent_twice_starts_one_reset(person):
    """And a second one is refused while the first waits. [P-9]"""
    desk = build_desk.looking(person, build_desk.tier(3))
    build_desk.checks(desk, person)
    url, once = build_desk.url("reset-factors", person), "00000000-0000-4000-8000-000000000001"
    for _ in range(2):
        desk.send(url, {"reason": build_desk.REASON, "once": once})
    again = desk.send(url, {"reason": build_desk.REASON})
    assert "waits for this person already" in build_pages.text_of(again)
    assert FactorReset.objects.count() == 1


def test_tier_1_starts_none(person):
    """It is tier 3's. [H-2]"""
    desk = build_desk.looking(person, build_desk.tier(1))
    build_desk.checks(desk, person)
    for name in ("reset-factors", "email", "agree"):
        desk.send(build_desk.url(name, person), {"reason": build_desk.REASON}, status=404)
    assert not FactorReset.objects.exists()


def test_nothing_changes_within_24_hours(person):
    """Devices and sessions stay while it waits, whatever the job does. [P-9]"""
    browser = build_pages.browser(person)
    asked(person, ago=DAY - timedelta(minutes=1))
    settle_resets(clock.now())
    assert has_device(person)
    assert browser.client.get("/home/").status_code == 200


def test_after_24_hours_it_holds_although_no_job_came_by(person):
    """Sessions of before are over, and signing in asks for a code by e-mail. [P-9, I-2]"""
    browser = build_pages.browser(person, ago=timedelta(minutes=1))
    asked(person, ago=DAY)
    assert browser.client.get("/home/")["Location"] == "/"
    client = Client()
    assert build_accounts.give_password(client, person)["Location"] == "/sign-in/verify/"
    assert not has_device(person)
    client.post("/sign-in/verify/", {"send": "email"})
    answer = client.post(
        "/sign-in/verify/", {"factor": "email", "code": build_accounts.code_sent_to(person.email)}
    )
    assert answer.status_code == 302
    assert Session.objects.get(account=person, ended_at=None).stage == "full"
    assert build_accounts.mails_to(person.email, "factor_reset_done")


def test_the_job_writes_down_what_holds(person):
    """Once, however often it runs. [P-9]"""
    asked(person, ago=DAY)
    for _ in range(2):
        settle_resets(clock.now())
    assert not has_device(person)
    assert FactorReset.objects.get().state == "done"
    assert len(build_desk.entries(person, Deed.FACTOR_RESET_DONE)) == 1
    assert Account.objects.get(pk=person.pk).reset_due_at is None


def test_whoever_is_told_stops_it_with_a_button(person):
    """Opening the page stops nothing; the button does, once. [P-9, N-2]"""
    path = asked(person)
    for _ in range(2):
        page = Client().get(path)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "strict-origin"
    Client().head(path)
    assert FactorReset.objects.get().state == "waiting"
    assert Client().post(path)["Location"] == "/factor-reset/canceled/"
    assert FactorReset.objects.get().state == "canceled"
    assert Client().post(path).status_code == 410
    settle_resets(clock.now() + DAY + DAY)
    assert has_device(person)
    assert build_accounts.mails_to(person.email, "factor_reset_canceled")
    assert Client().get("/factor-reset/nothing/").status_code == 404


def test_a_second_person_takes_the_wait_away(person):
    """Not the one who asked; then it is done at once. [H-5]"""
    first, second = build_desk.tier(3), build_desk.tier(3)
    desk = build_desk.looking(person, first)
    build_desk.checks(desk, person)
    desk.send(build_desk.url("reset-factors", person), {"reason": build_desk.REASON})
    same = desk.send(build_desk.url("agree", person), {"reason": build_desk.REASON})
    assert "a second person of tier 3 has to agree" in build_pages.text_of(same)
    assert has_device(person)
    other = build_desk.looking(person, second)
    done = other.send(build_desk.url("agree", person), {"reason": build_desk.REASON})
    assert "It is done" in build_pages.text_of(done)
    assert not has_device(person)
    assert FactorReset.objects.get().agreed_by == second


def test_a_desk_email_change_waits_and_is_told_in_the_same_way(person):
    """The old mailbox can stop it; after 24 hours the new one is reached. [P-9, H-2]"""
    old = person.email
    asked(person, kind=ResetKind.EMAIL, email="noor.new@example.org", ago=DAY)
    settle_resets(clock.now())
    person.refresh_from_db()
    assert person.email == "noor.new@example.org"
    assert has_device(person)
    for address in (old, person.email):
        assert build_accounts.mails_to(address, "factor_reset_done")
    assert FactorReset.objects.get().email == ""


def test_a_reset_lifts_no_suspension(person):
    """What staff did stays. [S-9, AR11]"""
    asked(person, ago=DAY)
    Account.objects.filter(pk=person.pk).update(state="suspended")
    settle_resets(clock.now())
    assert Account.objects.get(pk=person.pk).state == "suspended"
    assert build_accounts.give_password(Client(), person).status_code == 403
