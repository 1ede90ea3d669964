"""Recovery codes: made, kept, used once, replaced, gone with the last device."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import actions, queries
from bailiwick.idm.signin.models import (
    Authenticator,
    PasskeyChallenge,
    PhoneFactor,
    RecoveryCode,
    RecoverySheet,
)
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts as build
from tests.idm import build_factors as codes
from tests.idm.build_accounts import VISITOR

pytestmark = pytest.mark.django_db


def with_codes(client: Client):
    """Somebody with an authenticator and ten codes, signed in. The app's last number is used up."""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    return robin, secret, codes.add_codes(client)


def sign_in(client: Client, holder, code: str):
    build.give_password(client, holder)
    return client.post("/sign-in/verify/", {"factor": "recovery", "code": code})


def test_codes_count_once_one_was_typed_back(client: Client):
    """Ten codes, shown until one is typed back; that one is not used up, and none is shown again. [S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    page, shown = codes.shown_codes(client)
    assert len(set(shown)) == 10
    assert queries.recovery_codes_left(robin) == 0
    assert "not one of the codes" in client.post(page, {"code": "0000-0000-0000-0000"}).content.decode()
    assert shown[3] in client.get(page).content.decode()
    assert (
        client.post(page, {"code": shown[3].lower().replace("-", " ")})["Location"] == "/profile/mfa/?codes"
    )
    assert queries.recovery_codes_left(robin) == 10
    assert client.get(page)["Location"] == "/profile/mfa/"
    assert build.mails_to(robin.email, "factor_added")


def test_codes_are_kept_hashed(client: Client):
    """The database holds neither the codes nor, once they count, the sealed sheet. [S-3, ASVS 6.5]"""
    _robin, _secret, shown = with_codes(client)
    sheet = RecoverySheet.objects.get()
    assert bytes(sheet.codes_sealed) == b""
    kept = b"".join(bytes(code.digest) for code in RecoveryCode.objects.all())
    assert len(kept) == 320
    assert shown[0].replace("-", "").encode() not in kept


def test_the_sheet_is_downloaded_while_it_is_made(client: Client):
    """The file has all ten, is kept by no cache, and is gone afterwards. [S-3]"""
    robin = build.account()
    secret = build.with_authenticator(robin)
    build.sign_in_by_app(client, robin, secret)
    page, shown = codes.shown_codes(client)
    address = page.replace("verify/", "codes.txt")
    answer = client.get(address)
    assert codes.PRINTED.findall(answer.content.decode()) == shown
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    client.post(page, {"code": shown[0]})
    assert client.get(address).status_code == 404


def test_a_lost_device_is_replaced_with_a_code(client: Client):
    """A code signs in fully; the lost app is removed and a new one added with it. [S-3, P-9, AX05]"""
    robin, _secret, shown = with_codes(client)
    client.post("/sign-out/")
    assert sign_in(client, robin, shown[0])["Location"] == "/home/"
    session = Session.objects.filter(account=robin, ended_at=None).latest("created_at")
    assert (session.stage, session.acr, session.amr) == ("full", ACR_MFA, ["pwd", "recovery", "mfa"])
    assert "recovery_code_used" in [mail.kind for mail in build.mails_to(robin.email)]
    assert "signin:recovery:used" in build.deeds_of(robin)
    assert client.get("/profile/mfa/add/totp/").status_code == 200
    device = Authenticator.objects.get()
    assert client.get(f"/profile/mfa/{device.pk}/remove/").status_code == 200


def test_a_code_works_once(client: Client):
    """Used a second time it is a failure like any other. [S-3]"""
    robin, _secret, shown = with_codes(client)
    client.post("/sign-out/")
    sign_in(client, robin, shown[0])
    client.post("/sign-out/")
    again = sign_in(client, robin, shown[0])
    assert "not right" in again.content.decode()
    assert "locked for 60 minutes" in again.content.decode()
    assert "signin:factor:failed" in build.deeds_of(robin)
    assert sign_in(client, robin, shown[1].lower())["Location"] == "/home/"


def test_wrong_codes_lock_the_path(client: Client):
    """Recovery codes count with passwords and the rest: after three the right one is not looked at. [S-5, AX06]"""
    robin, _secret, shown = with_codes(client)
    other = Client()
    build.give_password(other, robin)
    for _ in range(3):
        other.post("/sign-in/verify/", {"factor": "recovery", "code": "AAAA-AAAA-AAAA-AAAA"})
    answer = other.post("/sign-in/verify/", {"factor": "recovery", "code": shown[0]})
    assert "not right" in answer.content.decode()
    assert queries.recovery_codes_left(robin) == 10


def test_new_codes_replace_the_old(client: Client):
    """Until the new sheet is confirmed the old one works, then never again. [S-3]"""
    robin, _secret, shown = with_codes(client)
    page, new = codes.shown_codes(client)
    assert queries.recovery_codes_left(robin) == 10
    other = Client()
    assert sign_in(other, robin, new[0]).status_code == 200
    assert sign_in(other, robin, shown[0])["Location"] == "/home/"
    client.post(page, {"code": new[1]})
    assert sign_in(Client(), robin, shown[1]).status_code == 200
    assert sign_in(Client(), robin, new[0])["Location"] == "/home/"
    assert RecoverySheet.objects.count() == 1


def test_few_codes_left_are_warned_of(client: Client):
    """The list says how many are left, and warns from three on. [S-3]"""
    _robin, _secret, _shown = with_codes(client)
    assert "10 codes left" in client.get("/profile/mfa/").content.decode()
    assert "running out" not in client.get("/profile/mfa/").content.decode()
    some = RecoveryCode.objects.values_list("pk", flat=True)[:7]
    RecoveryCode.objects.filter(pk__in=list(some)).update(used_at=build.NOON)
    page = client.get("/profile/mfa/").content.decode()
    assert "3 codes left" in page
    assert "running out" in page


def test_codes_are_made_beside_a_device_only(client: Client):
    """With e-mail alone they are not offered, and refused where they are forced. [S-3]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    assert "Add a device first" in client.get("/profile/mfa/add/").content.decode()
    assert client.post("/profile/mfa/add/recovery/")["X-Refusal"] == "device_first"
    assert queries.recovery_codes_left(robin) == 0


