"""A desk needs a passkey: every door and act of IDM's desks, with the setting as it is in production (S-2, H-2)."""

import re
import uuid
from copy import deepcopy

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, reverse

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.helpdesk import urls
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import ACTS
from bailiwick.idm.rules.sessions import Factor
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.signin.queries import password_path
from bailiwick.idm.site.environment import IdmEnvironment
from bailiwick.wire.claims import ACR_MFA, ACR_PHISHING_RESISTANT
from tests.idm import build_accounts, build_desk, build_pages, build_webauthn
from tests.idm.build_oidc import Application, answer_of, forget_catalogue, use_keys
from tests.idm.build_webauthn import SoftwareKey
from tests.standing import rows_that_stand

pytestmark = pytest.mark.django_db

REFUSAL = "desk_needs_stronger_factor"
WEAK = (Factor.TOTP, Factor.SMS, Factor.VOICE, Factor.RECOVERY, Factor.EMAIL)
# My Organization shows whoever looks their own organizations, and a desk has none.
# Applications read announcements without anybody signed in.
OPEN_DOORS = {"my-organization", "announcements-json"}
STAFF_DOORS: list[URLPattern] = [door for door in urls.urlpatterns if door.name not in OPEN_DOORS]
TIER_OF_DOOR = {"desk-joined": 2, "desk-joined-decision": 2, "manage-users": 1, "organization": 1}
TYPED = {"reason": "they called: “locked out” & <lost>", "send": "1", "once": str(uuid.uuid4())}


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.DESK_LEVEL = ACR_PHISHING_RESISTANT
    forget_catalogue()
    yield
    forget_catalogue()


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    with rows_that_stand(django_db_blocker, build_world) as world:
        yield world


@pytest.fixture
def world(standing):
    return deepcopy(standing)


def build_world() -> dict[str, object]:
    """A locked-out end user of a clinic with one request that waits for tier 2; and somebody of each tier."""
    place = build_pages.organization("Alder Clinic")
    person = build_pages.end_user(place, first="Noor", last="Ashgrove")
    build_desk.locks(person)
    return {
        "place": place,
        "person": person,
        "grant": Grant.objects.get(account=person),
        "asked": build_pages.asks_to_create(person, build_pages.record("Elm Clinic")),
        "desk": {number: build_desk.tier(number) for number in (1, 2, 3)},
    }


def address(door: URLPattern, world) -> str:
    known = {
        "person_id": world["person"].pk,
        "grant_id": world["grant"].pk,
        "number": world["asked"].number,
        "submitter_id": world["place"].submitter_id,
        "value": "ssn",
        "side": "first",
        "act": "propose",
        "message_id": 1,
    }
    return reverse(
        door.name, kwargs={name: known.get(name, uuid.uuid4()) for name in door.pattern.converters}
    )


def member_for(door: URLPattern, world) -> Account:
    """Somebody of the desk whose page it is."""
    act = getattr(door.callback, "act", None)
    tier = min(ACTS[act].tiers) if act else TIER_OF_DOOR.get(door.name, 1)
    is_security = "desk-" in door.name and not act and "joined" not in door.name
    return world["desk"][3 if is_security else tier]


def signed_in_with_a_passkey(member: Account, client: Client | None = None) -> tuple[Client, SoftwareKey]:
    """Really: a key is added, the member signs out, and in again with nothing but the key."""
    client, key = client or Client(), SoftwareKey()
    build_accounts.sign_in_by_email(client, member)
    assert build_webauthn.add(client, key).status_code == 302
    client.post("/sign-out/")
    assert build_webauthn.sign_in(client, key).status_code == 302
    return client, key


def is_told_kindly(answer, *buttons: str) -> None:
    assert answer.status_code == 403
    assert answer["X-Refusal"] == REFUSAL
    page = answer.content.decode()
    assert "The help desk needs a passkey" in page
    for button in buttons:
        assert f'href="{button}"' in page
    for word in ("Ashgrove", "Noor"):
        assert word not in page


