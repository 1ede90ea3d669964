"""Every payer adapter keeps the port's contract; a payer file with a mistake is never half read."""

import pytest

from bailiwick.spot.payers.absent import AbsentPayer
from bailiwick.spot.payers.embedded import SAMPLE, EmbeddedPayer, PayerFileError, providers_in
from bailiwick.spot.payers.port import LineOfBusiness, Match, NoMatch, Numbers, Standing, Unavailable
from bailiwick.spot.payers.vendors import payer_from
from bailiwick.spot.payers.vendors.http import HttpPayer
from tests.spot.build_payers import embedded, find, numbers_of, on_file
from tests.spot.payer_server import KEY_ID, SECRET, PayerServer

OUTCOMES = (Match, NoMatch, Unavailable)
PELICAN, LARKSPUR = on_file("Pelican Cove Dermatology"), on_file("Larkspur Regional Health")

ENTRY = """
[[provider]]
legal_name = "Somewhere Clinic"
ptan = "SW1000"
npi = "1900410006"
tin = "900450199"
line_of_business = "B"
address = "1 Some Street"
city = "Tampa"
state = "FL"
zip = "33602"
contact_mailbox = "office@somewhere.example"
phone = "2025550100"
"""


# --- The contract of the port: a new adapter joins this list --------------------------------------


ANSWERING = ("embedded", "HTTP")


@pytest.fixture(params=[*ANSWERING, "embedded and down", "absent", "HTTP and down"])
def adapter(request, tmp_path, http_payer):
    """An adapter; a new one is asked about the sample file's providers, too."""
    down = tmp_path / "payer-is-down"
    down.touch()
    adapters = {
        "embedded": embedded(down_while=tmp_path / "not-there"),
        "embedded and down": embedded(down_while=down),
        "absent": AbsentPayer(),
        "HTTP": http_payer,
        "HTTP and down": HttpPayer(url="http://127.0.0.1:9", key_id=KEY_ID, secret=SECRET, pauses=()),
    }
    return adapters[request.param]


@pytest.fixture(scope="module")
def http_payer():
    """The HTTP adapter before a payer on a real socket."""
    with PayerServer() as server:
        yield HttpPayer(url=server.url, key_id=KEY_ID, secret=SECRET)


@pytest.mark.parametrize("changes", [{}, {"ptan": ""}, {"npi": "é" * 5000}, {"tin": "0\x00'; --"}])
def test_every_adapter_answers_within_the_closed_set(adapter, changes):
    """Whatever is asked, and whatever state the payer is in: an outcome, never an error. [F-6]"""
    assert isinstance(find(adapter, **numbers_of(PELICAN, **changes)), OUTCOMES)


@pytest.mark.parametrize("changes", [{"ptan": "PC2042"}, {"npi": LARKSPUR.npi}, {"tin": LARKSPUR.tin}])
def test_no_adapter_matches_when_one_of_three_is_wrong(adapter, changes):
    """And the answer is the same, whichever it is. [F-6]"""
    answer = find(adapter, **numbers_of(PELICAN, **changes))
    assert answer in (NoMatch(), Unavailable())


@pytest.mark.parametrize("spelling", [str.lower, " {} ".format, lambda text: "-".join((text[:2], text[2:]))])
def test_every_adapter_reads_numbers_however_they_are_typed(adapter, spelling):
    """Spaces, hyphens and letter case make no difference. [F-6]"""
    typed = {name: spelling(value) for name, value in numbers_of(PELICAN).items()}
    assert find(adapter, **typed) == find(adapter, **numbers_of(PELICAN))


def test_every_adapter_gives_the_same_answer_again(adapter):
    """Asking about others in between changes nothing. [F-6]"""
    first = find(adapter, **numbers_of(PELICAN))
    find(adapter, **numbers_of(LARKSPUR))
    assert find(adapter, **numbers_of(PELICAN)) == first


@pytest.mark.parametrize("adapter", ANSWERING, indirect=True)
def test_every_adapter_answers_many_in_their_order(adapter):
    """A list of a form is one question; what is on file comes back the same from each of them. [F-4, F-6]"""
    asked = [PELICAN, on_file("Tidewater Billing Partners"), LARKSPUR, PELICAN]
    wrong = Numbers(PELICAN.ptan, LARKSPUR.npi, PELICAN.tin)
    found = adapter.find_all([*(Numbers(**numbers_of(one)) for one in asked), wrong])
    assert found == [*(Match(one) for one in asked), NoMatch()]
    assert not adapter.is_away


