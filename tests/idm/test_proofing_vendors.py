"""Every adapter keeps the port's contract; the HTTP adapter keeps it with the real bureau, and with a hostile vendor."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.program import clock
from bailiwick.idm.proofing.vendors import vendor_at
from bailiwick.idm.proofing.vendors.absent import AbsentVendor
from bailiwick.idm.proofing.vendors.breaker import Breaker
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.proofing import Call, NotVerified, Unavailable, Verified
from tests.idm.build_bureau import KEY_ID, SECRET, agent_marks, question_about, running_bureau

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
    "last_name", ["Quillfeather", "Hollowbrook", "Nettlewick", "Darkwater", "Garblewood"]
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
    ],
)
def test_each_part_of_the_play_is_read(http, last_name, outcome):
    """Verified, call, never, slow, flapping, down and malformed, over real HTTP. [V-6]"""
    assert isinstance(ask(http, last_name), outcome)


@pytest.mark.slow
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


# --- Choosing the adapter ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key", "development"),
    [
        ("http://vendor.example", f"idm-1:{SECRET}", False),
        ("ftp://vendor.example", f"idm-1:{SECRET}", True),
        ("https://user@vendor.example", f"idm-1:{SECRET}", False),
        ("https://vendor.example/?a=b", f"idm-1:{SECRET}", False),
        ("https://vendor.example", "idm-1:short", False),
        ("https://vendor.example", "", False),
    ],
)
def test_an_unsafe_vendor_stops_the_start(url, key, development):
    """Personal facts travel over TLS, signed by a long secret, to an address without surprises. [V-6]"""
    with pytest.raises(ValueError, match="BUREAU_"):
        vendor_at(url=url, key=key, development=development)


def test_without_an_address_there_is_no_vendor():
    """Then everybody is told that online verification is unavailable. [V-3]"""
    assert isinstance(ask(vendor_at(url="", key="", development=False), "Quillfeather"), Unavailable)


@pytest.mark.parametrize("key", [f"idm-1:{SECRET}", SECRET])
def test_a_key_may_come_with_its_id_or_alone(key):
    """One secret needs no id; two during a change need theirs. [V-6]"""
    assert isinstance(vendor_at(url="https://vendor.example", key=key, development=False), HttpVendor)


# --- The circuit breaker ------------------------------------------------------------------------------


class Ticks:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_the_breaker_opens_after_failures_in_a_row():
    """While the vendor is down, people do not wait for its time-outs. [V-6]"""
    breaker = Breaker(failures=2, rest=30, ticks=Ticks())
    for _ in range(2):
        assert breaker.lets_through()
        breaker.report(answered=False)
    assert not breaker.lets_through()


def test_an_answer_resets_the_breaker():
    """Only failures in a row count. [V-6]"""
    breaker = Breaker(failures=2, rest=30, ticks=Ticks())
    for answered in (False, True, False):
        breaker.report(answered=answered)
    assert breaker.lets_through()


def test_after_the_rest_one_call_tries():
    """One only, until it reports; a success closes the breaker. [V-6]"""
    ticks = Ticks()
    breaker = Breaker(failures=1, rest=30, ticks=ticks)
    breaker.report(answered=False)
    ticks.now += 31
    assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
    breaker.report(answered=True)
    assert breaker.lets_through()


def test_an_open_breaker_asks_nobody(bureau):
    """The outcome is at once unavailable, and nothing is sent. [V-6]"""
    breaker = Breaker(failures=1, rest=3600)
    breaker.report(answered=False)
    vendor = HttpVendor(url=bureau, key_id=KEY_ID, secret=SECRET, breaker=breaker)
    assert isinstance(ask(vendor, "Quillfeather", request_id=uuid4()), Unavailable)
