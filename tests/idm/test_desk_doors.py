"""Every door of the desk against every kind of person: the table of rules/desk.py is what the pages do (H-2, AX17)."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern

from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import urls
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.models import CallerCheck, Closing, SharingCase
from bailiwick.idm.rules.desk import ACTS, Act
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import ResetLink
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts, build_desk, build_pages

pytestmark = pytest.mark.django_db

DOORS: list[URLPattern] = [door for door in urls.urlpatterns if "<uuid:person_id>" in str(door.pattern)]
MEMBERS = {
    "tier 1": lambda _place: build_desk.tier(1),
    "tier 2": lambda _place: build_desk.tier(2),
    "tier 3": lambda _place: build_desk.tier(3),
    "auditor": lambda _place: _auditor(),
    "approver": build_pages.approver,
    "approver elsewhere": lambda _place: build_pages.approver(build_pages.organization("Birch Clinic")),
    "end user": build_pages.end_user,
    "nobody": lambda _place: build_pages.person(),
}
TIER = {"tier 1": 1, "tier 2": 2, "tier 3": 3}
EVERYTHING = {"reason": "let me in", "send": "1", "code": "123456", "text": "x", "once": str(uuid.uuid4())}


def _auditor() -> Account:
    account = build_pages.person()
    build_pages.grant(account, "auditor", application="idm")
    return account


@pytest.fixture
def world():
    """A locked-out end user of a clinic with a waiting request there."""
    place, other = build_pages.organization("Alder Clinic"), build_pages.organization("Elm Clinic")
    person = build_pages.end_user(place, first="Noor", last="Ashgrove")
    asked = build_pages.asks(person, other)
    build_desk.locks(person)
    return {"place": place, "person": person, "asked": asked}


def address(door: URLPattern, world) -> str:
    more = {
        "value": "ssn",
        "number": world["asked"].number,
        "act": "propose",
        "evidence_id": str(uuid.uuid4()),
        "closing_id": str(uuid.uuid4()),
    }
    needed = {name: more[name] for name in door.pattern.converters if name in more}
    return build_desk.url(door.name.removeprefix("desk-"), world["person"], **needed)


def a_tier_of(door: URLPattern) -> int:
    """The lowest tier whose act it is."""
    return min(ACTS[door.callback.act].tiers)


def knock(client: Client, path: str, sent: dict[str, str], **how: bool):
    """Send to a door that takes something; look into one that only shows."""
    answer = client.post(path, sent, **how)
    return client.get(path, **how) if answer.status_code == 405 else answer


def untouched(world) -> None:
    person = world["person"]
    assert Account.objects.get(pk=person.pk).state == "active"
    assert not Closing.objects.exists()
    assert not SharingCase.objects.exists()
    assert password_path(person, now=build_accounts.clock.now()).state is PathState.LOCKED
    assert not Grant.objects.filter(account=person, ended_at__isnull=False).exists()
    assert RoleRequest.objects.get(pk=world["asked"].pk).state == "pending"
    assert not ResetLink.objects.exists()
    assert not CallerCheck.objects.exists()
    assert not Row.objects.filter(person=person).exclude(kind=Act.LOOK).exists()
    for kind in ("caller_code", "user_id_reminder", "reset_link", "path_opened"):
        assert not build_accounts.mails_to(person.email, kind)


def test_every_act_of_the_table_has_a_door_and_every_door_an_act():
    """Nothing under a person's address stands outside the table. [H-2]"""
    # What is seen belongs to a look; a case of sharing is settled on its own page, which stands outside a person's.
    assert {door.callback.act for door in DOORS} == set(Act) - {Act.SEE_ACCOUNT, Act.SETTLE_SHARING}


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_door_opens_for_the_tiers_of_its_act_alone(world, kind):
    """Everybody else: 404 by GET and POST, an entry each, not a byte, nothing changed. [H-2, L-2, AX17]"""
    member, person = MEMBERS[kind](world["place"]), world["person"]
    client = build_desk.browser(member).client
    for door in DOORS:
        before, path = len(build_desk.refusals(person)), address(door, world)
        if TIER.get(kind) in ACTS[door.callback.act].tiers:
            assert client.get(path).status_code in {200, 302, 405}, door.name
            assert len(build_desk.refusals(person)) == before, door.name
            continue
        for answer in (client.get(path), client.post(path, EVERYTHING)):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 404, door.name
            for word in ("Ashgrove", "Noor", person.user_id, person.email):
                assert word not in answer.content.decode(), door.name
        entries = build_desk.refusals(person)[before:]
        assert {(each.actor, each.about["act"], each.why) for each in entries} == {
            (str(member.pk), door.callback.act.value, "desk_not_a_member")
        }
    untouched(world)


class Members:
    """One signed-in browser for each tier, in whatever way it is signed in."""

    def __init__(self, **how: object) -> None:
        self.how, self.opened = how, {}

    def at(self, door: URLPattern) -> Client:
        tier = a_tier_of(door)
        if tier not in self.opened:
            self.opened[tier] = build_desk.browser(build_desk.tier(tier), **self.how).client
        return self.opened[tier]


def test_nobody_acts_on_themselves(world):
    """Refused in words, on the ledger. [Q-5, H-2]"""
    for role, application in (("help-desk", "spot"), ("tier-1", "idm"), ("tier-3", "idm")):
        build_pages.grant(world["person"], role, application=application)
    client = build_desk.browser(world["person"]).client
    for door in DOORS:
        answer = knock(client, address(door, world), EVERYTHING)
        assert answer.status_code == 403, door.name
        assert "Nobody acts on themselves" in build_pages.text_of(answer)
    assert {each.why for each in build_desk.refusals(world["person"])} == {"desk_own_account"}
    untouched(world)