def test_no_adapter_shows_a_tin_or_a_mailbox_when_printed(adapter):
    """A TIN may be an SSN; what is printed ends in a log. [A-3]"""
    shown = repr(adapter) + repr(find(adapter, **numbers_of(PELICAN)))
    for secret in (PELICAN.tin, PELICAN.contact_mailbox, PELICAN.officials[0].mailbox, PELICAN.phone):
        assert secret not in shown


# --- The embedded adapter ------------------------------------------------------------------------


def test_the_embedded_payer_knows_who_may_sign():
    """A match brings the officials, the mailbox and the phone on file. [F-8]"""
    answer = find(embedded(), **numbers_of(PELICAN))
    assert isinstance(answer, Match)
    assert [(one.name, one.standing) for one in answer.provider.officials] == [
        ("Nora Castellan", Standing.AUTHORIZED),
        ("Ivo Marsh", Standing.DELEGATED),
    ]
    assert answer.provider.contact_mailbox == "office@pelicancove.example"
    assert answer.provider.phone == "2025550171"


def test_one_tin_has_a_ptan_for_each_line_of_business():
    """Part A and Part B are two lines of the file. [F-2]"""
    both = [one for one in providers_in(SAMPLE) if one.tin == LARKSPUR.tin]
    assert {one.line_of_business for one in both} == set(LineOfBusiness)
    assert len({one.ptan for one in both}) == len(both)


def test_a_payer_that_is_down_does_not_say_no(tmp_path):
    """The switch takes it away and brings it back while the program runs. [F-6]"""
    switch = tmp_path / "payer-is-down"
    payer = embedded(down_while=switch)
    switch.touch()
    assert find(payer, **numbers_of(PELICAN)) == Unavailable()
    switch.unlink()
    assert isinstance(find(payer, **numbers_of(PELICAN)), Match)


def test_the_sample_serves_development_only():
    """A deployment without a payer file has no payer, never the fictitious one. [F-6]"""
    assert find(payer_from(None, development=False), **numbers_of(PELICAN)) == Unavailable()
    assert isinstance(find(payer_from(None, development=True), **numbers_of(PELICAN)), Match)


def test_the_switch_is_for_development_only(tmp_path):
    """Nobody takes a deployment's payer away with a file. [F-6]"""
    (tmp_path / "payer-is-down").touch()
    payer = payer_from(SAMPLE, development=False, down_while=tmp_path / "payer-is-down")
    assert isinstance(find(payer, **numbers_of(PELICAN)), Match)


# --- The file ------------------------------------------------------------------------------------


def written(tmp_path, text):
    path = tmp_path / "payer.toml"
    path.write_text(text)
    return path


def test_a_payer_file_of_the_deployments_own_is_read(tmp_path):
    """Numbers may be written with spaces and hyphens there. [F-6]"""
    path = written(tmp_path, ENTRY.replace("SW1000", "sw-1000").replace("900450199", "90-0450199"))
    found = find(payer_from(path, development=False), ptan="SW1000", npi="1900410006", tin="900450199")
    assert isinstance(found, Match)
    assert found.provider.officials == ()


def test_every_mistake_of_a_payer_file_is_named_at_once(tmp_path):
    """By the provider's name, and without a TIN. [F-6]"""
    bad = (
        ENTRY.replace("1900410006", "1900410007").replace("900450199", "12345").replace("office@", "office ")
    )
    with pytest.raises(PayerFileError) as caught:
        providers_in(written(tmp_path, bad))
    message = str(caught.value)
    assert "check digit" in message
    assert "nine digits" in message
    assert "contact mailbox" in message
    assert "12345" not in message


@pytest.mark.parametrize(
    "text",
    [
        "[[provider",
        ENTRY + ENTRY,
        ENTRY.replace('zip = "33602"', ""),
        ENTRY.replace('"B"', '"C"'),
        ENTRY + 'surprise = "x"',
        ENTRY + 'officials = [{ name = "A", title = "B", mailbox = "", standing = "self-appointed" }]',
    ],
)
def test_a_payer_file_that_cannot_be_trusted_is_refused_whole(tmp_path, text):
    """Half a payer file would answer no to half the providers. [F-6]"""
    with pytest.raises(PayerFileError):
        EmbeddedPayer(providers_in(written(tmp_path, text)))


def test_a_payer_file_that_is_not_there_is_a_mistake(tmp_path):
    """Started with a wrong path, SPOT says so and does not start. [F-6]"""
    with pytest.raises(PayerFileError):
        payer_from(tmp_path / "gone.toml", development=True)
