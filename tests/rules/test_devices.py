"""What devices are called, where they are, and how long "this was not me" is heard. [S-7, S-9]"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules import devices as rules
from bailiwick.idm.rules.devices import (
    FREEZE_STEPS,
    FreezeEvent,
    FreezeState,
    LinkFacts,
    Refusal,
    cookie_with,
    device_words,
    is_news,
    may_disown,
    network_prefix,
    secrets_in,
)
from bailiwick.idm.sessions.places import Places, PlacesFileError, places_from

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
SECRET = "A" * 43


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604.1", "Chrome, iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28 Chrome/130 Safari/537.36",
            "Samsung Internet, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_what_people_call_it(agent, words):
    """Browser and system. [S-7]"""
    assert device_words(agent) == words


@given(st.text(max_size=2000))
def test_any_agent_has_words_that_fit(agent):
    """Only words of ours are ever shown. [S-7, AX03]"""
    known = {name for _sign, name in rules.BROWSERS + rules.SYSTEMS} | {""}
    assert set(device_words(agent).split(", ")) <= known


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("a", ""),
        ("192.0.2.77, 10.0.0.1", ""),
    ],
)
def test_a_place_is_a_network_at_least(address, prefix):
    """Never the whole address. [S-7]"""
    assert network_prefix(address) == prefix
    assert Places().of(address) == prefix


def test_the_most_exact_network_names_the_place(tmp_path):
    """By the operator's file alone. [S-7]"""
    path = tmp_path / "places.csv"
    path.write_text("# ours\n\n192.0.0.0/16, Florida\n192.0.2.0/24, Orlando, FL\n2001:db8::/32, Abroad\n")
    places = places_from(path)
    assert places.of("192.0.2.9") == "Orlando, FL"
    assert places.of("192.0.3.9") == "Florida"
    assert places.of("2001:db8::1") == "Abroad"
    assert places.of("198.51.100.1") == "198.51.100.0/24"


@pytest.mark.parametrize(
    "line", ["192.0.2.0/24", "192.0.2.1/24, X", "nonsense, X", "192.0.2.0/24, " + "x" * 81]
)
def test_a_wrong_line_stops_the_start_by_number(tmp_path, line):
    """A file that is half understood would be half wrong. [S-7]"""
    path = tmp_path / "places.csv"
    path.write_text(f"# first\n{line}\n")
    with pytest.raises(PlacesFileError, match="Line 2"):
        places_from(path)


def test_a_link_is_heard_once_for_its_life():
    """Unknown, used, too old: each its own answer. [S-9]"""
    later = NOW + timedelta(days=10)
    assert may_disown(LinkFacts(later, is_used=False), now=NOW)
    assert may_disown(LinkFacts(later, is_used=False), now=later).because is Refusal.DISOWNING_LINK_EXPIRED
    assert may_disown(LinkFacts(later, is_used=True), now=NOW).because is Refusal.DISOWNING_LINK_USED
    assert may_disown(None, now=NOW).because is Refusal.DISOWNING_LINK_UNKNOWN


def test_only_a_recovery_leads_out_of_a_freeze():
    """No other event does. [S-9]"""
    assert FREEZE_STEPS[FreezeState.FROZEN] == {FreezeEvent.RECOVER: FreezeState.OPEN}


def test_a_cookie_holds_six_devices_at_most():
    """The oldest goes. [S-9]"""
    full = ".".join(chr(ord("A") + number) * 43 for number in range(9))
    known = secrets_in(full)
    assert len(known) == 6
    assert secrets_in(cookie_with(SECRET[:-1] + "z", known))[1:] == known[:5]


@given(st.text(max_size=400))
def test_a_cookie_gives_only_well_formed_secrets(cookie):
    """Whatever it holds. [S-9, AX03]"""
    assert all(rules.COOKIE.fullmatch(secret) for secret in secrets_in(cookie))


def test_the_first_sign_in_of_an_account_is_no_news():
    """Any later one from a new device is. [S-9]"""
    assert not is_news(first_signed_in_at=None, begun_at=NOW)
    assert not is_news(first_signed_in_at=NOW, begun_at=NOW)
    assert is_news(first_signed_in_at=NOW - timedelta(seconds=1), begun_at=NOW)
