"""Inactivity at the doors that an application comes to: who is let in, what is told, and what never counts."""

from datetime import date, timedelta

import pytest

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.sessions.actions import end_all
from bailiwick.idm.sessions.models import TokenFamily
from bailiwick.idm.signin.models import Password
from tests.idm import build_accounts
from tests.idm import build_recovery as recovery
from tests.idm.build_oidc import (
    VISITOR,
    Application,
    add_grant,
    answer_of,
    browser,
    code_for,
    forget_catalogue,
    member,
    post,
    tokens_for,
    use_keys,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=45)


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


def used(person, ago, **columns):
    """Their roles were begun, and used last, that long ago."""
    at = clock.now() - ago
    Grant.objects.filter(account=person).update(started_at=at, **columns)


def set_password(person, *, ago=timedelta()):
    values = {"encoded": "x", "set_at": clock.now() - ago}
    Password.objects.update_or_create(account=person, defaults=values)


def last_sign_in(person):
    return Grant.objects.get(account=person).last_sign_in_at


def test_a_resting_role_lets_nobody_in_and_the_page_says_why(spot):
    """No code and no job needed: refused at the authorize endpoint (AX16). [I-4, O-2, I-2]"""
    person = member()
    used(person, LONG_AGO)
    response = browser(person).get("/oidc/authorize", spot.parameters())
    assert response["Location"] == "/no-access/?application=spot"
    answer = answer_of(browser(person).get("/oidc/authorize", spot.parameters(prompt="none")))
    assert answer["error"] == "access_denied"


def test_a_new_password_and_a_sign_in_restore_it_and_neither_does_alone(spot):
    """The reset opens the door, the code exchanged behind it restores; the claims say until when. [I-4, I-1, I-3]"""
    person = member()
    used(person, LONG_AGO)
    set_password(person, ago=timedelta(days=60))
    assert browser(person).get("/oidc/authorize", spot.parameters())["Location"].startswith("/no-access/")
    set_password(person)
    silent = answer_of(browser(person).get("/oidc/authorize", spot.parameters(prompt="none")))
    assert silent["error"] == "access_denied"
    assert last_sign_in(person) is None
    tokens = tokens_for(spot, person)
    assert last_sign_in(person) is not None
    (grant,) = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()["bailiwick_grants"]
    assert date.fromisoformat(grant["sign_in_by"]) - clock.now().date() in (
        timedelta(days=29),
        timedelta(days=30),
    )


def test_a_new_password_too_long_ago_opens_nothing(spot):
    """Seven days to sign in. [I-4]"""
    person = member()
    used(person, LONG_AGO)
    set_password(person, ago=timedelta(days=9))
    assert browser(person).get("/oidc/authorize", spot.parameters())["Location"].startswith("/no-access/")


def test_a_code_of_before_midnight_is_no_way_in_after(spot):
    """What was active when the code was made and rests when it is exchanged gets no tokens (AR07). [I-4, O-2]"""
    person = member()
    code = code_for(spot, person)
    used(person, LONG_AGO)
    assert post("/oidc/token", spot.exchange(code)).json()["error"] == "invalid_grant"
    assert last_sign_in(person) is None


def test_only_a_sign_in_there_moves_the_clock(spot):
    """IDM alone, silence, introspection and userinfo leave it where it was (AR13). [I-1]"""
    person = member()
    seat = browser(person)
    assert seat.get("/home/").status_code == 200
    tokens = tokens_for(spot, person, prompt="none")
    post("/oidc/introspect", spot.signed(token=tokens["access_token"]))
    seat.get("/oidc/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert last_sign_in(person) is None


def test_what_rests_is_dead_for_tokens_given_before(spot):
    """Every door asks anew: introspection and userinfo (AX15, AX16). [I-4, O-5]"""
    person = member()
    tokens = tokens_for(spot, person)
    used(person, LONG_AGO, last_sign_in_at=None)
    assert post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json() == {"active": False}
    asked = browser().get("/oidc/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert asked.status_code == 401
    assert TokenFamily.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_a_new_password_lifts_nothing_that_staff_did(spot, state):
    """Not the account's state, whatever code is at hand (AR11, AR12). [I-4, A-6]"""
    person = member()
    used(person, LONG_AGO)
    set_password(person)
    code = code_for(spot, person)
    type(person).objects.filter(pk=person.pk).update(state=state)
    end_all(account=person, why="suspended", by=VISITOR, now=clock.now())
    assert post("/oidc/token", spot.exchange(code)).json()["error"] == "invalid_grant"
    assert last_sign_in(person) is None


def test_the_reset_itself_opens_the_way_on_the_day_of_a_change_too(client, spot):
    """Through the ladder, signed in or not; what was changed today does not stop it. [I-4, P-6]"""
    person = build_accounts.account()
    add_grant(person)
    used(person, LONG_AGO)
    changed = clock.now() - LONG_AGO
    Password.objects.filter(account=person).update(set_at=changed, changed_by_holder_at=clock.now())
    assert browser(person).get("/oidc/authorize", spot.parameters())["Location"].startswith("/no-access/")
    recovery.recovers(client, person)
    assert "code" in answer_of(browser(person).get("/oidc/authorize", spot.parameters()))
    assert last_sign_in(person) is None
