"""Many guesses at once, over HTTP, at every kind of code: no more are looked at than the limit allows (AX06, AX07)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import queries
from bailiwick.idm.signin.models import Authenticator, OneTimeCode
from tests.idm import build_accounts as build
from tests.idm import build_factors as devices
from tests.idm import build_webauthn as keys
from tests.idm.build_factors import MOBILE, OFFICE
from tests.idm.build_webauthn import SoftwareKey
from tests.thorough import whole

pytestmark = pytest.mark.django_db(transaction=True)
GUESSES, AT_ONCE = whole(500, part=100), 25


def earlier() -> None:
    """As if every code had been sent two minutes before."""
    for code in OneTimeCode.objects.all():
        OneTimeCode.objects.filter(pk=code.pk).update(sent_at=code.sent_at - timedelta(minutes=2))


def with_everything():
    """Somebody who has every kind of factor, signed out."""
    client, key = Client(), SoftwareKey()
    robin = devices.with_phone(client)
    earlier()
    devices.add_phone(client, "voice", OFFICE)
    secret = build.with_authenticator(robin, now=clock.now() - timedelta(minutes=5))
    client.post("/sign-out/")
    build.sign_in_by_app(client, robin, secret)
    codes = devices.add_codes(client)
    keys.add(client, key)
    client.post("/sign-out/")
    Authenticator.objects.update(last_step=0)
    earlier()
    return robin, key, secret, codes


def browsers(holder, many: int) -> list[Client]:
    """Each past the password."""
    clients = [Client() for _ in range(many)]
    for client in clients:
        assert build.give_password(client, holder)["Location"] == "/sign-in/verify/"
    return clients


def signed_in(holder) -> set:
    """The open sessions past the second step."""
    rows = Session.objects.filter(account=holder, ended_at=None).exclude(stage="password")
    return set(rows.values_list("pk", flat=True))


def at_once(work, jobs: list) -> list[int]:
    def one(job) -> int:
        try:
            return work(job).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(one, jobs))


def wrong(code: str, step: int) -> str:
    return f"{(int(code) + 1 + step) % 1_000_000:06}"


def test_hundreds_of_wrong_codes_at_once_are_looked_at_three_times():
    """Over all kinds and browsers no more than the limit; then every right one is refused, and the passkey works. [S-5, AX06]"""
    robin, key, secret, codes = with_everything()
    number = build.number_of(secret)
    already = signed_in(robin)
    mail, text, call, app, paper = clients = browsers(robin, 5)
    sent = {}
    for client, kind, address in ((mail, "email", ""), (text, "sms", MOBILE), (call, "voice", OFFICE)):
        client.post("/sign-in/verify/", {"send": kind})
        sent[kind] = devices.code_to(address) if address else build.code_sent_to(robin.email)
    kinds = dict(zip(("email", "sms", "voice", "totp", "recovery"), clients, strict=True))
    right = {**sent, "totp": number, "recovery": codes[1]}
    before = Entry.objects.count()

    def guess(position: int):
        kind = list(kinds)[position % 5]
        code = f"{position:016}" if kind == "recovery" else wrong(right[kind], position)
        other = Client()
        other.cookies["idm_session"] = kinds[kind].cookies["idm_session"].value
        return other.post("/sign-in/verify/", {"factor": kind, "code": code})

    assert set(at_once(guess, list(range(GUESSES)))) == {200}
    tries = Entry.objects.filter(pk__gt=before, deed="signin:factor:failed")
    assert tries.count() == GUESSES
    assert tries.filter(outcome="failed").count() <= 3
    for kind, client in kinds.items():
        refused = client.post("/sign-in/verify/", {"factor": kind, "code": right[kind]})
        assert "not right" in refused.content.decode(), kind
    assert queries.recovery_codes_left(robin) == 10
    assert signed_in(robin) == already
    assert app is not paper
    assert keys.sign_in(Client(), key)["Location"] == "/home/"


def test_one_number_in_twenty_browsers_signs_in_once():
    """The same TOTP 20 times at once through the page: one session; again in the next step: none. [AX07]"""
    now = clock.now()
    robin = build.account(now=now)
    secret = build.with_authenticator(robin, now=now - timedelta(minutes=5))
    already, clients = signed_in(robin), browsers(robin, 20)
    # The step after the present one is within the drift, and stays so while the machine is slow.
    number = build.number_of(secret, now + timedelta(seconds=30))
    taken = at_once(lambda one: one.post("/sign-in/verify/", {"factor": "totp", "code": number}), clients)
    assert taken.count(302) == 1
    assert len(signed_in(robin) - already) == 1
    late = browsers(build.account(), 1)[0]
    assert late.post("/sign-in/verify/", {"factor": "totp", "code": number}).status_code == 200


def test_one_recovery_code_in_twenty_browsers_signs_in_once():
    """The same recovery code 20 times at once: one session, one code less. [S-3, AX06]"""
    robin, _key, _secret, codes = with_everything()
    clients = browsers(robin, 20)
    taken = at_once(
        lambda one: one.post("/sign-in/verify/", {"factor": "recovery", "code": codes[4]}), clients
    )
    assert taken.count(302) == 1
    assert queries.recovery_codes_left(robin) == 9


def test_two_phones_at_once_are_one():
    """Two windows that add a phone for texts at the same instant: one counts. [S-4]"""
    robin = build.account()
    windows = [Client(), Client()]
    for number, window in zip((MOBILE, OFFICE), windows, strict=True):
        build.sign_in_by_email(window, robin)
        earlier()
        page = devices.start_phone(window, number=number)
        earlier()
        window.page, window.code = page, devices.code_to(number)
    at_once(lambda window: window.post(window.page, {"code": window.code}), windows)
    assert [factor.kind.value for factor in queries.factors(robin)] == ["sms", "email"]


def test_six_passkeys_at_once_are_five():
    """The limit holds where six are added at the same instant, each in a session of its own. [S-4]"""
    robin = build.account()
    windows = []
    for _ in range(6):
        client = Client()
        build.sign_in_by_email(client, robin)
        earlier()
        OneTimeCode.objects.update(sent_at=clock.now() - timedelta(hours=2))
        client.form = {"name": "Key", "assertion": SoftwareKey().create(keys.asked_to_add(client))}
        windows.append(client)
    at_once(lambda one: one.post("/profile/mfa/add/passkey/", one.form), windows)
    assert len(queries.passkeys(robin)) <= 5
