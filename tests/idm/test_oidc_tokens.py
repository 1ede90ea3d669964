"""What becomes of tokens: asked about, refreshed, revoked, dead with their ground. (O-1, O-4, O-5)"""

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session, TokenFamily
from tests.idm.build_oidc import (
    VISITOR,
    Application,
    answer_of,
    browser,
    forget_catalogue,
    member,
    post,
    tokens_for,
    unsigned_claims,
    use_keys,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


@pytest.fixture
def harbor(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    harbor = Application("harbor")
    use_keys(tmp_path, harbor)
    yield harbor
    forget_catalogue()


def test_introspection_answers_with_the_grants_of_this_moment(spot):
    """The application re-asks IDM. [O-5]"""
    person = member()
    tokens = tokens_for(spot, person)
    answer = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()
    assert answer["active"] is True
    assert (answer["sub"], answer["acr"]) == (str(person.pk), "urn:bailiwick:acr:mfa")
    assert answer["sid"] == unsigned_claims(tokens["id_token"])["sid"]
    assert len(answer["bailiwick_grants"]) == 1
    Grant.objects.update(ended_at=clock.now(), end_reason="removed_by_desk")
    again = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()
    assert again == {"active": False}


def test_ending_the_session_kills_tokens_and_queues_the_logout(spot):
    """Removing, suspending, freezing ends the application's sessions. [O-5]"""
    person = member()
    tokens = tokens_for(spot, person)
    sessions.end(session=Session.objects.get(account=person), why="suspended", by=VISITOR, now=clock.now())
    assert post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json() == {"active": False}
    assert Message.objects.filter(kind="backchannel-logout").count() == 1
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {tokens['access_token']}"}
    assert Client().get("/oidc/userinfo", **bearer).status_code == 401


def test_a_suspended_account_has_no_live_token(spot):
    """Access does not live on after the account was suspended. [O-5]"""
    person = member()
    tokens = tokens_for(spot, person)
    type(person).objects.filter(pk=person.pk).update(state="suspended")
    assert post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json() == {"active": False}


def test_userinfo_answers_the_bearer_of_a_live_token(spot):
    """The same claims, by access token in the header only. [O-1]"""
    person = member()
    tokens = tokens_for(spot, person)
    answer = Client().get("/oidc/userinfo", HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")
    assert answer.json()["sub"] == str(person.pk)
    in_query = Client().get("/oidc/userinfo", {"access_token": tokens["access_token"]})
    assert (in_query.status_code, in_query["WWW-Authenticate"]) == (401, "Bearer")


def test_a_refresh_gives_new_tokens_and_keeps_the_sign_in(harbor):
    """Refreshed ID tokens keep auth_time, acr, amr and sid; a refresh is no sign-in. [O-1, I-1]"""
    person = member(role="reader", application="harbor")
    first = tokens_for(harbor, person, scope="openid offline_access")
    Grant.objects.update(last_sign_in_at=None)
    form = harbor.signed(grant_type="refresh_token", refresh_token=first["refresh_token"])
    second = post("/oidc/token", form).json()
    kept = ("sub", "sid", "acr", "amr", "auth_time", "aud", "iss")
    before, after = unsigned_claims(first["id_token"]), unsigned_claims(second["id_token"])
    assert [before[name] for name in kept] == [after[name] for name in kept]
    assert "nonce" not in after
    assert second["refresh_token"] != first["refresh_token"]
    assert Grant.objects.get(account=person).last_sign_in_at is None
    old = post("/oidc/introspect", harbor.signed(token=first["access_token"])).json()
    assert old == {"active": False}


def test_a_used_refresh_token_kills_its_family(harbor):
    """Refresh rotation with reuse detection. [O-1]"""
    person = member(role="reader", application="harbor")
    first = tokens_for(harbor, person, scope="openid offline_access")
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = post("/oidc/token", harbor.signed(**form)).json()
    replay = post("/oidc/token", harbor.signed(**form))
    assert (replay.status_code, replay.json()["error"]) == (400, "invalid_grant")
    newest = harbor.signed(grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert post("/oidc/token", newest).json()["error"] == "invalid_grant"
    assert TokenFamily.objects.get().end_reason == "token_reused"


def test_a_client_without_refresh_cannot_have_it(spot):
    """SPOT gets no refresh token. [O-1]"""
    answer = answer_of(
        browser(member()).get("/oidc/authorize", spot.parameters(scope="openid offline_access"))
    )
    assert answer["error"] == "invalid_scope"
    tokens = tokens_for(spot, member())
    assert "refresh_token" not in tokens


def test_a_revoked_token_is_dead_and_a_foreign_one_is_not(spot, harbor):
    """Revocation tells nothing and touches only one's own. [O-1]"""
    tokens = tokens_for(spot, member())
    foreign = post("/oidc/revoke", harbor.signed(token=tokens["access_token"]))
    assert foreign.status_code == 200
    still = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()
    assert still["active"] is True
    assert post("/oidc/introspect", harbor.signed(token=tokens["access_token"])).json() == {"active": False}
    assert post("/oidc/revoke", spot.signed(token=tokens["access_token"])).status_code == 200
    dead = post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()
    assert dead == {"active": False}


def test_a_machine_gets_a_token_for_its_own_scope_only(spot, harbor):
    """Client credentials, scoped to the client's own application. [O-4]"""
    answer = post("/oidc/token", spot.signed(grant_type="client_credentials", scope="provisioning"))
    assert (answer.status_code, answer.json()["scope"]) == (200, "provisioning")
    for scope in ("openid", "provisioning openid", ""):
        refused = post("/oidc/token", spot.signed(grant_type="client_credentials", scope=scope))
        assert refused.json()["error"] == "invalid_scope"
    other = post("/oidc/token", harbor.signed(grant_type="client_credentials", scope="provisioning"))
    assert other.json()["error"] in {"unauthorized_client", "invalid_scope"}


def test_the_configuration_names_the_doors_and_is_remembered(spot):
    """Discovery and JWKS: bytes made once, with ETag. [O-1]"""
    first = Client().get("/.well-known/openid-configuration")
    document = first.json()
    assert document["issuer"] == settings.BASE_URL
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert (
        Client().get("/.well-known/openid-configuration", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    )
    keys = Client().get("/oidc/jwks.json")
    assert all("d" not in key and key["use"] == "sig" for key in keys.json()["keys"])
    assert Client().get("/oidc/jwks.json", HTTP_IF_NONE_MATCH=keys["ETag"]).status_code == 304


def test_every_named_door_answers(spot):
    """What the configuration names is there. [O-1]"""
    document = Client().get("/.well-known/openid-configuration").json()
    for name in [name for name in document if name.endswith(("_endpoint", "_uri"))]:
        path = document[name].removeprefix(settings.BASE_URL)
        assert Client().get(path).status_code != 404
