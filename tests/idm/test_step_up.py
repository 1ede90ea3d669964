"""Step-up: a factor as strong as the account's strongest, lately; and sessions that say no more than is true. [S-6]"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.sessions import Stage, Standing, fresh_proofs, weakened
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions as signin
from bailiwick.idm.signin.models import Authenticator
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db

SENSITIVE = ("/profile/password/", "/profile/question/edit/", "/profile/email/edit/", "/profile/mfa/add/")
VISITOR = By("visitor", "192.0.2.9")


@pytest.fixture
def robin() -> Account:
    return build.account()


def signed_in(holder: Account, *factors: tuple[str, timedelta]) -> Client:
    """A browser whose session passed each of the factors that long ago, the first as the second step."""
    (first, ago), *others = factors
    session, _ = sessions.begin(account=holder, by=VISITOR, now=clock.now() - ago)
    cookie = sessions.complete(session=session, factor=first, stage="full", by=VISITOR, now=clock.now() - ago)
    for factor, since in others:
        cookie = sessions.reverify(session=session, factor=factor, by=VISITOR, now=clock.now() - since)
    Session.objects.filter(pk=session.pk).update(last_seen_at=clock.now())
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client


def is_let_in(client: Client, path: str = "/profile/password/") -> bool:
    answer = client.get(path)
    return answer.status_code == 200


@pytest.mark.parametrize("path", SENSITIVE)
def test_fifteen_minutes_suffice_and_not_more(robin: Account, path: str):
    """Password, question, e-mail and factors. [S-6]"""
    assert is_let_in(signed_in(robin, ("email", timedelta(minutes=14))), path)
    answer = signed_in(robin, ("email", timedelta(minutes=16))).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/verify/")


@pytest.mark.parametrize("path", SENSITIVE)
def test_a_limited_session_steps_up_for_nothing(robin: Account, path: str):
    """An e-mail code opens nothing that it cannot protect. [S-2, S-6]"""
    build.with_authenticator(robin)
    session, _ = sessions.begin(account=robin, by=VISITOR, now=clock.now())
    cookie = sessions.complete(session=session, factor="email", stage="limited", by=VISITOR, now=clock.now())
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get(path).status_code == 403


def test_a_fresh_weak_factor_borrows_nothing_from_an_old_strong_one(robin: Account):
    """Strength and freshness are of one and the same pass. [S-6, AX05]"""
    build.with_authenticator(robin)
    minutes = timedelta(minutes=1)
    assert is_let_in(signed_in(robin, ("totp", 14 * minutes), ("email", minutes)))
    assert not is_let_in(signed_in(robin, ("totp", 16 * minutes), ("email", minutes)))


def test_a_factor_added_elsewhere_is_asked_for_at_once(robin: Account):
    """What was the strongest a minute ago does not count. [S-6, AX05]"""
    client = signed_in(robin, ("email", timedelta(minutes=1)))
    assert is_let_in(client)
    build.with_authenticator(robin)
    assert not is_let_in(client)


def test_an_email_code_steps_up_nobody_with_an_app(robin: Account):
    """The weaker factor is refused at the page itself, too. [S-6, AX05]"""
    build.with_authenticator(robin)
    client = signed_in(robin, ("totp", timedelta(minutes=16)))
    client.post("/sign-in/verify/", {"send": "email"})
    mails = build.mails_to(robin.email, "sign_in_code")
    code = build.code_sent_to(robin.email) if mails else "000000"
    client.post("/sign-in/verify/", {"factor": "email", "code": code})
    assert not is_let_in(client)


def test_a_removed_factor_leaves_no_session_its_level(robin: Account):
    """Every open session falls to what its factors carry. [S-6, AX05]"""
    build.with_authenticator(robin)
    elsewhere = signed_in(robin, ("totp", timedelta(minutes=2)))
    session = Session.objects.filter(account=robin).latest("created_at")
    assert session.acr == ACR_MFA
    row = Authenticator.objects.get(account=robin)
    signin.remove_factor(account=robin, identifier=row.pk, by=VISITOR, now=clock.now())
    sessions.weaken(account=robin, by=VISITOR, now=clock.now())
    session.refresh_from_db()
    assert (session.acr, session.amr, session.stage) == (ACR_LIMITED, ["pwd"], "full")
    assert not is_let_in(elsewhere)
    assert "signin:session:weakened" in build.deeds_of(robin)


def test_weakening_where_nothing_changed_writes_nothing(robin: Account):
    """A session keeps what is true. [S-6]"""
    build.with_authenticator(robin)
    signed_in(robin, ("totp", timedelta(minutes=2)))
    sessions.weaken(account=robin, by=VISITOR, now=clock.now())
    session = Session.objects.filter(account=robin).latest("created_at")
    assert session.acr == ACR_MFA
    assert "signin:session:weakened" not in build.deeds_of(robin)


def test_a_session_without_a_factor_that_still_counts_is_limited():
    """Where the account has another, stronger than e-mail. [S-2, S-6]"""
    at = clock.now().isoformat()
    before = Standing({"totp": at}, ACR_MFA, ["pwd", "otp", "mfa"], Stage.FULL)
    assert weakened(before, ["passkey", "email"]) == Standing({}, ACR_LIMITED, ["pwd"], Stage.LIMITED)
    assert weakened(before, ["email"]) == Standing({}, ACR_LIMITED, ["pwd"], Stage.FULL)
    assert weakened(before, ["totp", "email"]) == before


def test_what_is_left_keeps_its_own_level():
    """A passkey goes, the app that was passed as well stays. [S-6]"""
    at = clock.now().isoformat()
    both = {"totp": at, "passkey": at}
    before = Standing(both, ACR_PHISHING_RESISTANT, ["pwd", "otp", "hwk", "mfa"], Stage.FULL)
    assert weakened(before, ["totp", "email"]) == Standing(
        {"totp": at}, ACR_MFA, ["pwd", "otp", "mfa"], Stage.FULL
    )


def test_freshness_is_of_each_pass():
    """To the second. [S-6]"""
    now = clock.now()
    proofs = {"totp": (now - timedelta(minutes=15)).isoformat(), "email": now.isoformat()}
    assert fresh_proofs(proofs, within=timedelta(minutes=15), now=now) == ["email"]
    assert fresh_proofs(proofs, within=timedelta(minutes=15, seconds=1), now=now) == ["totp", "email"]
