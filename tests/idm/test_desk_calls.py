"""The caller check and the reset link that follows it (H-4, H-3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Busy, By, Refused
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.models import CallerCheck
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.signin.models import ResetLink
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON, code_for, url, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return build_desk.caller(first="Noor", last="Ashgrove")


def reads(browser, person, code: str) -> str:
    return build_pages.text_of(browser.send(url("caller", person), {"code": code}))


def asks(browser, person) -> str:
    return build_pages.text_of(browser.send(url("caller", person), {"send": "1"}))


def turn_back(minutes: int) -> None:
    """As if everything about callers had happened so many minutes earlier."""
    earlier = timedelta(minutes=minutes)
    for check in CallerCheck.objects.all():
        moments = {
            name: getattr(check, name) and getattr(check, name) - earlier
            for name in ("sent_at", "expires_at", "wrong_at", "passed_at")
        }
        CallerCheck.objects.filter(pk=check.pk).update(**moments)


def test_the_caller_reads_a_code_from_the_mailbox_on_file(person):
    """Only the mailbox gets it; passed, the ledger says so and the reset link is offered. [H-4]"""
    browser = build_desk.looking(person)
    page = browser.send(url("caller", person), {"send": "1", "email": "thief@mail.example"})
    code = code_for(person)
    assert code not in page.content.decode()
    assert person.email not in page.content.decode()
    assert "r•••@example.org" in build_pages.text_of(page)
    assert not Message.objects.filter(to="thief@mail.example").exists()
    passed = reads(browser, person, f" {code[:3]} {code[3:]} ")
    assert "The caller is who they say" in passed
    assert "Send a reset link" in passed
    assert len(build_desk.entries(person, Deed.CALLER_CHECK_PASSED)) == 1
    assert code not in str(list(Entry.objects.values_list("why", "about")))
    assert Message.objects.get(kind="caller_code").is_secret


def test_before_a_passed_check_no_reset_link_is_sent(person):
    """By page or by forged form. [H-4]"""
    browser = build_desk.looking(person)
    assert "Check the caller" in build_pages.text_of(browser.open(url("reset-link", person)))
    page = build_pages.text_of(browser.send(url("reset-link", person), {"reason": REASON}))
    assert "First check the caller" in page
    assert not ResetLink.objects.exists()


def test_a_passed_check_is_for_this_person_and_this_desk_member_and_ten_minutes(person):
    """Nobody else's call is checked by it. [H-4]"""
    member, other = build_desk.tier(1), build_desk.caller()
    browser = build_desk.looking(person, member)
    build_desk.checks(browser, person)
    colleague = build_desk.looking(person)
    assert "First check the caller" in build_pages.text_of(
        colleague.send(url("reset-link", person), {"reason": REASON})
    )
    browser.send(url("person", other), {"reason": REASON})
    assert "First check the caller" in build_pages.text_of(
        browser.send(url("reset-link", other), {"reason": REASON})
    )
    turn_back(10)
    assert "First check the caller" in build_pages.text_of(
        browser.send(url("reset-link", person), {"reason": REASON})
    )
    assert not ResetLink.objects.exists()


def test_a_colleague_cannot_use_the_code_that_waits_for_me(person):
    """A code is read to the desk member who sent it. [H-4]"""
    asks(build_desk.looking(person), person)
    assert "No code waits" in reads(build_desk.looking(person), person, code_for(person))


def test_three_wrong_codes_stop_the_checks_for_an_hour_and_tell_the_holder(person):
    """On the ledger each; the right code comes too late, a colleague is stopped too. [H-4]"""
    browser = build_desk.looking(person)
    asks(browser, person)
    code = code_for(person)
    assert "Tries left: 2" in reads(browser, person, wrong(code))
    assert "Tries left: 1" in reads(browser, person, wrong(code))
    assert "Nobody can check this caller again before" in reads(browser, person, wrong(code))
    for page in (
        reads(browser, person, code),
        asks(browser, person),
        asks(build_desk.looking(person), person),
    ):
        assert "Nobody can check this caller again before" in page
    failed = build_desk.entries(person, Deed.CALLER_CHECK_FAILED)
    assert [entry.outcome for entry in failed] == ["failed"] * 3
    assert len(build_accounts.mails_to(person.email, "caller_check_failed")) == 1
    assert not build_desk.entries(person, Deed.CALLER_CHECK_PASSED)
    turn_back(60)
    asks(browser, person)
    assert "The caller is who they say" in reads(browser, person, code_for(person))


def test_wrong_codes_count_over_codes_and_desk_members(person):
    """A new code buys no new tries. [H-4, AX06]"""
    for _ in range(2):
        browser = build_desk.looking(person)
        asks(browser, person)
        reads(browser, person, wrong(code_for(person)))
        CallerCheck.objects.update(sent_at=clock.now() - timedelta(minutes=1))
    third = build_desk.looking(person)
    asks(third, person)
    assert "Nobody can check this caller again before" in reads(third, person, wrong(code_for(person)))


