"""Second factors: codes by e-mail, authenticator apps, limited sessions, step-up."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.rules.factors import FactorKind, Refusal
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import Authenticator, OneTimeCode
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db


def half(holder, now=build.NOON):
    session, _cookie = sessions.begin(account=holder, by=build.VISITOR, now=now)
    return session


def take(session, code, kind=FactorKind.EMAIL, now=build.NOON):
    return actions.take_second_step(session=session, kind=kind, code=code, by=build.VISITOR, now=now)


def sent(session, now=build.NOON) -> str:
    actions.send_code(session=session, by=build.VISITOR, now=now)
    return build.code_sent_to(session.account.email)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def refused_with(code, work) -> None:
    with pytest.raises(Refused) as refused:
        work()
    assert refused.value.code is code


def after(**times):
    return build.NOON + timedelta(**times)


def test_a_code_is_kept_only_as_a_digest():
    """Neither the code's row nor the waiting mail holds the code readable. [S-2]"""
    session = half(build.account())
    code = sent(session)
    row = OneTimeCode.objects.get()
    assert code.encode() not in bytes(row.digest)
    mail = build.mails_to(session.account.email, "sign_in_code")[0]
    assert code.encode() not in bytes(mail.body)
    assert mail.is_secret


def test_a_code_is_good_for_thirty_minutes():
    """At 30 minutes an e-mail code is refused. [S-2]"""
    session = half(build.account())
    code = sent(session)
    refused_with(Refusal.CODE_WRONG, lambda: take(session, code, now=after(minutes=30)))
    take(session, code, now=after(minutes=29, seconds=59))


def test_a_code_is_good_once():
    """A used code does not sign in again. [S-2]"""
    robin = build.account()
    session = half(robin)
    code = sent(session)
    take(session, code)
    refused_with(Refusal.CODE_WRONG, lambda: take(Session.objects.get(pk=session.pk), code))


def test_a_code_is_void_after_three_wrong_tries():
    """Even where the path stays open, the fourth look at a code is refused. [S-2, AX06]"""
    robin = build.account()
    session = half(robin)
    code = sent(session)
    for _ in range(3):
        refused_with(Refusal.CODE_WRONG, lambda: take(session, wrong(code)))
        actions.open_path(account=robin, by=build.VISITOR, now=build.NOON)
    refused_with(Refusal.CODE_WRONG, lambda: take(session, code))


def test_a_code_belongs_to_the_browser_that_asked():
    """A code sent to one session opens no other. [S-2, AX10]"""
    robin = build.account()
    one, other = half(robin), half(robin)
    code = sent(one)
    refused_with(Refusal.CODE_WRONG, lambda: take(other, code))


def test_a_new_code_voids_the_old_one():
    """Of two codes sent, the newer counts. [S-2]"""
    session = half(build.account())
    old = sent(session)
    new = sent(session, now=after(seconds=31))
    if old != new:
        refused_with(Refusal.CODE_WRONG, lambda: take(session, old, now=after(seconds=32)))
    take(session, new, now=after(seconds=33))


def test_codes_are_sent_every_thirty_seconds_and_five_an_hour():
    """Asking sooner, or a sixth time in the hour, sends nothing. [S-2]"""
    session = half(build.account())
    sent(session)
    refused_with(Refusal.CODE_TOO_SOON, lambda: sent(session, now=after(seconds=29)))
    for minute in range(1, 5):
        sent(session, now=after(minutes=minute))
    other = half(session.account)
    refused_with(Refusal.CODES_TOO_MANY, lambda: sent(other, now=after(minutes=59)))
    assert len(build.mails_to(session.account.email, "sign_in_code")) == 5
    sent(session, now=after(minutes=61))


def test_asking_too_soon_is_said_on_the_page(client: Client):
    """The page says when another code can be asked for, with status 429. [S-2]"""
    build.give_password(client, build.account())
    client.post("/sign-in/verify/", {"send": "email"})
    answer = client.post("/sign-in/verify/", {"send": "email"})
    assert answer.status_code == 429
    assert "A code was sent a moment ago" in answer.content.decode()


