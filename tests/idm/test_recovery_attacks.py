"""The known attacks on sign-in and recovery, through the pages (AX01, AX02, AX06, AX22, AX26)."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, hashing
from bailiwick.idm.signin.models import Password, Recovery
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts as build
from tests.idm import build_desk, build_pages
from tests.idm import build_recovery as recovery

pytestmark = pytest.mark.django_db
SETTING = {"answer": build.ANSWER, "new": recovery.NEW, "again": recovery.NEW}


@pytest.fixture
def robin():
    return build.account(first="Noor", last="Ashgrove")


def has_password(holder, password: str) -> bool:
    return hashing.is_right(password, Password.objects.get(pk=holder.pk).encoded)


def refusals() -> list[str]:
    rows = Entry.objects.filter(deed=Deed.RECOVERY_REFUSED).order_by("pk")
    return list(rows.values_list("why", flat=True))


def ladder() -> str:
    return str(Recovery.objects.order_by("begun_at").last().pk)


def step(client: Client, name: str, holder, *, knows_code: bool):
    """One step as a script sends it, whether or not it is its turn."""
    mark = {"ladder": ladder() if Recovery.objects.exists() else "x"}
    if name == "begin":
        return recovery.begins(client, holder.user_id)
    if name == "way":
        return client.post("/forgot-password/way/", mark | {"channel": "email"})
    if name == "code":
        code = recovery.code_for(holder.email) if knows_code else "000000"
        return client.post("/forgot-password/code/", mark | {"code": code})
    return client.post("/forgot-password/new/", mark | SETTING)


@pytest.mark.parametrize("order", list(permutations(("begin", "way", "code", "new"))), ids="-".join)
def test_no_order_of_steps_but_the_right_one_sets_a_password(robin, order):
    """Every permutation, without ever opening the mail: refused, unchanged, on the ledger. [P-7]"""
    client = Client()
    for name in order:
        step(client, name, robin, knows_code=False)
    assert has_password(robin, build.PASSWORD)
    assert refusals()
    assert not Session.objects.exists()


def test_the_new_password_without_the_code_is_refused_on_every_state(client: Client, robin):
    """Not begun, begun, code sent, another way chosen after the proof, done. [P-7]"""
    assert client.post("/forgot-password/new/", SETTING | {"ladder": "x"}).status_code == 403
    recovery.begins(client, robin.user_id)
    form = SETTING | {"ladder": ladder()}
    assert client.post("/forgot-password/new/", form).status_code == 403
    recovery.chooses(client)
    assert client.post("/forgot-password/new/", form).status_code == 403
    recovery.types_code(client, recovery.code_for(robin.email))
    client.post("/forgot-password/way/", {"ladder": ladder(), "channel": "sms"})
    assert client.post("/forgot-password/new/", form).status_code == 403
    assert has_password(robin, build.PASSWORD)
    assert refusals() == ["recovery_not_begun", *["recovery_out_of_turn"] * 3]


def test_a_look_goes_to_where_the_browser_is(client: Client, robin):
    """Back button, bookmarks, typed addresses: GET and HEAD change nothing and skip nothing. [P-7]"""
    for path in recovery.PATHS["password"][1:]:
        assert client.get(path)["Location"] == "/forgot-password/"
    recovery.begins(client, robin.user_id)
    assert client.get("/forgot-password/new/")["Location"] == "/forgot-password/way/"
    recovery.chooses(client)
    assert client.get("/forgot-password/new/")["Location"] == "/forgot-password/code/"
    recovery.types_code(client, recovery.code_for(robin.email))
    for method in (client.get, client.head):
        assert method("/forgot-password/code/")["Location"] == "/forgot-password/new/"
        assert method("/forgot-password/new/").status_code == 200
    assert Recovery.objects.get().state == "proved"


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "1"}, {"code": ["1", "2"]}])
def test_an_empty_or_broken_step_never_advances(client: Client, robin, body):
    """Nor does another content type. [S-1, P-7]"""
    recovery.begins(client, robin.user_id)
    recovery.chooses(client)
    mark = {"ladder": ladder()}
    assert client.post("/forgot-password/code/", mark | body).status_code in {200, 403}
    assert (
        client.post("/forgot-password/code/", data="{}", content_type="application/json").status_code == 403
    )
    assert Recovery.objects.get().state == "sent"
    assert has_password(robin, build.PASSWORD)


def test_another_browser_is_on_no_ladder(client: Client, robin):
    """The code in the wrong browser, with the right form: refused. [P-7]"""
    recovery.begins(client, robin.user_id)
    recovery.chooses(client)
    thief = Client()
    code = recovery.code_for(robin.email)
    assert thief.post("/forgot-password/code/", {"ladder": ladder(), "code": code}).status_code == 403
    recovery.types_code(client, code)
    assert thief.post("/forgot-password/new/", SETTING | {"ladder": ladder()}).status_code == 403
    assert has_password(robin, build.PASSWORD)


def test_two_people_in_one_browser_do_not_mix(client: Client, robin):
    """A page made for one ladder sets nothing on the other that was begun in the next tab. [P-7]"""
    other = build.account()
    recovery.proves(client, robin)
    first = ladder()
    recovery.proves(client, other)
    answer = client.post("/forgot-password/new/", SETTING | {"ladder": first})
    assert (answer.status_code, answer["X-Refusal"]) == (403, "recovery_other_window")
    assert has_password(robin, build.PASSWORD)
    assert has_password(other, build.PASSWORD)


def test_what_was_sent_for_one_thing_opens_nothing_else(client: Client, robin):
    """Codes and tokens of sign-in, unlock, recovery, reset link and factor reset, each at the others' doors. [P-7, S-2]"""
    build.give_password(client, robin)
    client.post("/sign-in/verify/", {"send": "email"})
    sign_in_code = build.code_sent_to(robin.email)
    thief = Client()
    recovery.begins(thief, robin.user_id)
    recovery.chooses(thief)
    recovery_code = recovery.code_for(robin.email)
    if sign_in_code != recovery_code:
        assert recovery.types_code(thief, sign_in_code).status_code == 200
        client.post("/sign-in/verify/", {"factor": "email", "code": recovery_code})
        assert Session.objects.get().stage == "password"
    recovery.types_code(thief, recovery_code)
    assert thief.post("/unlock/answer/", {"ladder": ladder(), "answer": build.ANSWER}).status_code == 403
    actions.send_reset_link(account=robin, why="Call", by=build.VISITOR, now=clock.now())
    token = build_desk.link_for(robin).split("/")[2]
    assert Client().post(f"/factor-reset/{token}/").status_code == 404
    stranger = Client()
    stranger.cookies["idm_session_recovery"] = token
    assert stranger.post("/forgot-password/new/", SETTING | {"ladder": ladder()}).status_code == 403
    cookie = thief.cookies["idm_session_recovery"].value
    assert Client().post(f"/reset-password/{cookie}/", SETTING).status_code == 404
    assert has_password(robin, build.PASSWORD)


