"""Which vendor the environment names, and the breaker that spares people its time-outs."""

import pytest

from bailiwick.ground.program import clock
from bailiwick.ground.program.breaker import Breaker
from bailiwick.idm.proofing.vendors import vendor_at
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.rules.proofing import Unavailable
from tests.idm.build_bureau import SECRET, question_about


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
    absent = vendor_at(url="", key="", development=False)
    assert isinstance(absent.verify(question_about("Quillfeather", now=clock.now())), Unavailable)


@pytest.mark.parametrize("key", [f"idm-1:{SECRET}", SECRET])
def test_a_key_may_come_with_its_id_or_alone(key):
    """One secret needs no id; two during a change need theirs. [V-6]"""
    assert isinstance(vendor_at(url="https://vendor.example", key=key, development=False), HttpVendor)


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