def test_an_authenticator_counts_only_once_it_has_shown_a_number(client: Client):
    """Add, scan or type, verify; before that it is no factor. [S-3]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    answer = client.post("/profile/mfa/add/totp/", {"name": "My phone"}, follow=True)
    page = answer.content.decode()
    assert "<svg" in page
    secret = re.search(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}", page).group().replace(" ", "")
    assert [factor.kind for factor in queries.factors(robin)] == [FactorKind.EMAIL]
    number = build.number_of(secret)
    client.post(answer.request["PATH_INFO"], {"code": wrong(number)})
    assert [factor.kind for factor in queries.factors(robin)] == [FactorKind.EMAIL]
    before = client.cookies["idm_session"].value
    answer = client.post(answer.request["PATH_INFO"], {"code": number})
    assert answer["Location"] == "/profile/mfa/?added"
    assert client.cookies["idm_session"].value != before
    assert [factor.name for factor in queries.factors(robin)] == ["My phone", ""]
    assert build.mails_to(robin.email, "factor_added")
    assert "signin:factor:added" in build.deeds_of(robin)


def test_the_secret_is_kept_sealed():
    """The database does not hold the authenticator's secret readable. [S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    assert secret.encode() not in bytes(Authenticator.objects.get().secret_sealed)


def test_an_app_signs_in_fully(client: Client):
    """The number of an app gives a full session. [S-1, S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    answer = build.sign_in_by_app(client, robin, secret)
    assert answer["Location"] == "/home/"
    assert client.get("/profile/mfa/").status_code == 200


def test_factors_are_offered_strongest_first(client: Client):
    """With an app, its code is asked for and mail is the other way. [S-2, S-3]"""
    robin = build.account()
    build.with_authenticator(robin)
    build.give_password(client, robin)
    page = client.get("/sign-in/verify/").content.decode()
    assert page.index("Authenticator app") < page.index("Send me an email")


def test_a_number_is_good_once_in_its_step_and_the_next():
    """The same number is refused in its own step and in the step after. [S-3, AX07]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    at = after(minutes=5)
    number = build.number_of(secret, at)
    take(half(robin, at), number, FactorKind.TOTP, at)
    for seconds in (0, 30):
        later = at + timedelta(seconds=seconds)
        refused_with(
            Refusal.CODE_WRONG, lambda now=later: take(half(robin, now), number, FactorKind.TOTP, now)
        )


def test_a_clock_may_be_one_step_off():
    """Numbers of the step before and after count, further ones do not. [S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    at = after(minutes=10)
    for steps, is_good in ((-2, False), (2, False), (-1, True), (1, True)):
        number = build.number_of(secret, at + timedelta(seconds=30 * steps))
        if is_good:
            take(half(robin, at), number, FactorKind.TOTP, at)
        else:
            refused_with(
                Refusal.CODE_WRONG, lambda one=number: take(half(robin, at), one, FactorKind.TOTP, at)
            )


@pytest.mark.django_db(transaction=True)
def test_one_number_in_twenty_browsers_signs_in_once():
    """20 simultaneous uses of the same number: one session. [S-3, AX07]"""
    now = clock.now()
    robin = build.account(now=now)
    secret = build.with_authenticator(robin, now=now - timedelta(minutes=5))
    number = build.number_of(secret, now)
    halves = [half(robin, now) for _ in range(20)]

    def race(session):
        try:
            take(session, number, FactorKind.TOTP, now)
        except Refused:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=20) as pool:
        won = list(pool.map(race, halves))
    assert sum(won) == 1
    assert Session.objects.filter(pk__in=[one.pk for one in halves], stage="full").count() == 1


def test_mail_gives_a_limited_session_once_there_is_an_app(client: Client):
    """Signed in by e-mail although there is an app: look, but change nothing. [S-2]"""
    robin = build.account()
    build.with_authenticator(robin)
    build.sign_in_by_email(client, robin)
    page = client.get("/profile/mfa/").content.decode()
    assert "Add another device" not in page
    for path in ("/profile/mfa/add/", "/profile/password/"):
        answer = client.get(path)
        assert (answer.status_code, answer["X-Refusal"]) == (403, "session_limited")


def test_a_limited_session_rises_with_the_app(client: Client):
    """The app's number lifts a limited session. [S-2, S-6]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_email(client, robin)
    client.post("/sign-in/verify/", {"factor": "totp", "code": build.number_of(secret)})
    assert client.get("/profile/mfa/add/").status_code == 200