def test_codes_go_with_the_last_device(client: Client):
    """Nothing is left for them to stand in for; the holder is told of both. [S-3]"""
    robin, _secret, _shown = with_codes(client)
    device = Authenticator.objects.get()
    assert "recovery codes go with it" in client.get(f"/profile/mfa/{device.pk}/remove/").content.decode()
    client.post(f"/profile/mfa/{device.pk}/remove/")
    assert not RecoverySheet.objects.exists()
    assert len(build.mails_to(robin.email, "factor_removed")) == 2


def test_a_factor_reset_leaves_mail_only(client: Client):
    """Every device goes, whatever was being added with it; sessions are worth mail. [P-9]"""
    robin, _secret, _shown = with_codes(client)
    client.post("/profile/mfa/add/totp/", {"name": "Being added"})
    actions.remove_all_factors(account=robin, by=VISITOR, now=build.NOON)
    assert [factor.kind.value for factor in queries.factors(robin)] == ["email"]
    assert not Authenticator.objects.exists()
    assert build.deeds_of(robin).count("signin:factor:removed") == 2
    assert client.get("/profile/mfa/add/").status_code in {302, 403}


def test_nobody_touches_anothers_codes(client: Client):
    """Another person's sheet is not shown, confirmed, downloaded or removed. [AX17]"""
    robin, _secret, _shown = with_codes(client)
    sheet = RecoverySheet.objects.get(account=robin)
    other = Client()
    build.sign_in_by_email(other, build.account())
    assert other.get(f"/profile/mfa/{sheet.pk}/codes.txt").status_code == 404
    assert other.get(f"/profile/mfa/{sheet.pk}/verify/")["Location"] == "/profile/mfa/"
    assert other.post(f"/profile/mfa/{sheet.pk}/remove/").status_code == 404
    assert other.get(f"/profile/mfa/{sheet.pk}/edit/").status_code == 404


def test_what_was_begun_and_left_is_forgotten(client: Client):
    """A day later the sealed sheet, the phone and the app being added, and old questions are gone; what counts stays. [S-3]"""
    robin, _secret, _shown = with_codes(client)
    codes.shown_codes(client)
    client.post("/profile/mfa/add/totp/", {"name": "Left"})
    codes.start_phone(client)
    client.post("/profile/mfa/passkey/options/")
    later = clock.now() + timedelta(days=1, minutes=1)
    actions.forget_old(now=later)
    assert [factor.kind.value for factor in queries.factors(robin)] == ["totp", "email", "recovery"]
    assert RecoverySheet.objects.count() == Authenticator.objects.count() == 1
    assert not PhoneFactor.objects.exists()
    assert not PasskeyChallenge.objects.exists()
