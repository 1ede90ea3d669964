"""The page behind a reset link: the holder alone sets a new password, once (P-6, P-7, P-9, P-10, AX01)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Busy, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, hashing
from bailiwick.idm.signin.models import Authenticator, Password, ResetLink
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts, build_desk, build_pages

pytestmark = pytest.mark.django_db

NEW = "Copper-Falcon-Harbor-8"
NEWER = "Violet-Willow-Marble-3"


@pytest.fixture
def person():
    return build_desk.caller(first="Noor", last="Ashgrove")


def sent_to(person: Account) -> str:
    """A reset link is mailed; the path of its page."""
    actions.send_reset_link(account=person, why="Call 4711", by=build_accounts.VISITOR, now=clock.now())
    return build_desk.link_for(person)


def answers(path: str, *, answer: str = build_accounts.ANSWER, new: str = NEW, again: str = "", client=None):
    form = {"answer": answer, "new": new, "again": again or new}
    return (client or Client()).post(path, form, follow=True)


def has_password(person: Account, password: str) -> bool:
    return hashing.is_right(password, Password.objects.get(pk=person.pk).encoded)


def test_the_holder_sets_a_new_password_with_the_security_answer(person):
    """Link, answer, new password; a mail says so, the ledger too. [P-7, P-10]"""
    path = sent_to(person)
    page = Client().get(path)
    assert "What was the name of your first pet?" in build_pages.text_of(page)
    assert "Your password was set" in build_pages.text_of(answers(path, answer="  mAPLE  grove "))
    assert has_password(person, NEW)
    assert len(build_accounts.mails_to(person.email, "password_reset")) == 1
    [entry] = build_desk.entries(person, Deed.PASSWORD_RESET)
    assert entry.actor == str(person.pk)


def test_a_reset_opens_no_session_and_ends_all_there_are(person):
    """At the applications too; the next sign-in takes both steps. [P-7, S-7, O-5]"""
    secret = build_accounts.with_authenticator(person, now=clock.now() - timedelta(minutes=2))
    signed_in = build_pages.browser(person)
    half = Client()
    build_accounts.give_password(half, person)
    browser = Client()
    answers(sent_to(person), client=browser)
    assert settings.SESSION_COOKIE_NAME not in browser.cookies
    assert not Session.objects.filter(account=person, ended_at__isnull=True).exists()
    assert browser.get("/home/")["Location"] == "/"
    assert signed_in.client.get("/home/")["Location"] == "/"
    assert half.get("/sign-in/verify/")["Location"] == "/"
    build_accounts.give_password(browser, person, NEW)
    assert browser.get("/home/")["Location"] == "/sign-in/verify/"
    # The same second step as before: the reset replaced no factor (P-9).
    answer = browser.post("/sign-in/verify/", {"factor": "totp", "code": build_accounts.number_of(secret)})
    assert answer["Location"] == "/home/"


def test_a_reset_replaces_no_factor(person):
    """Recovery never lowers the bar. [P-9]"""
    build_accounts.with_authenticator(person, now=clock.now())
    before = list(Authenticator.objects.values())
    answers(sent_to(person))
    assert list(Authenticator.objects.values()) == before


@pytest.mark.parametrize("failures", [3, 6])
def test_a_reset_is_the_way_out_of_a_locked_path(person, failures):
    """Locked or suspended: the path is open afterwards. [S-5, P-7]"""
    build_desk.locks(person, failures=failures)
    answers(sent_to(person))
    assert password_path(person, now=clock.now()).state is PathState.OPEN
    assert build_accounts.give_password(Client(), person, NEW)["Location"] == "/sign-in/verify/"


def test_a_reset_waits_for_no_day_and_starts_none(person):
    """Once in 24 hours is for changes by the holder. [P-6, P-4]"""
    now = clock.now()
    Password.objects.filter(pk=person.pk).update(changed_by_holder_at=now)
    answers(sent_to(person))
    assert has_password(person, NEW)
    assert Password.objects.get(pk=person.pk).changed_by_holder_at == now


def test_opening_the_link_changes_nothing(person):
    """Mail scanners press links, with GET and HEAD, often. [N-2]"""
    path = sent_to(person)
    for _ in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
    assert ResetLink.objects.get().state == "live"
    assert has_password(person, build_accounts.PASSWORD)


def test_a_used_link_is_refused_in_words(person):
    """Replay, two tabs, another browser. [P-7, AX08]"""
    path = sent_to(person)
    tab = Client()
    tab.get(path)
    answers(path)
    for answer in (answers(path, new=NEWER, client=tab), answers(path, new=NEWER), Client().get(path)):
        assert answer.status_code == 410
        assert "used already" in build_pages.text_of(answer)
    assert has_password(person, NEW)
    assert [entry.why for entry in build_desk.entries(person, Deed.RESET_LINK_REFUSED)] == [
        "reset_link_used"
    ] * 2


def test_an_old_link_is_refused_in_words(person):
    """Sixty minutes. [P-7]"""
    path = sent_to(person)
    assert ResetLink.objects.get().expires_at - clock.now() > timedelta(minutes=59)
    ResetLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    for answer in (Client().get(path), answers(path)):
        assert answer.status_code == 410
        assert "good for 60 minutes" in build_pages.text_of(answer)
    assert has_password(person, build_accounts.PASSWORD)


def test_a_newer_link_voids_the_older(person):
    """One is good at a time. [P-7]"""
    old, new = sent_to(person), sent_to(person)
    assert answers(old).status_code == 410
    assert has_password(person, build_accounts.PASSWORD)
    answers(new)
    assert has_password(person, NEW)


def test_a_password_changed_meanwhile_voids_the_link(person):
    """What the holder did since stands. [P-7, AX10]"""
    path = sent_to(person)
    build_accounts.with_authenticator(person, now=clock.now())
    session = Session.objects.filter(account=person).latest("created_at")
    actions.change_password(
        session=session,
        current=build_accounts.PASSWORD,
        new=NEWER,
        by=build_accounts.VISITOR,
        now=clock.now(),
    )
    assert answers(path).status_code == 410
    assert has_password(person, NEWER)


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_an_account_that_is_not_active_is_not_reset(person, state):
    """Nothing lifts a staff suspension but staff. [S-9]"""
    path = sent_to(person)
    Account.objects.filter(pk=person.pk).update(state=state)
    for answer in (Client().get(path), answers(path)):
        assert answer.status_code == 410
        assert "not active" in build_pages.text_of(answer)
    assert has_password(person, build_accounts.PASSWORD)


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 500, "done2", "%00", "é", "..%2f"])
def test_without_the_mail_no_password_is_set(person, token):
    """Made-up links, before and while a real one waits: refused, nothing changed, on the ledger. [AX01]"""
    sent_to(person)
    for answer in (Client().get(f"/reset-password/{token}/"), answers(f"/reset-password/{token}/")):
        assert answer.status_code in {400, 404}
    assert has_password(person, build_accounts.PASSWORD)
    assert ResetLink.objects.get().state == "live"


def test_a_made_up_link_leaves_an_entry(person):
    """Somebody tried. [AX01, L-2]"""
    answers(f"/reset-password/{'A' * 43}/")
    assert Entry.objects.get(deed=Deed.RESET_LINK_REFUSED).why == "reset_link_unknown"


def test_the_result_page_alone_does_nothing(person):
    """A later step asked for early is no step done. [AX01, AX02]"""
    sent_to(person)
    assert Client().get("/reset-password/done/").status_code == 200
    assert Client().post("/reset-password/done/", {"new": NEW}).status_code == 405
    assert has_password(person, build_accounts.PASSWORD)


@pytest.mark.parametrize(
    "form",
    [
        {"once": "x"},
        {"answer": build_accounts.ANSWER},
        {"new": NEW, "again": NEW},
        {"answer": build_accounts.ANSWER, "new": NEW},
        {"answer": build_accounts.ANSWER, "new": NEW, "again": NEWER},
        {"answer": "a\x00b", "new": NEW, "again": NEW},
        {"answer": "x" * 200, "new": NEW, "again": NEW},
        {"answer": " abc ", "new": NEW, "again": NEW},
        {"answer": build_accounts.ANSWER, "new": "x" * 5000, "again": "x" * 5000},
    ],
)
def test_an_incomplete_form_sets_nothing_and_costs_no_try(person, form):
    """Said at the field. [R-2, AX02]"""
    answer = Client().post(sent_to(person), form)
    assert build_pages.text_of(answer).startswith("Error: ")
    assert ResetLink.objects.get().tries == 0
    assert has_password(person, build_accounts.PASSWORD)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Short-1", "at least 15"),
        ("no-upper-case-letter-7", "upper-case"),
        ("Noor-Ashgrove-Meadow-7", "first and last name"),
        (build_accounts.PASSWORD, "last 6 passwords"),
    ],
)
def test_a_password_that_the_rules_object_to_is_refused_and_the_link_stays_good(person, new, words):
    """P-1 and P-2 hold here too. [P-1, P-2]"""
    path = sent_to(person)
    assert words in build_pages.text_of(answers(path, new=new))
    link = ResetLink.objects.get()
    assert (link.state, link.tries) == ("live", 0)
    answers(path)
    assert has_password(person, NEW)


def test_whether_a_guess_is_the_password_is_not_told_without_the_answer(person):
    """The link alone is no oracle for the old password. [P-10]"""
    page = build_pages.text_of(answers(sent_to(person), answer="wrong", new=build_accounts.PASSWORD))
    assert "This is not the answer" in page
    assert "passwords. Choose another" not in page


def test_a_typed_answer_is_never_shown_again(person):
    """Nobody sees it, not even whoever looks over the shoulder. [P-10]"""
    page = answers(sent_to(person), answer="my wrong pet").content.decode()
    assert "my wrong pet" not in page
    assert NEW not in page


def test_three_wrong_answers_void_the_link_and_count_as_a_failed_attempt(person):
    """Each on the ledger; the right one comes too late. [P-10, S-5]"""
    path = sent_to(person)
    assert "Tries left with this link: 2" in build_pages.text_of(answers(path, answer="wrong"))
    assert "Tries left with this link: 1" in build_pages.text_of(answers(path, answer="wrong"))
    assert password_path(person, now=clock.now()).failures == 0
    assert answers(path, answer="wrong").status_code == 410
    assert password_path(person, now=clock.now()).failures == 1
    assert answers(path).status_code == 410
    assert has_password(person, build_accounts.PASSWORD)
    assert len(build_desk.entries(person, Deed.SECURITY_ANSWER_FAILED)) == 3


def test_the_link_is_about_its_own_account_whoever_is_signed_in_here(person):
    """Two people in one browser. [AX01, AX09]"""
    other = build_desk.caller()
    browser = build_pages.browser(other)
    answers(sent_to(person), client=browser.client)
    assert has_password(person, NEW)
    assert has_password(other, build_accounts.PASSWORD)
    assert "Welcome" in build_pages.text_of(browser.open("/home/"))


def test_the_page_keeps_its_address_to_itself(person):
    """The token is in it: not stored, not sent along. [P-7]"""
    page = Client().get(sent_to(person))
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "strict-origin"
    assert not re.findall(r'(?:href|src|action)="[^"]*/reset-password/', page.content.decode())
    assert person.user_id not in page.content.decode()


def test_a_forged_form_of_another_site_is_refused(person):
    """The page's own token is asked for. [INV-9]"""
    path = sent_to(person)
    strict = Client(enforce_csrf_checks=True)
    assert answers(path, client=strict).status_code == 403
    assert has_password(person, build_accounts.PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_many_uses_at_once_one_sets_the_password(person):
    """Two tabs at the same instant. [P-7, AX08]"""
    token = sent_to(person).split("/")[2]
    outcomes = at_once(lambda number: (token, build_accounts.ANSWER, f"{NEW}{number}"), range(6))
    assert outcomes.count("set") == 1
    assert has_password(person, f"{NEW}{outcomes.index('set')}")
    assert len(build_desk.entries(person, Deed.PASSWORD_RESET)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_at_once_three_are_looked_at(person):
    """Guessing in parallel buys nothing. [P-10, AX06]"""
    token = sent_to(person).split("/")[2]
    outcomes = at_once(lambda number: (token, f"guess {number}", NEW), range(8))
    assert "set" not in outcomes
    assert ResetLink.objects.get().state == "void"
    assert password_path(person, now=clock.now()).failures == 1
    assert len(build_desk.entries(person, Deed.SECURITY_ANSWER_FAILED)) <= 3


def at_once(what, numbers) -> list[str]:
    def reset(number: int) -> str:
        token, answer, new = what(number)
        try:
            actions.reset_password(
                token=token, answer=answer, new=new, by=build_accounts.VISITOR, now=clock.now()
            )
        except Refused as refused:
            return refused.code.value
        except Busy:
            return "busy"
        finally:
            connections.close_all()
        return "set"

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(reset, numbers))


def test_an_application_hears_that_the_person_is_signed_out(person):
    """Back-channel logout of every application session. [O-5, S-7]"""
    from bailiwick.ground.outbox.models import Message
    from bailiwick.idm.sessions.actions import open_application_session

    build_pages.browser(person)
    session = Session.objects.get(account=person)
    open_application_session(session=session, application="spot", client_id="spot", now=clock.now())
    answers(sent_to(person))
    assert Message.objects.filter(kind="backchannel-logout").count() == 1