def test_a_code_is_good_once_for_its_life_and_replaced_by_the_next(person):
    """Replay, age, an older code. [H-4, AX08]"""
    browser = build_desk.looking(person)
    asks(browser, person)
    first = code_for(person)
    CallerCheck.objects.update(sent_at=clock.now() - timedelta(minutes=1))
    asks(browser, person)
    if first != code_for(person):
        assert "Tries left" in reads(browser, person, first)
    reads(browser, person, code_for(person))
    assert "No code waits" in reads(browser, person, code_for(person))
    CallerCheck.objects.update(sent_at=clock.now() - timedelta(minutes=2))
    asks(browser, person)
    turn_back(31)
    assert "No code waits" in reads(browser, person, code_for(person))


def test_codes_are_sent_at_most_every_half_minute_and_five_an_hour(person):
    """All desk members together. [H-4]"""
    browser = build_desk.looking(person)
    asks(browser, person)
    assert "sent a moment ago" in asks(browser, person)
    for _ in range(4):
        CallerCheck.objects.update(sent_at=clock.now() - timedelta(minutes=1))
        asks(browser, person)
    CallerCheck.objects.update(sent_at=clock.now() - timedelta(minutes=1))
    assert "5 codes were sent within the hour" in asks(build_desk.looking(person), person)
    assert len(build_accounts.mails_to(person.email, "caller_code")) == 5


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\x00"])
def test_what_is_no_code_costs_no_try(person, code):
    """Said at the field. [H-4]"""
    browser = build_desk.looking(person)
    asks(browser, person)
    assert "There is a problem" in reads(browser, person, code)
    assert CallerCheck.objects.get().wrong == 0


def test_the_reset_link_goes_to_the_holder_and_staff_never_see_it(person):
    """To the mailbox on file; not on the page, not on the ledger; its digest alone is kept. [H-3, H-4]"""
    browser = build_desk.looking(person)
    build_desk.checks(browser, person)
    response = browser.send(url("reset-link", person), {"reason": REASON, "email": "thief@mail.example"})
    path = build_desk.link_for(person)
    token = path.split("/")[2]
    assert "on its way to the e-mail address on file" in build_pages.text_of(response)
    assert token not in response.content.decode()
    assert token not in str(list(Entry.objects.values_list("why", "about", "subject")))
    link = ResetLink.objects.get()
    assert token.encode() not in bytes(link.token_digest)
    assert Message.objects.get(kind="reset_link").is_secret
    assert not Message.objects.filter(to="thief@mail.example").exists()
    [entry] = build_desk.entries(person, Deed.RESET_LINK_SENT)
    assert entry.why == REASON


def test_the_same_form_sends_one_reset_link_and_a_new_one_voids_it(person):
    """Idempotent; one link is good at a time. [N-1, P-7]"""
    browser = build_desk.looking(person)
    build_desk.checks(browser, person)
    form = {"reason": REASON, "once": str(uuid4())}
    for _ in range(2):
        browser.send(url("reset-link", person), form)
    assert ResetLink.objects.count() == 1
    browser.send(url("reset-link", person), {"reason": REASON})
    assert sorted(ResetLink.objects.values_list("state", flat=True)) == ["live", "void"]
    for _ in range(3):
        browser.send(url("reset-link", person), {"reason": REASON})
    page = build_pages.text_of(browser.send(url("reset-link", person), {"reason": REASON}))
    assert "5 times within the hour" in page
    assert ResetLink.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_codes_at_once_three_are_compared(person):
    """Guessing in parallel buys nothing: exactly three failures, and the right code is too late. [H-4, AX06]"""
    desk = build_desk.tier(1)
    presence = Presence(SignInStrength(ACR_MFA, is_limited=False, desk_level=ACR_MFA), clock.now())

    def work() -> actions.Deskwork:
        return actions.Deskwork(desk, person, presence, once=uuid4())

    actions.send_caller_code(work=work(), by=By(str(desk.pk)), now=clock.now())
    code = code_for(person)

    def guess(number: int) -> str:
        try:
            guessed = f"{(int(code) + number) % 1_000_000:06}"
            actions.check_caller(work=work(), number=guessed, by=By(str(desk.pk)), now=clock.now())
        except Refused as refused:
            return refused.code.value
        except Busy:
            return "busy"
        finally:
            connections.close_all()
        return "passed"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(1, 13)))
    assert "passed" not in answers
    assert len(build_desk.entries(person, Deed.CALLER_CHECK_FAILED)) == 3
    assert guess(0) == "desk_caller_checks_too_many"
