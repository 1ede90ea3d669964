"""Hundreds of passwords at once, over every spelling of a person's user ID and every door that looks at one (AX06)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.merging import point_at
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import Password
from bailiwick.idm.signin.queries import password_path
from tests.idm import build_accounts as build
from tests.idm import build_webauthn as keys
from tests.idm.build_webauthn import SoftwareKey
from tests.thorough import whole

pytestmark = pytest.mark.django_db(transaction=True)
GUESSES, AT_ONCE = whole(500, part=100), 25
NEW = "Copper-Falcon-Harbor-8"
CHANGE = "/profile/password/"


def at_once(work) -> list[int]:
    def one(number: int) -> int:
        try:
            return work(number).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(one, range(GUESSES)))


def with_passkey():
    """Somebody with a passkey and an older account that was merged into theirs; and the open session."""
    robin, key, client = build.account(now=clock.now()), SoftwareKey(), Client()
    build.sign_in_by_email(client, robin)
    keys.add(client, key)
    older = build.account(now=clock.now())
    assert point_at(account=older, survivor=robin, by=build.VISITOR, now=clock.now())
    return robin, older, key, client


def spellings(robin, older) -> list[str]:
    """The same person, however typed."""
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in robin.user_id)
    plain = [robin.user_id, robin.user_id.upper(), f"  {robin.user_id} ", robin.user_id.title(), wide]
    return [*plain, older.user_id, older.user_id.upper()]


def test_hundreds_of_wrong_passwords_at_once_are_looked_at_three_times(monkeypatch):
    """Then the right one is refused in every spelling and at every door; the passkey and the session go on. [S-5, A-5, AX06]"""
    robin, older, key, inside = with_passkey()
    looked_at, real = [], hashing.is_right
    encoded = Password.objects.get(pk=robin.pk).encoded

    def looking(password: str, kept: str) -> bool:
        # Wide letters are nobody's user ID: what is hashed for nobody opens nothing.
        looked_at.extend([password] if kept == encoded else [])
        return real(password, kept)

    monkeypatch.setattr(hashing, "is_right", looking)
    monkeypatch.setattr(hashing, "WAITING_AT_MOST", GUESSES)
    names, cookie = spellings(robin, older), inside.cookies[settings.SESSION_COOKIE_NAME].value

    def guess(number: int):
        client, password = Client(raise_request_exception=False), f"Wrong-Guess-{number:06}"
        if number % 8 == 7:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
            return client.post(CHANGE, {"current": password, "new": NEW, "again": NEW})
        form = {"user_id": names[number % 7], "password": password, "terms": "on"}
        return client.post("/", form, REMOTE_ADDR=f"198.51.100.{number % 250}")

    assert set(at_once(guess)) <= {200, 503}
    assert 1 <= len(looked_at) <= settings.LIMITS.failures_before_lock
    evaluated = len(looked_at)
    assert password_path(robin, now=clock.now()).state is PathState.SUSPENDED
    for name in names:
        form = {"user_id": name, "password": build.PASSWORD, "terms": "on"}
        assert Client().post("/", form).status_code == 200, name
    changed = inside.post(CHANGE, {"current": build.PASSWORD, "new": NEW, "again": NEW})
    assert changed.status_code == 200
    assert len(looked_at) == evaluated
    assert inside.get("/home/").status_code == 200
    assert keys.sign_in(Client(), key)["Location"] == "/home/"