@pytest.mark.parametrize("door", STAFF_DOORS, ids=lambda door: door.name)
def test_a_session_by_authenticator_app_is_refused_at_every_door(world, door):
    """Looking and acting, 403 with the way on; nothing was done. [S-2, H-2]"""
    browser = build_desk.browser(member_for(door, world))
    path, refused = address(door, world), 0
    for answer in (browser.client.get(path), browser.client.post(path, TYPED)):
        if answer.status_code != 405:
            is_told_kindly(answer, "/profile/mfa/add/passkey/")
            refused += 1
    assert refused
    assert password_path(world["person"], now=build_accounts.clock.now()).state is PathState.LOCKED
    assert not Row.objects.exists()
    assert Grant.objects.get(pk=world["grant"].pk).ended_at is None
    assert RoleRequest.objects.get(pk=world["asked"].pk).state == "pending"


@pytest.mark.parametrize("door", STAFF_DOORS, ids=lambda door: door.name)
def test_a_session_by_passkey_passes_every_door(world, door):
    """What stands behind it answers, were it only that there is no such case. [S-2]"""
    browser = build_desk.browser(member_for(door, world), factor=Factor.PASSKEY)
    for answer in (
        browser.client.get(address(door, world)),
        browser.client.post(address(door, world), TYPED),
    ):
        assert answer.get("X-Refusal", "") != REFUSAL
        assert answer.status_code in {200, 302, 404, 405, 409, 422}


@pytest.mark.parametrize("factor", WEAK)
def test_no_code_of_any_kind_opens_the_desk(factor):
    """Apps, texts, calls, lists and mails can be talked out of somebody. [S-2]"""
    is_told_kindly(build_desk.browser(build_desk.tier(1), factor=factor).client.get("/manage-users/"))


def test_a_real_passkey_works_at_the_desk(world):
    """Signed in by the key alone: look with a reason, open the password path. [S-2, H-2]"""
    client, _ = signed_in_with_a_passkey(_tier_1_with_password())
    person = world["person"]
    assert client.post(build_desk.url("person", person), {"reason": build_desk.REASON}).status_code == 302
    assert client.post(build_desk.url("unlock", person), {"reason": build_desk.REASON}).status_code in {
        200,
        302,
    }
    assert password_path(person, now=build_accounts.clock.now()).state is not PathState.LOCKED


def _tier_1_with_password() -> Account:
    member = build_desk.caller()
    build_pages.grant(member, "tier-1", application="idm")
    return member


def test_whoever_has_a_passkey_is_asked_to_use_it_and_comes_back(world):
    """No new passkey: a button to verify, and on to the page that was wanted. [S-2, S-6]"""
    member = _tier_1_with_password()
    client, key = signed_in_with_a_passkey(member)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = (
        build_desk.browser(member).client.cookies[django_settings.SESSION_COOKIE_NAME].value
    )
    path = build_desk.url("person", world["person"])
    is_told_kindly(client.get(path), "/sign-in/verify/?factor=passkey")
    assert build_webauthn.verify(client, key)["Location"] == path
    assert client.get(path).status_code == 200


def test_whoever_has_none_adds_one_and_goes_on(world):
    """The page's button leads to the page that adds it; then the desk opens. [S-2, S-3]"""
    member = _tier_1_with_password()
    client = Client()
    build_accounts.sign_in_by_email(client, member)
    path = build_desk.url("person", world["person"])
    is_told_kindly(client.get(path), "/profile/mfa/add/passkey/")
    assert client.get("/profile/mfa/add/passkey/").status_code == 200
    assert build_webauthn.add(client, SoftwareKey()).status_code == 302
    assert client.get(path).status_code == 200


def test_nothing_typed_is_lost(world):
    """The form that was sent stands in the page, word for word, to be sent again. [S-2]"""
    browser = build_desk.browser(build_desk.tier(1))
    path = build_desk.url("unlock", world["person"])
    page = browser.client.post(path, TYPED).content.decode()
    assert "Send what I typed" in page
    assert 'target="_blank"' in page
    kept = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
    assert kept["reason"] == "they called: “locked out” &amp; &lt;lost&gt;"
    assert kept["once"] == TYPED["once"]
    assert page.count('name="once"') == 1


