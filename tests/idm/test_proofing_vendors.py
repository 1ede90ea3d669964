"""Every adapter keeps the port's contract; the HTTP adapter keeps it with the real bureau, and with a hostile vendor."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.program import clock
from bailiwick.ground.program.breaker import Breaker
from bailiwick.idm.proofing.queries import is_proofed, standing
from bailiwick.idm.proofing.vendors.absent import AbsentVendor
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.proofing import Call, NotVerified, Place, Unavailable, Verified
from tests.idm.build_bureau import KEY_ID, SECRET, agent_marks, question_about, running_bureau
from tests.idm.build_proofing import asks, holder

pytestmark = pytest.mark.slow  # a real bureau is started, and some of its people take their time

OUTCOMES = (Verified, Call, NotVerified, Unavailable)
PATIENT = {"failures": 1000}


@pytest.fixture(scope="module")
def bureau():
    with running_bureau() as address:
        yield address


@pytest.fixture
def http(bureau):
    return HttpVendor(url=bureau, key_id=KEY_ID, secret=SECRET, breaker=Breaker(**PATIENT))


@pytest.fixture(params=["http", "scripted", "absent"])
def adapter(request):
    if request.param == "http":
        return request.getfixturevalue("http")
    if request.param == "scripted":
        return ScriptedVendor(Verified(), NotVerified(), Unavailable())
    return AbsentVendor()


def ask(adapter, listed, /, **changes):
    return adapter.verify(question_about(listed, now=clock.now(), **changes))


# --- The contract of the port -------------------------------------------------------------------


@pytest.mark.parametrize(
    "last_name", ["Quillfeather", "Hollowbrook", "Nettlewick", "Darkwater", "Garblewood", "Doublespeak"]
)
def test_every_adapter_answers_within_the_closed_set(adapter, last_name):
    """Whoever is asked about, and whatever state the vendor is in. [V-3]"""
    assert isinstance(ask(adapter, last_name), OUTCOMES)


def test_every_adapter_answers_one_request_id_once(adapter):
    """The same question under the same id gets the same answer, also after others were asked. [V-6]"""
    question = question_about("Willowmere", now=clock.now())
    first = adapter.verify(question)
    ask(adapter, "Quillfeather")
    assert adapter.verify(question) == first


def test_every_adapter_shows_no_secret_and_no_person(adapter):
    """Neither the adapter nor a question gives away anything when printed. [A-3]"""
    question = question_about("Quillfeather", now=clock.now())
    adapter.verify(question)
    shown = repr(adapter) + repr(question)
    for secret in (SECRET, question.ssn, question.last_name, question.phone):
        assert secret not in shown


def test_every_adapter_says_whether_it_is_away_without_asking_anybody(adapter):
    """A page can say so before anybody presses; asking that uses nothing up. [V-3]"""
    assert adapter.is_away is isinstance(adapter, AbsentVendor)


def test_an_adapter_that_is_away_says_so_until_it_answers_again():
    """While the breaker is open, and no longer. [V-6]"""
    ticks = [0.0]
    breaker = Breaker(failures=2, rest=30.0, ticks=lambda: ticks[0])
    gone = HttpVendor(url="http://127.0.0.1:9", key_id=KEY_ID, secret=SECRET, breaker=breaker, pauses=())
    seen = [gone.is_away]
    for _ in range(2):
        ask(gone, "Quillfeather")
        seen.append(gone.is_away)
    ticks[0] = 31.0
    assert [*seen, gone.is_away] == [False, False, True, False]


# --- The HTTP adapter with the real bureau --------------------------------------------------------


@pytest.mark.parametrize(
    ("last_name", "outcome"),
    [
        ("Quillfeather", Verified),
        ("O'Marrow-Fenn", Verified),
        ("Hollowbrook", Call),
        ("Willowmere", Call),
        ("Nettlewick", Call),
        ("Slowcombe", Verified),
        ("Wavering", Verified),
        ("Darkwater", Unavailable),
        ("Garblewood", Unavailable),
        ("Doublespeak", Unavailable),
    ],
)
def test_each_part_of_the_play_is_read(http, last_name, outcome):
    """Verified, call, never, slow, flapping, down and malformed, over real HTTP. [V-6]"""
    assert isinstance(ask(http, last_name), outcome)


def test_a_vendor_that_hangs_is_unavailable_in_bounded_time(http):
    """The page does not wait longer than the adapter's limit. [V-6]"""
    begun = clock.now()
    assert isinstance(ask(http, "Standstill"), Unavailable)
    assert clock.now() - begun < timedelta(seconds=13)


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": "Avril"},
        {"ssn": "900100009"},
        {"last_name": "Quill"},
        {"phone": "2025550199", "ssn": "900991234"},
    ],
)
def test_every_mismatch_reads_alike(http, change):
    """Which fact did not match is not told: each gets a call with a fresh reference. [V-3]"""
    outcome = ask(http, "Quillfeather", **change)
    assert isinstance(outcome, Call)
    assert outcome.call_number == "202-555-0143"