def test_no_row_holds_a_password_or_a_code(client: Client, robin):
    """Not on the ladder, not on the ledger. [L-1, AX26]"""
    recovery.begins(client, robin.user_id)
    recovery.chooses(client)
    code = recovery.code_for(robin.email)
    recovery.types_code(client, code)
    recovery.finishes(client)
    kept = str(list(Recovery.objects.values())) + str(list(Entry.objects.values("about", "why")))
    for secret in (code, recovery.NEW, build.ANSWER, robin.email, robin.user_id):
        assert secret not in kept


def seen(answer) -> tuple:
    """All that somebody outside sees of an answer, without what is random."""
    page = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())
    names = {
        name: (morsel["max-age"], morsel["httponly"], len(morsel.value))
        for name, morsel in answer.cookies.items()
    }
    return answer.status_code, answer.get("Location", ""), page, len(page), sorted(names.items())


def walk(user_id: str, known: str, goal: str) -> list[tuple]:
    """The whole ladder as far as anybody gets without a mailbox; statements and hashes of each step counted."""
    client, steps = Client(), []
    paths = recovery.PATHS[goal]
    requests = [
        lambda: recovery.begins(client, user_id, goal),
        *(lambda way=way: recovery.chooses(client, way, goal) for way in ("email", "sms", "voice")),
        *(lambda: recovery.types_code(client, "000000", goal) for _ in range(4)),
        lambda: client.post(paths[3], SETTING | {"ladder": recovery.ladder_on(client, paths[2])}),
    ]
    for request in requests:
        hashes = []
        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as statements:
            real = hashing.is_right
            patch.setattr(
                hashing, "is_right", lambda *a, real=real, hashes=hashes: hashes.append(1) or real(*a)
            )
            answer = request()
        steps.append((seen(answer), len(statements), len(hashes), known))
    return steps


@pytest.mark.parametrize("goal", ["password", "unlock"])
def test_the_way_back_in_does_not_tell_whether_a_user_id_exists(robin, goal):
    """Text, status, length, cookies, statements and hashes of every step are the same. [P-7, P-8]"""
    there, nowhere = walk(robin.user_id, "", goal), walk("nobody.is.here", "", goal)
    for known, unknown in zip(there, nowhere, strict=True):
        assert known[0] == unknown[0]
        assert known[2] == unknown[2] == 0
        # The try that locks a path writes a message that is taken back: one statement apart.
        assert abs(known[1] - unknown[1]) <= 1, (known[0][:2], known[1], unknown[1])