def test_a_refused_act_is_on_the_ledger(world):
    """Somebody reached for what is not theirs this way. [L-2]"""
    member = build_desk.tier(1)
    build_desk.browser(member).client.post(build_desk.url("unlock", world["person"]), TYPED)
    entry = build_desk.refusals(world["person"])[-1]
    assert (entry.actor, entry.why, entry.about["act"]) == (str(member.pk), REFUSAL, "unlock")


def test_a_stranger_to_the_desk_is_told_nothing_of_passkeys(world):
    """There is no such page, as before. [H-2, AX17]"""
    browser = build_pages.browser(build_pages.person())
    assert browser.client.get(build_desk.url("person", world["person"])).status_code == 404
    assert "passkey" not in build_pages.text_of(browser.client.get("/manage-users/"))


def decision(browser, asked: RoleRequest, act: str):
    number = asked.number
    page = browser.client.get(f"/requests/{number}/")
    digest = build_pages.hidden(page, "digest") if b'name="digest"' in page.content else "x"
    return browser.client.post(
        f"/requests/{number}/{act}/", {"digest": digest, "reason": "They left.", "comment": "ok"}
    )


def desk_request(tier: int, world) -> RoleRequest:
    """What tier 2 or tier 3 decides."""
    if tier == 2:
        return world["asked"]
    return build_pages.submit_request(
        account=build_pages.person("Toni"),
        application="idm",
        role="tier-1",
        way="none",
        reason="I start on Monday.",
        once=uuid.uuid4(),
        by=build_pages.COMMAND,
        now=build_accounts.clock.now(),
    )


@pytest.mark.parametrize("tier", [2, 3])
@pytest.mark.parametrize("act", ["approve", "deny"])
@pytest.mark.parametrize("factor", WEAK)
def test_a_desk_decides_requests_with_its_passkey_alone(world, tier, act, factor):
    """The request's page and the decision are refused; the request waits on. [S-2, Q-4, H-7]"""
    asked = desk_request(tier, world)
    browser = build_desk.browser(build_desk.tier(tier), factor=factor)
    is_told_kindly(browser.client.get(f"/requests/{asked.number}/"))
    is_told_kindly(decision(browser, asked, act))
    asked.refresh_from_db()
    assert asked.state == "pending"
    assert Entry.objects.filter(deed=Deed.AUTHORITY_REFUSED, why="decision_needs_stronger_factor").exists()


@pytest.mark.parametrize("tier", [2, 3])
@pytest.mark.parametrize("act", ["approve", "deny"])
def test_with_the_passkey_the_desk_decides(world, tier, act):
    """Approved or denied, once. [S-2, Q-4, H-7]"""
    asked = desk_request(tier, world)
    browser = build_desk.browser(build_desk.tier(tier), factor=Factor.PASSKEY)
    assert decision(browser, asked, act).status_code == 302
    asked.refresh_from_db()
    assert asked.state == {"approve": "approved", "deny": "denied"}[act]


@pytest.mark.parametrize("tier", [1, 3])
def test_a_desk_cancels_with_its_passkey_alone(world, tier):
    """The owner's own canceling needs none. [S-2, H-2]"""
    path = f"/requests/{world['asked'].number}/cancel/"
    is_told_kindly(build_desk.browser(build_desk.tier(tier)).client.post(path, {"reason": "They left."}))
    world["asked"].refresh_from_db()
    assert world["asked"].state == "pending"
    assert build_pages.browser(world["person"]).client.post(path).status_code == 302


def test_an_approver_decides_with_an_app_and_not_with_mail(world):
    """Those who decide need a factor other than e-mail; only desks need a passkey. [S-2]"""
    approver = build_pages.approver(world["place"])
    asked = build_pages.asks(build_pages.person("Uma"), world["place"])
    weak = decision(build_pages.browser(approver, Factor.EMAIL), asked, "approve")
    assert weak.status_code in {403, 409}
    asked.refresh_from_db()
    assert asked.state == "pending"
    assert decision(build_pages.browser(approver, Factor.TOTP), asked, "approve").status_code == 302
    asked.refresh_from_db()
    assert asked.state == "approved"