def test_after_the_agent_cleared_it_the_reference_verifies(http, bureau):
    """Before the call it is still a call, with the same reference; afterwards verified, once. [V-4]"""
    outcome = ask(http, "Willowmere", first_name="Fran")
    again = ask(http, "Willowmere", first_name="Fran", reference=outcome.reference)
    assert again == outcome
    agent_marks(bureau, outcome.reference, cleared=True)
    assert isinstance(ask(http, "Willowmere", first_name="Fran", reference=outcome.reference), Verified)
    assert isinstance(ask(http, "Willowmere", first_name="Fran", reference=outcome.reference), NotVerified)


def test_a_reference_is_bound_to_the_person(http, bureau):
    """Somebody else's cleared reference verifies nobody. [V-4]"""
    theirs = ask(http, "Willowmere", first_name="Francesca")
    agent_marks(bureau, theirs.reference, cleared=True)
    assert isinstance(ask(http, "Hollowbrook", reference=theirs.reference), NotVerified)
    assert isinstance(ask(http, "Willowmere", first_name="Fran", reference=theirs.reference), NotVerified)


def test_not_cleared_is_not_verified(http, bureau):
    """The agent's other button. [V-5]"""
    outcome = ask(http, "Willowmere", first_name="Franka")
    agent_marks(bureau, outcome.reference, cleared=False)
    assert isinstance(ask(http, "Willowmere", first_name="Franka", reference=outcome.reference), NotVerified)


def test_who_never_is_verified_is_not_after_the_call_either(http, bureau):
    """Even when the agent cleared it. [V-5]"""
    outcome = ask(http, "Nettlewick")
    agent_marks(bureau, outcome.reference, cleared=True)
    assert isinstance(ask(http, "Nettlewick", reference=outcome.reference), NotVerified)


def test_an_issued_ssn_is_not_taken(http):
    """The double refuses numbers that could be somebody's; IDM then has no answer. [V-6]"""
    assert isinstance(ask(http, "Quillfeather", ssn="123456789"), Unavailable)


@pytest.mark.parametrize("wrong", [{"secret": "x" * 40}, {"key_id": "idm-9"}])
def test_a_wrong_key_gets_no_answer(bureau, wrong):
    """Unsigned by a known key, nothing is told. [V-6]"""
    vendor = HttpVendor(**({"url": bureau, "key_id": KEY_ID, "secret": SECRET} | wrong))
    assert isinstance(ask(vendor, "Quillfeather"), Unavailable)


def test_an_old_signature_gets_no_answer(http):
    """A question dated ten minutes back is refused. [V-6]"""
    question = question_about("Quillfeather", now=clock.now() - timedelta(minutes=10))
    assert isinstance(http.verify(question), Unavailable)


def test_one_id_for_two_questions_gets_no_answer(http):
    """An id that belongs to another question is a conflict, never somebody else's answer. [V-6]"""
    question = question_about("Quillfeather", now=clock.now())
    assert isinstance(http.verify(question), Verified)
    assert isinstance(http.verify(replace(question, phone="2025550199")), Unavailable)


def test_a_vendor_that_is_not_there_is_unavailable():
    """Connection refused is an outcome, not an error. [V-6]"""
    vendor = HttpVendor(url="http://127.0.0.1:9", key_id=KEY_ID, secret=SECRET)
    assert isinstance(ask(vendor, "Quillfeather"), Unavailable)


def test_an_open_breaker_asks_nobody(bureau):
    """The outcome is at once unavailable, and nothing is sent. [V-6]"""
    breaker = Breaker(failures=1, rest=3600)
    breaker.report(answered=False)
    vendor = HttpVendor(url=bureau, key_id=KEY_ID, secret=SECRET, breaker=breaker)
    assert isinstance(ask(vendor, "Quillfeather", request_id=uuid4()), Unavailable)


# --- All of it together -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_person_is_proofed_by_the_real_bureau(settings, http):
    """From the account's facts over HTTP to a verified case. [V-3, V-6]"""
    settings.PROOFING_VENDOR = http
    now = clock.now()
    ada = holder(now)
    assert isinstance(asks(ada, now=now), Verified)
    assert is_proofed(ada)


@pytest.mark.django_db(transaction=True)
def test_a_call_to_the_real_bureau_ends_verified(settings, http, bureau):
    """Call, agent, back with the reference: verified, and nothing was typed again. [V-4]"""
    settings.PROOFING_VENDOR = http
    now = clock.now()
    ada = holder(now, first="Unlisted", ssn="900999998")
    told = asks(ada, now=now)
    assert isinstance(told, Call)
    assert standing(ada, now=now).place is Place.CALL
    agent_marks(bureau, told.reference, cleared=True)
    assert isinstance(asks(ada, now=clock.now(), by_reference=True), Verified)
    assert is_proofed(ada)
