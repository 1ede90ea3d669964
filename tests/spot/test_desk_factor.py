"""SPOT's desk needs a passkey, with the setting as it is in production (S-2, B-1)."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import State
from bailiwick.spot.site.environment import SpotEnvironment
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT
from tests.spot.build_desk import approving, by_of, desk, seated, submitted_case, taken_case
from tests.spot.build_signing import refusal_of
from tests.spot.provider import callback_path

pytestmark = pytest.mark.django_db

PAGES = ("", "signed.pdf", "take/", "callback/", "approve/", "deny/", "return/")
TYPED = {"revision": "1", "digest": "d" * 64, "reason": "The official is not “known” <there>", "note": "rang"}
PRODUCTION = {
    "SPOT_DEVELOPMENT": "false",
    "SPOT_SECRET_KEY": "x" * 50,
    "SPOT_BASE_URL": "https://spot.example",
    "SPOT_IDM_URL": "https://idm.example",
    "SPOT_SMTP_URL": "smtp://mail.example",
}


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.DESK_LEVEL = ACR_PHISHING_RESISTANT


def path_of(case: Case, act: str = "") -> str:
    return f"/desk/{case.tracking}/{act}"


def is_told_kindly(answer) -> str:
    """The page, with the way on; returns that way."""
    assert answer.status_code == 403
    assert answer["X-Refusal"] == "case_needs_stronger_factor"
    page = answer.content.decode()
    assert "The help desk needs a passkey" in page
    assert "Pelican" not in page
    return html.unescape(re.search(r'href="(/sign-in/\?desk=1[^"]*)"', page)[1])


@pytest.mark.parametrize("acr", [ACR_LIMITED, ACR_MFA])
@pytest.mark.parametrize("page", PAGES)
def test_a_weaker_sign_in_is_refused_at_every_door(provider, page, acr):
    """Looking and acting; on the ledger, and nothing was done. [S-2, B-1, L-2]"""
    case = submitted_case()
    client, _ = seated(provider, acr=acr)
    refused = 0
    for answer in (client.get(path_of(case, page)), client.post(path_of(case, page), TYPED)):
        if answer.status_code != 405:
            is_told_kindly(answer)
            refused += 1
    assert Entry.objects.filter(deed=Deed.DESK_REFUSED, why="case_needs_stronger_factor").count() == refused
    case.refresh_from_db()
    assert case.state == State.SUBMITTED


def test_the_inbox_is_a_door_too(provider):
    """No list of forms for a code. [S-2, B-1]"""
    client, _ = seated(provider, acr=ACR_MFA)
    assert "next=%2Fdesk%2F" in is_told_kindly(client.get("/desk/"))


def test_a_passkey_works_at_the_desk(provider):
    """Inbox, case, take. [S-2, B-1]"""
    case = submitted_case()
    client, _ = seated(provider, acr=ACR_PHISHING_RESISTANT)
    assert case.tracking in client.get("/desk/").content.decode()
    assert client.get(path_of(case)).status_code == 200
    assert client.post(path_of(case, "take/"), {"instead_of": ""}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW


def test_the_way_on_asks_idm_for_the_passkey_and_leads_back(provider):
    """The request names the level; whoever comes back with it stands before the form. [S-2, O-1]"""
    case = submitted_case()
    client, _ = seated(provider, acr=ACR_MFA)
    left = client.get(is_told_kindly(client.get(path_of(case))))
    asked = parse_qs(urlsplit(left["Location"]).query)
    assert asked["acr_values"] == [ACR_PHISHING_RESISTANT]
    provider.claims = {**provider.claims, "acr": ACR_PHISHING_RESISTANT}
    back = client.get(callback_path(provider.authorize(left["Location"])))
    assert back["Location"] == path_of(case)
    assert client.get(path_of(case)).status_code == 200


def test_an_ordinary_sign_in_asks_for_no_more_than_before(provider):
    """Only the desk's people are asked for passkeys, and IDM knows who they are. [S-2]"""
    client, _ = seated(provider, acr=ACR_MFA)
    client.post("/sign-out/")
    asked = parse_qs(urlsplit(client.get("/sign-in/")["Location"]).query)
    assert asked["acr_values"] == [ACR_LIMITED]


def test_nothing_typed_is_lost(provider):
    """The form that was sent stands in the page, word for word, to be sent again. [S-2]"""
    case = submitted_case()
    client, _ = seated(provider, acr=ACR_MFA)
    page = client.post(path_of(case, "deny/"), TYPED).content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
    assert {name: html.unescape(value) for name, value in kept.items()}.items() >= TYPED.items()
    assert "Send what I typed" in page
    assert 'target="_blank"' in page


@pytest.mark.parametrize("acr", [ACR_LIMITED, ACR_MFA, "", "urn:elsewhere:strong"])
def test_no_act_takes_less_than_a_passkey(acr):
    """Below every door the rule asks again. [S-2, F-11]"""
    todd = desk(acr=ACR_PHISHING_RESISTANT, weakest=ACR_PHISHING_RESISTANT)
    case = taken_case(todd)
    weak = desk(acr=acr, weakest=ACR_PHISHING_RESISTANT)
    take = lambda one, who: actions.take(case=one, desk=who, by=by_of(who), now=clock.now())  # noqa: E731
    for act in (take, approving):
        assert refusal_of(act, case, weak) == Refusal.STRONGER_FACTOR_NEEDED
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert not EnrollmentRecord.objects.exists()


@pytest.mark.parametrize(
    ("given", "factor"),
    [({}, "app"), ({"SPOT_DESK_FACTOR": "passkey"}, "passkey"), (PRODUCTION, "passkey")],
    ids=["development", "development, as in production", "production"],
)
def test_the_setting_has_a_default(monkeypatch, given, factor):
    """A passkey; in a development run, whose people are a printed list, an app. [S-2]"""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert SpotEnvironment().desk_factor == factor


def test_who_helps_is_named_whole_or_not_at_all(monkeypatch):
    """A real name beside the sample's number would send people to nobody. [O-6]"""
    monkeypatch.setenv("SPOT_HELP_NAME", "Desk of a deployment")
    with pytest.raises(ValueError, match="set together"):
        SpotEnvironment()
    for name in ("PHONE", "EMAIL", "HOURS"):
        monkeypatch.setenv(f"SPOT_HELP_{name}", "as it is")
    assert SpotEnvironment().help_contact["name"] == "Desk of a deployment"


def test_production_takes_nothing_less(monkeypatch):
    """The start says why. [S-2]"""
    for name, value in (PRODUCTION | {"SPOT_DESK_FACTOR": "app"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="development runs"):
        SpotEnvironment()