def test_forgot_user_id_does_not_tell_whether_anybody_fits(robin):
    """The same page, status, length, cookies and number of statements. [P-8]"""
    from bailiwick.idm.accounts.queries import personal_facts

    facts, outcomes = personal_facts(robin), []
    form = {
        "last": "Ashgrove",
        "birth_date_month": str(facts.birth_date.month),
        "birth_date_day": str(facts.birth_date.day),
        "birth_date_year": str(facts.birth_date.year),
        "email": facts.email,
        "zip_code": "32801",
    }
    for first in ("Noor", "Nora"):
        with CaptureQueriesContext(connection) as statements:
            answer = Client().post("/forgot-user-id/", form | {"first": first})
        outcomes.append((seen(answer), len(statements)))
    assert outcomes[0] == outcomes[1]


@pytest.mark.django_db(transaction=True)
def test_guesses_over_all_doors_and_spellings_are_evaluated_up_to_the_limit(monkeypatch):
    """Hundreds of simultaneous passwords: three are looked at, and the right one is refused afterwards. [S-5, AX06]"""
    robin = build.account(now=clock.now())
    looked_at, real = [], hashing.is_right
    monkeypatch.setattr(hashing, "is_right", lambda *args: looked_at.append(1) or real(*args))
    monkeypatch.setattr(hashing, "WAITING_AT_MOST", 100)
    spellings = (robin.user_id, robin.user_id.upper(), f" {robin.user_id} ", robin.user_id.title())

    def guess(number: int) -> int:
        form = {"user_id": spellings[number % 4], "password": f"Wrong-Guess-{number:06}", "terms": "on"}
        peer = f"198.51.100.{number % 250}"
        return Client(raise_request_exception=False).post("/", form, REMOTE_ADDR=peer).status_code

    assert set(at_once(guess, range(120))) <= {200, 503}
    assert len(looked_at) == 3
    assert password_path(robin, now=clock.now()).state is PathState.SUSPENDED
    assert build.give_password(Client(), robin).status_code == 200
    assert len(looked_at) == 3


@pytest.mark.django_db(transaction=True)
def test_codes_and_answers_at_once_are_evaluated_up_to_the_limit(monkeypatch):
    """Many browsers, one person: six wrong codes or answers in all, whatever was sent. [S-5, P-10, AX06]"""
    robin = build.account(now=clock.now())
    client = Client()
    recovery.proves(client, robin)
    cookie, mark = client.cookies["idm_session_recovery"].value, ladder()
    looked_at, real = [], hashing.is_right
    monkeypatch.setattr(hashing, "is_right", lambda *args: looked_at.append(1) or real(*args))
    monkeypatch.setattr(hashing, "WAITING_AT_MOST", 100)

    def answer(number: int) -> int:
        browser = Client(raise_request_exception=False)
        browser.cookies["idm_session_recovery"] = cookie
        form = SETTING | {"ladder": mark, "answer": f"guess {number}"}
        return browser.post("/forgot-password/new/", form).status_code

    assert set(at_once(answer, range(40))) <= {200, 403}
    assert len(looked_at) <= 3
    assert Recovery.objects.get().state == "void"
    assert has_password(robin, build.PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_many_finishes_at_once_one_sets_the_password():
    """Two tabs at the same instant. [P-7]"""
    robin = build.account(now=clock.now())
    client = Client()
    recovery.proves(client, robin)
    cookie, mark = client.cookies["idm_session_recovery"].value, ladder()

    def finish(number: int) -> int:
        browser = Client(raise_request_exception=False)
        browser.cookies["idm_session_recovery"] = cookie
        new = f"{recovery.NEW}{number}"
        form = {"ladder": mark, "answer": build.ANSWER, "new": new, "again": new}
        return browser.post("/forgot-password/new/", form).status_code

    outcomes = at_once(finish, range(5))
    assert outcomes.count(302) == 1
    assert len(build_desk.entries(robin, Deed.PASSWORD_RESET)) == 1


@pytest.mark.django_db(transaction=True)
def test_no_half_session_begins_after_all_were_ended(monkeypatch):
    """The password is reset while a sign-in with the old one is between hash and session. [S-7, P-7]"""
    robin = build.account(now=clock.now())
    client = Client()
    recovery.proves(client, robin)
    real = actions.passwords.queries.may_begin

    def slowly(held, *, now):
        recovery.finishes(client)
        return real(held, now=now)

    monkeypatch.setattr(actions.passwords.queries, "may_begin", slowly)
    assert build.give_password(Client(), robin).status_code == 200
    assert not Session.objects.filter(account=robin, ended_at=None).exists()


def test_other_ways_in_go_on_while_the_path_is_suspended(client: Client, robin):
    """Open sessions stay, and the ladder works. [S-5]"""
    browser = build_pages.browser(robin)
    build_desk.locks(robin, failures=6)
    assert browser.client.get("/home/").status_code == 200
    assert recovery.proves(client, robin)["Location"] == "/forgot-password/new/"


def at_once(work, items) -> list:
    def closing(item):
        try:
            return work(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=12) as pool:
        return list(pool.map(closing, items))