def test_an_approver_of_a_desk_keeps_what_an_approver_sees(world):
    """Without the passkey: their own people and requests, none of the desk's. [S-2, H-1]"""
    both = build_pages.approver(world["place"])
    build_pages.grant(both, "help-desk")
    own = build_pages.asks(build_pages.person("Uma"), world["place"])
    page = build_pages.browser(both).open("/manage-users/").content.decode()
    assert own.number in page
    assert world["asked"].number not in page
    home = build_pages.browser(both).open("/home/").content.decode()
    assert own.number in home
    assert world["asked"].number not in home
    for path in ("/manage-users/", "/home/"):
        assert world["asked"].number in build_pages.browser(both, Factor.PASSKEY).open(path).content.decode()


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    return spot


def test_spot_lets_its_desk_in_by_passkey_alone(spot):
    """The role's level is the floor of the sign-in, silent or not; other roles are as before. [S-2, O-1]"""
    desk, asked = build_pages.tier_2(), spot.parameters()
    weak = build_pages.browser(desk).client
    page = weak.get("/oidc/authorize", asked)
    assert "asks you for a passkey" in build_pages.text_of(page)
    assert 'href="/profile/mfa/add/passkey/"' in page.content.decode()
    silent = answer_of(weak.get("/oidc/authorize", spot.parameters(prompt="none")))
    assert silent["error"] == "unmet_authentication_requirements"
    strong = build_pages.browser(desk, Factor.PASSKEY).client
    assert "code" in answer_of(strong.get("/oidc/authorize", asked))
    user = build_pages.end_user(build_pages.organization())
    assert "code" in answer_of(build_pages.browser(user).client.get("/oidc/authorize", asked))


def test_the_way_to_spot_goes_on_after_the_passkey(spot):
    """Asked for, verified, and back to the application by itself. [S-2, O-1]"""
    member = build_desk.caller()
    build_pages.grant(member, "help-desk")
    client, key = signed_in_with_a_passkey(member)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = (
        build_desk.browser(member).client.cookies[django_settings.SESSION_COOKIE_NAME].value
    )
    client.get("/oidc/authorize", spot.parameters())
    back = build_webauthn.verify(client, key)["Location"]
    assert back.startswith("/oidc/authorize?")
    assert "code" in answer_of(client.get(back))


PRODUCTION = {
    "IDM_DEVELOPMENT": "false",
    "IDM_SECRET_KEY": "x" * 50,
    "IDM_BASE_URL": "https://idm.example",
    "IDM_SMTP_URL": "smtp://mail.example",
}


@pytest.mark.parametrize(
    ("given", "factor"),
    [({}, "app"), ({"IDM_DESK_FACTOR": "passkey"}, "passkey"), (PRODUCTION, "passkey")],
    ids=["development", "development, as in production", "production"],
)
def test_the_setting_has_a_default(monkeypatch, given, factor):
    """A passkey; in a development run, whose people are a printed list, an app. [S-2]"""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert IdmEnvironment().desk_factor == factor


@pytest.mark.parametrize("word", ["app", "none", "email", ""])
def test_production_takes_nothing_less(monkeypatch, word):
    """The start says why. [S-2]"""
    for name, value in (PRODUCTION | {"IDM_DESK_FACTOR": word}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=r"development runs|'passkey' or 'app'"):
        IdmEnvironment()


def test_no_application_file_can_ask_for_less():
    """A desk's role asks for at least the desk's level, and for more where the file does. [S-2, O-6]"""
    levels = {role.code: role.minimum_acr for role in catalogue().application("spot").roles}
    assert levels["help-desk"] == ACR_PHISHING_RESISTANT
    assert levels["end-user"] != ACR_PHISHING_RESISTANT
    lowered = catalogue().with_desk_level(ACR_MFA)
    assert lowered.role("spot", "help-desk").minimum_acr == ACR_PHISHING_RESISTANT