def test_a_limited_session_is_refused_at_every_door(world):
    """Its e-mail code opens nothing of the desk. [S-2]"""
    members = Members(factor="email", limited=True)
    for door in DOORS:
        answer = knock(members.at(door), address(door, world), EVERYTHING)
        assert (answer.status_code, answer["X-Refusal"]) == (403, "session_limited"), door.name
    untouched(world)


def test_a_session_by_email_alone_is_refused_at_every_door(world):
    """A desk member without a second factor is no desk member. [S-2, AX05]"""
    members = Members(factor="email")
    for door in DOORS:
        answer = knock(members.at(door), address(door, world), EVERYTHING)
        assert (answer.status_code, answer["X-Refusal"]) == (403, "desk_needs_stronger_factor"), door.name
    untouched(world)


def test_an_act_wants_a_factor_of_the_last_five_minutes(world):
    """An old strong session is asked again; looking alone is not an act. [S-6, AX05]"""
    members = Members(ago=timedelta(minutes=6))
    for door in DOORS:
        answer = knock(members.at(door), address(door, world), EVERYTHING)
        if ACTS[door.callback.act].step_up:
            assert answer["Location"] == "/sign-in/verify/", door.name
        else:
            assert answer.status_code == 302, door.name
    untouched(world)


def test_without_a_reason_no_door_shows_or_does_anything(world):
    """Each leads to the person's page, which asks why. [H-3]"""
    members = Members()
    for door in DOORS:
        path = address(door, world)
        page = build_pages.text_of(knock(members.at(door), path, {**EVERYTHING, "reason": ""}, follow=True))
        assert "Why do you look at this person?" in page, door.name
        assert "Ashgrove" not in page, door.name
    untouched(world)


def test_a_stranger_is_asked_to_sign_in(world):
    """No session, no page, whether or not the person exists. [S-1]"""
    for door in DOORS:
        assert knock(Client(), address(door, world), EVERYTHING)["Location"] == "/", door.name
    untouched(world)


def test_an_unknown_person_and_one_that_is_not_theirs_answer_alike(world):
    """Who has an account cannot be told from outside. [AX17]"""
    browser = build_desk.browser(build_pages.approver(world["place"]))
    known = browser.open(build_desk.url("person", world["person"]), status=404)
    unknown = browser.open(f"/manage-users/people/{uuid.uuid4()}/", status=404)
    assert build_pages.text_of(known) == build_pages.text_of(unknown)


def test_an_application_s_desk_knows_only_the_people_of_its_application(world):
    """Tier 2 opens whoever holds or asked for something there, and nobody else. [H-2]"""
    desk = build_desk.browser(build_desk.tier(2))
    stranger = build_desk.caller(first="Vera", last="Birchwood")
    assert "Why do you look" in build_pages.text_of(desk.open(build_desk.url("person", world["person"])))
    desk.open(build_desk.url("person", stranger), status=404)
    assert len(build_desk.refusals(stranger)) == 1


def test_what_tier_2_sees_of_a_person_is_its_roles_and_masked_contact(world):
    """No path, no factors, no ledger, nothing to reveal, no act of tier 1. [H-2]"""
    page = build_pages.text_of(
        build_desk.looking(world["person"], build_desk.tier(2)).open(
            build_desk.url("person", world["person"])
        )
    )
    assert "Alder Clinic" in page
    for word in (
        "Reveal",
        "Unlock",
        "Mail the user ID",
        "Check the caller",
        "Second steps",
        "ledger",
        "Birth date",
    ):
        assert word not in page
    assert world["person"].email not in page


def test_a_role_that_ended_closes_the_doors_at_once(world):
    """Authority is read at the instant of the act. [AX15, H-7]"""
    member = build_desk.tier(1)
    browser = build_desk.looking(world["person"], member)
    browser.open(build_desk.url("unlock", world["person"]))
    Grant.objects.filter(account=member).update(
        ended_at=build_accounts.clock.now(), end_reason="removed_by_desk"
    )
    browser.send(build_desk.url("unlock", world["person"]), {"reason": build_desk.REASON}, status=404)
    untouched(world)


def test_the_page_offers_what_can_be_done_and_nothing_else(world):
    """Every act shown opens; what is not shown is no link. [H-2]"""
    person = world["person"]
    browser = build_desk.looking(person)
    html = browser.open(build_desk.url("person", person)).content.decode()
    for name in ("unlock", "user-id", "caller"):
        assert f'href="{build_desk.url(name, person)}"' in html
    assert build_desk.url("reset-link", person) not in html
    build_desk.checks(browser, person)
    html = browser.open(build_desk.url("person", person)).content.decode()
    assert f'href="{build_desk.url("reset-link", person)}"' in html
    Account.objects.filter(pk=person.pk).update(state="suspended")
    html = browser.open(build_desk.url("person", person)).content.decode()
    for name in ("unlock", "user-id", "caller", "reset-link"):
        assert build_desk.url(name, person) not in html
    assert "not active" in html


def test_sessions_of_a_desk_member_are_judged_one_by_one(world):
    """A strong session elsewhere lends nothing to a weak one. [S-2, AX05]"""
    member = build_desk.tier(1)
    build_desk.looking(world["person"], member)
    weak = build_desk.browser(member, factor="email")
    weak.send(build_desk.url("unlock", world["person"]), {"reason": build_desk.REASON}, status=403)
    assert Session.objects.filter(account=member).count() == 2
    untouched(world)
