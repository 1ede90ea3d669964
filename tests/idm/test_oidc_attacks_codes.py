"""Attacks on codes and refresh tokens, over real HTTP and in parallel. (AX14)"""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.conf import settings
from django.db import connections

from bailiwick.ground.program import clock
from bailiwick.idm.protocols.oidc import codes
from bailiwick.idm.sessions.models import ApplicationSession, TokenFamily
from tests.idm.build_oidc import Application, challenge_of, cookie_of, forget_catalogue, member, use_keys

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


@pytest.fixture
def applications(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    both = Application("spot"), Application("harbor")
    use_keys(tmp_path, *both)
    yield both
    forget_catalogue()


@pytest.fixture
def server(live_server):
    with httpx.Client(base_url=live_server.url, trust_env=False, timeout=60) as client:
        yield client


def code_for(server, application, person, **changes):
    cookies = {settings.SESSION_COOKIE_NAME: cookie_of(person)}
    answer = httpx.get(
        f"{server.base_url}/oidc/authorize",
        params=application.parameters(**changes),
        cookies=cookies,
        trust_env=False,
    )
    return httpx.URL(answer.headers["Location"]).params["code"]


def in_parallel(server, forms):
    """Post all forms at the same moment; the answers."""

    def send(form):
        return httpx.post(f"{server.base_url}/oidc/token", data=form, trust_env=False, timeout=60)

    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(send, forms))
    connections.close_all()
    return answers


def is_active(server, application, token):
    return server.post("/oidc/introspect", data=application.signed(token=token)).json()["active"]


def test_another_client_cannot_use_a_code(applications, server):
    """The code is sealed for its client; the theft does not spoil it either. [O-1, AX14]"""
    spot, harbor = applications
    code = code_for(server, spot, member())
    stolen = harbor.exchange(code, redirect_uri=spot.redirect_uri, code_verifier=spot.verifier)
    assert server.post("/oidc/token", data=stolen).json()["error"] == "invalid_grant"
    assert server.post("/oidc/token", data=spot.exchange(code)).status_code == 200


def test_a_code_is_bound_to_its_address(applications, server):
    """The same redirect address at both doors. [O-1, AX14]"""
    spot, _ = applications
    form = spot.exchange(code_for(server, spot, member()), redirect_uri="http://localhost:8001/")
    assert server.post("/oidc/token", data=form).json()["error"] == "invalid_grant"


def test_a_code_used_twice_kills_what_it_brought(applications, server):
    """Reuse revokes. [O-1, AX14]"""
    spot, _ = applications
    code = code_for(server, spot, member())
    first = server.post("/oidc/token", data=spot.exchange(code)).json()
    assert is_active(server, spot, first["access_token"])
    assert server.post("/oidc/token", data=spot.exchange(code)).json()["error"] == "invalid_grant"
    assert not is_active(server, spot, first["access_token"])


def test_twenty_exchanges_of_one_code_at_once_give_at_most_one_and_kill_it(applications, server):
    """The insert of the token family decides the race. [O-1, AX14]"""
    spot, _ = applications
    code = code_for(server, spot, member())
    answers = in_parallel(server, [spot.exchange(code) for _ in range(MANY)])
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {answer.json()["error"] for answer in answers if answer not in won} == {"invalid_grant"}
    assert not is_active(server, spot, won[0].json()["access_token"])
    assert TokenFamily.objects.count() == 1


def test_twenty_codes_of_one_person_and_second_at_once_all_work(applications, server):
    """The same user, client and second: N exchanges, N successes. [O-1]"""
    spot, _ = applications
    person = member()
    cookies = {settings.SESSION_COOKIE_NAME: cookie_of(person)}
    codes_ = []
    with httpx.Client(base_url=server.base_url, cookies=cookies, trust_env=False) as seat:
        for _ in range(MANY):
            location = seat.get("/oidc/authorize", params=spot.parameters()).headers["Location"]
            codes_.append(httpx.URL(location).params["code"])
    answers = in_parallel(server, [spot.exchange(code) for code in codes_])
    assert [answer.status_code for answer in answers] == [200] * MANY
    assert len({answer.json()["access_token"] for answer in answers}) == MANY


def test_a_code_of_another_spelling_is_another_code(applications, server):
    """Every change of a code, also one that decodes to the same bytes, is refused. [O-1, AX14, AX24]"""
    spot, _ = applications
    code = code_for(server, spot, member())
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = [code[:-1] + mark for mark in last if mark != code[-1]]
    spellings = [
        code + "=",
        code + "==",
        code[:-1],
        code[1:],
        code + "A",
        code.swapcase(),
        code[::-1],
        "A" * 5000,
        ".",
    ]
    for changed in [*stray, *spellings]:
        answer = server.post("/oidc/token", data=spot.exchange(changed))
        assert answer.status_code == 400, changed
    assert server.post("/oidc/token", data=spot.exchange(code)).status_code == 200


def test_a_code_lives_a_minute(applications, server):
    """60 seconds. [O-1]"""
    spot, _ = applications
    server.post("/oidc/token", data=spot.exchange(code_for(server, spot, member())))
    presence = ApplicationSession.objects.get()
    stale = codes.Code(
        sid=str(presence.pk),
        client_id="spot",
        redirect_uri=spot.redirect_uri,
        scope="openid",
        nonce="n",
        code_challenge=challenge_of(spot.verifier),
        is_interactive=True,
        issued_at=clock.now() - settings.LIMITS.authorization_code_life,
    )
    assert (
        server.post("/oidc/token", data=spot.exchange(codes.seal(stale))).json()["error"] == "invalid_grant"
    )


def test_another_client_cannot_use_a_refresh_token(applications, server):
    """Bound to its client, and not spoiled by the theft. [O-1, AX14]"""
    spot, harbor = applications
    person = member(role="reader", application="harbor")
    code = code_for(server, harbor, person, scope="openid offline_access")
    tokens = server.post("/oidc/token", data=harbor.exchange(code)).json()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused = server.post("/oidc/token", data=spot.signed(**form)).json()["error"]
    assert refused in {"invalid_grant", "unauthorized_client"}
    assert server.post("/oidc/token", data=harbor.signed(**form)).status_code == 200


def test_twenty_refreshes_at_once_give_at_most_one_and_kill_the_family(applications, server):
    """At most one live family; after a race none. [O-1, AX14]"""
    _, harbor = applications
    person = member(role="reader", application="harbor")
    code = code_for(server, harbor, person, scope="openid offline_access")
    tokens = server.post("/oidc/token", data=harbor.exchange(code)).json()
    forms = [
        harbor.signed(grant_type="refresh_token", refresh_token=tokens["refresh_token"]) for _ in range(MANY)
    ]
    answers = in_parallel(server, forms)
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) <= 1
    assert {answer.status_code for answer in answers} <= {200, 400}
    for answer in won:
        assert not is_active(server, harbor, answer.json()["access_token"])
    assert TokenFamily.objects.get().end_reason == "token_reused"
