"""What a thief did before the holder said "this was not me" opens nothing after the recovery (S-9, AX15)."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import Authenticator, FormerAnswer, Passkey
from tests.idm import build_accounts as build
from tests.idm import build_factors as devices
from tests.idm import build_recovery as recovery
from tests.idm import build_theft as theft
from tests.idm import build_webauthn as keys
from tests.idm.build_webauthn import SoftwareKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin() -> Account:
    return theft.somebody()


def test_a_passkey_that_a_thief_added_opens_nothing_after_the_recovery(robin):
    """It was added in a sign-in that the holder disowned: neither the first step nor the second takes it. [S-9, S-4, P-9]"""
    thief, key = theft.break_in(robin), SoftwareKey()
    assert keys.add(thief, key)["Location"] == "/profile/mfa/?added"
    theft.disown(robin)
    assert keys.sign_in(Client(), key).status_code == 200
    recovery.recovers(Client(), robin)
    assert keys.sign_in(Client(), key).status_code == 200
    half = Client()
    build.give_password(half, robin, recovery.NEW)
    assert keys.verify(half, key).status_code == 200
    assert not Session.objects.filter(account=robin, ended_at=None).exclude(stage="password").exists()
    assert "signin:factor:spoiled" in build.deeds_of(robin)
    assert build.mails_to(robin.email, "factor_spoiled")


def test_no_other_factor_of_a_thief_opens_anything_after_the_recovery(robin):
    """Authenticator app, phone and printed codes of the disowned sign-in: refused, each of them. [S-9, P-9]"""
    thief = theft.break_in(robin)
    page = thief.post("/profile/mfa/add/totp/", {"name": "Mine"})["Location"]
    secret = queries.secret_of(Authenticator.objects.get(account=robin))
    thief.post(page, {"code": build.number_of(secret, clock.now() - timedelta(seconds=30))})
    theft.earlier()
    assert devices.add_phone(thief)["Location"] == "/profile/mfa/?added"
    codes = devices.add_codes(thief)
    theft.disown(robin)
    recovery.recovers(Client(), robin)
    half = Client()
    build.give_password(half, robin, recovery.NEW)
    tries = {"totp": build.number_of(secret), "recovery": codes[1]}
    for kind, code in tries.items():
        assert half.post("/sign-in/verify/", {"factor": kind, "code": code}).status_code == 200
    before = len(build.mails_to(devices.MOBILE, "sign_in_text"))
    half.post("/sign-in/verify/", {"send": "sms"})
    assert len(build.mails_to(devices.MOBILE, "sign_in_text")) == before


def test_disowning_a_sign_in_never_lowers_the_bar(robin):
    """The mailbox thief disowns the holder's own sign-in, with its new passkey: e-mail stays a limited sign-in. [P-9, S-2]"""
    holder, key = theft.break_in(robin), SoftwareKey()
    keys.add(holder, key)
    theft.disown(robin)
    recovery.recovers(Client(), robin)
    thief = Client()
    build.give_password(thief, robin, recovery.NEW)
    thief.post("/sign-in/verify/", {"send": "email"})
    thief.post("/sign-in/verify/", {"factor": "email", "code": build.code_sent_to(robin.email)})
    assert Session.objects.get(account=robin, ended_at=None).stage == "limited"
    assert thief.get("/profile/mfa/add/").status_code == 403
    assert Passkey.objects.filter(account=robin).count() == 1


def test_a_factor_from_before_the_theft_goes_on(robin):
    """Disowning one sign-in spoils nothing that the holder had. [S-9]"""
    at_home, own = theft.break_in(robin), SoftwareKey()
    keys.add(at_home, own)
    at_home.post("/sign-out/")
    Passkey.objects.update(added_at=clock.now() - timedelta(days=2))
    theft.break_in(robin)
    theft.disown(robin)
    recovery.recovers(Client(), robin)
    assert keys.sign_in(Client(), own)["Location"] == "/home/"


@pytest.mark.parametrize("goal", ["password", "unlock"])
def test_a_way_in_that_was_begun_before_the_freeze_ends_with_it(robin, goal):
    """The thief proved a code, then the holder froze the account: that ladder leads nowhere. [S-9, P-7, AX01]"""
    theft.break_in(robin)
    thief = Client()
    recovery.proves(thief, robin, goal)
    form = {"ladder": recovery.ladder_on(thief, recovery.PATHS[goal][3]), "answer": build.ANSWER}
    theft.disown(robin)
    answer = thief.post(recovery.PATHS[goal][3], form | {"new": recovery.NEW, "again": recovery.NEW})
    assert (answer.status_code, answer["X-Refusal"]) == (403, "recovery_over")
    assert Account.objects.get(pk=robin.pk).frozen_at
    assert theft.has_password(robin, build.PASSWORD)


def test_a_reset_link_from_before_the_freeze_is_void(robin):
    """Whoever had the link then is not the one to open the account. [S-9, P-6]"""
    theft.break_in(robin)
    actions.send_reset_link(account=robin, why="Call 4711", by=build.VISITOR, now=clock.now())
    path = theft.link(robin.email, "reset_link", "reset-password")
    theft.disown(robin)
    form = {"answer": build.ANSWER, "new": recovery.NEW, "again": recovery.NEW}
    assert Client().post(path, form).status_code == 410
    assert Account.objects.get(pk=robin.pk).frozen_at
    recovery.recovers(Client(), robin)
    assert Account.objects.get(pk=robin.pk).frozen_at is None


# The security answer


def change_question(client: Client, answer: str) -> None:
    form = {"question": "first_concert", "answer": answer, "answer_again": answer}
    assert client.post("/profile/question/edit/", form).status_code == 302


def test_a_thief_who_changes_the_security_answer_locks_nobody_out(robin):
    """After "this was not me" the answer from before counts, the thief's does not; it is the account's again. [S-9, P-10, P-7]"""
    thief = theft.break_in(robin)
    change_question(thief, "Thieves Kitchen")
    change_question(thief, "Thieves Kitchen the second")
    theft.disown(robin)
    at_home = Client()
    recovery.proves(at_home, robin)
    assert recovery.finishes(at_home, answer="Thieves Kitchen the second").status_code == 200
    assert recovery.finishes(at_home, answer=build.ANSWER).status_code == 302
    holder = Account.objects.get(pk=robin.pk)
    assert holder.frozen_at is None
    assert queries.security_question(holder) == "first_pet"
    recovery.recovers(other := Client(), robin, new="Silver-Canoe-Thistle-9")
    assert theft.has_password(robin, "Silver-Canoe-Thistle-9")
    assert other.get("/home/").status_code == 302


def test_an_answer_that_the_holder_changed_in_peace_is_the_one_asked_for(robin):
    """A change in a sign-in that nobody disowned stays, whatever is disowned later; it is forgotten in time. [P-10, S-9]"""
    at_home = theft.break_in(robin)
    change_question(at_home, "Blue Heron Hall")
    FormerAnswer.objects.update(replaced_at=clock.now() - timedelta(days=2))
    at_home.post("/sign-out/")
    theft.break_in(robin)
    theft.disown(robin)
    actions.forget_old(now=clock.now() + timedelta(days=30))
    assert FormerAnswer.objects.exists()
    recovery.recovers(Client(), robin, answer="Blue Heron Hall")
    assert Account.objects.get(pk=robin.pk).frozen_at is None
    actions.forget_old(now=clock.now() + timedelta(days=30))
    assert not FormerAnswer.objects.exists()
