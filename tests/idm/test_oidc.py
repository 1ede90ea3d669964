"""Entering an application through IDM: sign-in, code, claims, refusal. (O-1, O-2, O-3, I-1)"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from joserfc import jwt

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import ApplicationSession, Session
from tests.idm.build_oidc import (
    VISITOR,
    Application,
    account,
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
from tests.idm.build_proofing import proofed

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


def test_a_person_with_a_role_gets_a_code_state_and_issuer(spot):
    """Every redirect carries the issuer. [O-1]"""
    asked = spot.parameters()
    response = browser(member()).get("/oidc/authorize", asked)
    assert response.status_code == 302
    assert response["Location"].startswith(spot.redirect_uri + "?")
    answer = answer_of(response)
    assert set(answer) == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == (asked["state"], settings.BASE_URL)


def test_the_id_token_says_who_and_how_and_names_nobody(spot):
    """Subject, assurance, acr, amr, auth_time, sid, nonce; nothing personal: it travels in a URL at sign-out. [O-1, O-3]"""
    person = member()
    tokens = tokens_for(spot, person, nonce="nonce-of-this-test")
    decoded = jwt.decode(tokens["id_token"], signing_keys().public, algorithms=["ES256"])
    claims = decoded.claims
    assert (claims["iss"], claims["aud"], claims["sub"]) == (settings.BASE_URL, "spot", str(person.pk))
    assert claims["nonce"] == "nonce-of-this-test"
    assert (claims["acr"], claims["amr"]) == ("urn:bailiwick:acr:mfa", ["pwd", "otp", "mfa"])
    assert claims["sid"] == str(ApplicationSession.objects.get().pk)
    assert abs(claims["auth_time"] - clock.now().timestamp()) < 60
    assert claims["bailiwick_assurance"] == 1
    assert "at_hash" in claims
    assert not {"preferred_username", "name", "email", "bailiwick_grants"} & set(claims)


def told_of(spot, person, **asked):
    """What introspection says of a person who has just signed in."""
    tokens = tokens_for(spot, person, **asked)
    return post("/oidc/introspect", spot.signed(token=tokens["access_token"])).json()


def test_introspection_says_who_and_with_which_grants(spot):
    """Subject, user ID, name, e-mail, assurance, and the grants in this application. [O-3]"""
    person = member()
    claims = told_of(spot, person)
    assert (claims["preferred_username"], claims["name"]) == (person.user_id, "Casey Underhill")
    assert (claims["email"], claims["bailiwick_assurance"]) == (person.email, 1)
    (grant,) = claims["bailiwick_grants"]
    assert (grant["role"], grant["organization"]["legal_name"]) == ("end-user", "Fernwood Family Practice")


def test_no_claim_holds_a_birth_date_address_or_ssn(spot):
    """No SSN, birth date or home address, ever. [O-3]"""
    claims = told_of(spot, member())
    text = repr(claims)
    assert "1984" not in text
    assert "Fern Court" not in text
    assert not {"ssn", "birthdate", "address", "phone_number"} & set(claims)


def test_scopes_not_asked_for_are_not_answered(spot):
    """Minimal claims by scope. [O-3]"""
    claims = told_of(spot, member(), scope="openid")
    assert not {"name", "email", "preferred_username"} & set(claims)
    assert claims["bailiwick_grants"]


def test_a_code_exchange_is_at_most_eight_statements(spot):
    """On hot paths the count of queries is the whole game. [O-1]"""
    person = account(ssn="900100044")
    add_grant(person)
    proofed(person, now=clock.now())
    form = spot.exchange(code_for(spot, person))
    with CaptureQueriesContext(connection) as asked:
        response = post("/oidc/token", form)
    assert response.status_code == 200, response.content
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    statements = [one["sql"] for one in asked.captured_queries if not one["sql"].upper().startswith(control)]
    assert len(statements) <= 8, "\n".join(statements)


def test_twenty_codes_of_one_person_and_second_all_become_tokens(spot):
    """The same user, client and second: each code is its own. [O-1]"""
    person = member()
    seat = browser(person)
    codes = [answer_of(seat.get("/oidc/authorize", spot.parameters()))["code"] for _ in range(20)]
    answers = [post("/oidc/token", spot.exchange(code)).status_code for code in codes]
    assert answers == [200] * 20
    assert ApplicationSession.objects.count() == 1


def test_an_interactive_exchange_stamps_the_sign_in(spot):
    """What counts is a code exchanged after the person chose to sign in there. [I-1]"""
    person = member()
    tokens_for(spot, person)
    assert Grant.objects.get(account=person).last_sign_in_at is not None
    assert Entry.objects.filter(deed="application:signin:completed", subject=str(person.pk)).count() == 1


def test_a_silent_exchange_stamps_nothing(spot):
    """Never prompt=none. [I-1]"""
    person = member()
    tokens_for(spot, person, prompt="none")
    assert Grant.objects.get(account=person).last_sign_in_at is None


def test_somebody_not_signed_in_is_sent_to_sign_in_and_back(spot):
    """The request waits in a signed cookie, and the sign-in pages let forms lead to the application. [S-1]"""
    person, asked = member(), spot.parameters()
    seat = browser()
    response = seat.get("/oidc/authorize", asked)
    assert (response.status_code, response["Location"]) == (302, "/")
    page = seat.get("/")
    assert "form-action 'self' http://localhost:8001" in page["Content-Security-Policy"]
    seat.cookies.update(browser(person).cookies)
    from bailiwick.idm.sessions import continuing

    class Carried:
        COOKIES = {name: morsel.value for name, morsel in seat.cookies.items()}

    path = continuing.read(Carried).path
    assert path.startswith("/oidc/authorize?")
    arrived = seat.get(path)
    assert answer_of(arrived)["state"] == asked["state"]
    assert not seat.cookies[continuing.cookie_name()].value


def test_silence_with_nobody_signed_in_is_login_required(spot):
    """prompt=none never shows a page. [O-1]"""
    answer = answer_of(browser().get("/oidc/authorize", spot.parameters(prompt="none")))
    assert (answer["error"], answer["iss"]) == ("login_required", settings.BASE_URL)


def test_prompt_login_asks_for_a_factor_again_and_then_lets_in(spot):
    """The application may want the sign-in fresh. [S-1]"""
    person = member()
    seat = browser(person)
    asked = spot.parameters(prompt="login")
    sent = seat.get("/oidc/authorize", asked)
    assert sent["Location"] == "/sign-in/verify/"
    session = Session.objects.get(account=person)
    cookie = sessions.reverify(session=session, factor="totp", by=VISITOR, now=clock.now())
    seat.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert "code" in answer_of(seat.get("/oidc/authorize", asked))


def test_max_age_asks_again_only_after_that_time(spot):
    """The application may want the sign-in young. [O-1]"""
    seat = browser(member(), ago=timedelta(minutes=10))
    assert "code" in answer_of(seat.get("/oidc/authorize", spot.parameters(max_age="3600")))
    assert seat.get("/oidc/authorize", spot.parameters(max_age="60"))["Location"] == "/sign-in/verify/"
    answer = answer_of(seat.get("/oidc/authorize", spot.parameters(max_age="60", prompt="none")))
    assert answer["error"] == "login_required"


def test_an_application_that_wants_more_than_an_email_code_gets_it(harbor):
    """A sign-in by e-mail code does not enter where the application file demands a stronger factor. [S-2]"""
    person = member(role="reader", application="harbor")
    asked = harbor.parameters()
    page = browser(person, factor="email").get("/oidc/authorize", asked)
    assert page.status_code == 200
    assert b"A stronger sign-in is needed" in page.content
    assert "code" in answer_of(browser(person, factor="totp").get("/oidc/authorize", asked))


def test_acr_values_can_ask_for_more_than_the_file(spot):
    """The application may want the sign-in stronger. [S-1]"""
    asked = spot.parameters(acr_values="urn:bailiwick:acr:phishing-resistant", prompt="none")
    answer = answer_of(browser(member()).get("/oidc/authorize", asked))
    assert answer["error"] == "unmet_authentication_requirements"


def test_somebody_without_a_grant_gets_no_code_but_a_page(spot):
    """A person without an active grant in the application gets no code. [O-2]"""
    person = account()
    seat = browser(person)
    response = seat.get("/oidc/authorize", spot.parameters())
    assert response["Location"] == "/no-access/?application=spot"
    page = seat.get(response["Location"])
    assert page.status_code == 200
    assert b"You cannot enter SPOT yet" in page.content
    assert Entry.objects.filter(deed="application:signin:refused", subject=str(person.pk)).exists()


def test_silence_without_a_grant_is_access_denied(spot):
    """SPOT explains only errors returned to it. [O-2]"""
    answer = answer_of(browser(account()).get("/oidc/authorize", spot.parameters(prompt="none")))
    assert answer["error"] == "access_denied"


def test_an_unknown_application_has_no_page(spot):
    """/no-access/ speaks of applications of the catalogue only. [O-2]"""
    assert browser(account()).get("/no-access/?application=nowhere").status_code == 404