def test_a_limited_sign_in_does_not_clear_the_failures():
    """A mailbox buys no further guesses at the app's number. [S-5]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    first = half(robin)
    for _ in range(2):
        refused_with(
            Refusal.CODE_WRONG,
            lambda: take(first, wrong(build.number_of(secret)), FactorKind.TOTP, after(minutes=1)),
        )
    take(first, sent(first))
    second = half(robin)
    refused_with(Refusal.CODE_WRONG, lambda: take(second, "000000", FactorKind.TOTP, after(minutes=2)))
    number = build.number_of(secret, after(minutes=3))
    refused_with(Refusal.CODE_WRONG, lambda: take(second, number, FactorKind.TOTP, after(minutes=3)))


def test_mail_is_too_weak_to_step_up_where_there_is_an_app():
    """A step-up needs a factor as strong as the account's strongest. [S-6, AX05]"""
    robin = build.account()
    session = half(robin)
    take(session, sent(session))
    code = sent(session, now=after(minutes=1))
    build.with_authenticator(robin)
    refused_with(Refusal.FACTOR_TOO_WEAK, lambda: take(session, code, now=after(minutes=2)))


def test_a_session_by_mail_stops_sufficing_when_an_app_was_added_elsewhere(client: Client):
    """A fresh e-mail session cannot remove an app that another session added. [S-6, AX05]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    build.with_authenticator(robin)
    device = Authenticator.objects.get()
    answer = client.post(f"/profile/mfa/{device.pk}/remove/")
    assert answer["Location"] == "/sign-in/verify/"
    assert Authenticator.objects.exists()


def test_an_old_second_step_is_asked_again(client: Client):
    """After 15 minutes changing devices asks for the factor, and goes on where it was. [S-6]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    Session.objects.update(factor_at=clock.now() - timedelta(minutes=16))
    assert client.get("/profile/mfa/add/")["Location"] == "/sign-in/verify/"
    assert "fresh check" in client.get("/sign-in/verify/").content.decode()
    Authenticator.objects.update(last_step=0)
    answer = client.post("/sign-in/verify/", {"factor": "totp", "code": build.number_of(secret)})
    assert answer["Location"] == "/profile/mfa/add/"
    assert client.get("/profile/mfa/add/").status_code == 200


def test_two_apps_at_most(client: Client):
    """A third authenticator is refused with what to do. [S-4]"""
    robin = build.account()
    build.with_authenticator(robin)
    secret = build.with_authenticator(robin, now=after(minutes=2))
    build.sign_in_by_app(client, robin, secret)
    answer = client.post("/profile/mfa/add/totp/", {"name": "Third"})
    assert "an account cannot have more" in answer.content.decode()
    assert Authenticator.objects.count() == 2


def test_a_device_is_named_and_removed(client: Client):
    """Edit changes the name, Remove asks first, then mails. [S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    device = Authenticator.objects.get()
    client.post(f"/profile/mfa/{device.pk}/edit/", {"name": "Tablet"})
    assert "Tablet" in client.get("/profile/mfa/").content.decode()
    assert "Remove" in client.get(f"/profile/mfa/{device.pk}/remove/").content.decode()
    client.post(f"/profile/mfa/{device.pk}/remove/")
    assert not Authenticator.objects.exists()
    assert build.mails_to(robin.email, "factor_removed")
    assert build.deeds_of(robin)[-2:] == ["signin:factor:removed", "signin:session:weakened"]


def test_nobody_touches_another_persons_device(client: Client):
    """The address of somebody else's device is not found. [S-3, AX17]"""
    other = build.account()
    build.with_authenticator(other)
    device = Authenticator.objects.get()
    build.sign_in_by_email(client, build.account())
    for act in ("edit", "remove"):
        assert client.post(f"/profile/mfa/{device.pk}/{act}/", {"name": "Mine"}).status_code == 404
    assert client.get(f"/profile/mfa/{device.pk}/verify/")["Location"] == "/profile/mfa/"
    assert Authenticator.objects.filter(pk=device.pk, name="My phone").exists()
