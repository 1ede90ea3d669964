"""Codes by text and by call: phones added, changed, removed; where codes go and what they are good for."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import queries
from bailiwick.idm.signin.models import OneTimeCode, PhoneFactor
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA
from tests.idm import build_accounts as build
from tests.idm import build_factors as phones
from tests.idm.build_factors import MOBILE, OFFICE

pytestmark = pytest.mark.django_db


def session_of(holder) -> Session:
    return Session.objects.filter(account=holder, ended_at=None).latest("created_at")


def kinds_of(holder) -> list[str]:
    return [factor.kind.value for factor in queries.factors(holder)]


def earlier(**times) -> None:
    """As if every code had been sent that much earlier."""
    for code in OneTimeCode.objects.all():
        OneTimeCode.objects.filter(pk=code.pk).update(sent_at=code.sent_at - timedelta(**times))


@pytest.mark.parametrize(("kind", "method"), [("sms", "sms"), ("voice", "tel")])
def test_a_phone_counts_once_its_code_was_typed(client: Client, kind, method):
    """Number, code, verified: then it is a factor, told and on the ledger, and signs in fully. [S-3, S-2, AX05]"""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    page = phones.start_phone(client, kind)
    assert kinds_of(robin) == ["email"]
    wrong = f"{(int(phones.code_to(MOBILE)) + 1) % 10**6:06}"
    assert "not right" in client.post(page, {"code": wrong}).content.decode()
    assert kinds_of(robin) == ["email"]
    before = client.cookies["idm_session"].value
    assert client.post(page, {"code": phones.code_to(MOBILE)})["Location"] == "/profile/mfa/?added"
    assert client.cookies["idm_session"].value != before
    assert kinds_of(robin) == [kind, "email"]
    assert build.mails_to(robin.email, "factor_added")
    assert "signin:factor:added" in build.deeds_of(robin)
    client.post("/sign-out/")
    earlier(minutes=2)
    assert phones.sign_in_by_phone(client, robin, kind)["Location"] == "/home/"
    session = session_of(robin)
    assert (session.stage, session.acr, session.amr) == ("full", ACR_MFA, ["pwd", method, "mfa"])
    assert PhoneFactor.objects.get().last_used_at


def test_a_call_goes_behind_the_extension(client: Client):
    """The extension travels with the number, and the voice says digit by digit. [S-3]"""
    robin = phones.with_phone(client, "voice", OFFICE, extension="1207")
    assert queries.code_address(robin, FactorKind.VOICE) == f"{OFFICE};ext=1207"
    told = phones.newest_to(f"{OFFICE};ext=1207")
    assert told.channel == "voice"
    assert told.is_secret
    assert "1207" in client.get("/profile/mfa/").content.decode()


@pytest.mark.parametrize("extension", ["12a", "１２", "1234567", "1;2", "-1"])
def test_an_extension_is_digits(client: Client, extension):
    """What no phone can dial is refused at the field. [S-3, AX31]"""
    build.sign_in_by_email(client, build.account())
    form = {"name": "Desk", "number": OFFICE, "extension": extension}
    assert client.post("/profile/mfa/add/voice/", form).status_code == 200
    assert not PhoneFactor.objects.exists()


def test_a_code_is_good_for_its_channel_and_purpose_only(client: Client):
    """A code for adding a phone signs nobody in, one by text is none by call, one by mail none by text. [S-2, AX26]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    phones.add_phone(client, "voice", OFFICE)
    client.post("/sign-out/")
    earlier(minutes=2)
    build.give_password(client, robin)
    client.post("/sign-in/verify/", {"send": "sms"})
    code = phones.code_to(MOBILE)
    assert client.post("/sign-in/verify/", {"factor": "voice", "code": code}).status_code == 200
    assert client.post("/sign-in/verify/", {"factor": "email", "code": code}).status_code == 200
    assert session_of(robin).stage == "password"
    assert client.post("/sign-in/verify/", {"factor": "sms", "code": code})["Location"] == "/home/"


def test_a_code_for_adding_a_phone_steps_nothing_up(client: Client):
    """Within the same session and channel, the purpose still binds it. [S-2, AX26]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    row = PhoneFactor.objects.get()
    changed = client.post(f"/profile/mfa/{row.pk}/edit/", {"name": "My phone", "number": OFFICE})
    code = phones.code_to(OFFICE)
    answer = client.post("/sign-in/verify/", {"factor": "sms", "code": code})
    assert "not right" in answer.content.decode()
    assert "signin:stepup:passed" in build.deeds_of(robin)  # of adding the first; no second one
    assert build.deeds_of(robin).count("signin:stepup:passed") == 1
    assert client.post(changed["Location"], {"code": code})["Location"] == "/profile/mfa/?added"


def test_another_session_does_not_take_the_code(client: Client):
    """A code is typed in the browser that asked for it. [S-2]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    first, second = Client(), Client()
    for browser in (first, second):
        build.give_password(browser, robin)
    first.post("/sign-in/verify/", {"send": "sms"})
    answer = second.post("/sign-in/verify/", {"factor": "sms", "code": phones.code_to(MOBILE)})
    assert answer.status_code == 200


def test_a_code_by_phone_is_good_for_ten_minutes(client: Client):
    """A minute later it is void; and it is not delivered any more. [numbers]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    build.give_password(client, robin)
    client.post("/sign-in/verify/", {"send": "sms"})
    code, row = phones.code_to(MOBILE), OneTimeCode.objects.latest("sent_at")
    assert row.expires_at - row.sent_at == timedelta(minutes=10)
    assert phones.newest_to(MOBILE).good_until == row.expires_at
    OneTimeCode.objects.update(expires_at=clock.now())
    assert client.post("/sign-in/verify/", {"factor": "sms", "code": code}).status_code == 200
    assert session_of(robin).stage == "password"


def test_three_wrong_tries_void_a_code(client: Client):
    """The fourth try finds no code, also where adding a phone. [numbers]"""
    build.sign_in_by_email(client, build.account())
    page = phones.start_phone(client)
    code = phones.code_to(MOBILE)
    for _ in range(3):
        client.post(page, {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert "not right" in client.post(page, {"code": code}).content.decode()
    assert not PhoneFactor.objects.filter(confirmed_at__isnull=False).exists()


def test_codes_are_spaced_and_counted_by_channel(client: Client):
    """30 seconds apart, five an hour over one channel, whatever they are for; another channel is open. [numbers]"""
    robin = phones.with_phone(client)
    client.post("/sign-out/")
    build.give_password(client, robin)
    assert client.post("/sign-in/verify/", {"send": "sms"}).status_code == 302
    soon = client.post("/sign-in/verify/", {"send": "sms"})
    assert (soon.status_code, "a moment ago" in soon.content.decode()) == (429, True)
    for _ in range(3):
        earlier(seconds=31)
        assert client.post("/sign-in/verify/", {"send": "sms"}).status_code == 302
    earlier(seconds=31)
    full = client.post("/sign-in/verify/", {"send": "sms"})
    assert (full.status_code, "5 codes were sent" in full.content.decode()) == (429, True)
    assert client.post("/sign-in/verify/", {"send": "email"}).status_code == 302


def test_a_changed_number_is_verified_first(client: Client):
    """Until the code of the new number is typed, codes go to the former; both are told. [S-3, AX10]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    row = PhoneFactor.objects.get()
    page = client.post(f"/profile/mfa/{row.pk}/edit/", {"name": "New phone", "number": OFFICE})["Location"]
    assert queries.code_address(robin, FactorKind.SMS) == MOBILE
    assert client.post(page, {"code": phones.code_to(OFFICE)})["Location"] == "/profile/mfa/?added"
    assert queries.code_address(robin, FactorKind.SMS) == OFFICE
    assert [factor.name for factor in queries.factors(robin)] == ["New phone", ""]
    for number in (MOBILE, OFFICE):
        assert Message.objects.filter(to=number, kind="factor_changed_text").count() == 1
    assert build.mails_to(robin.email, "factor_changed")
    assert "signin:factor:changed" in build.deeds_of(robin)


def test_a_code_to_the_former_number_dies_with_it(client: Client):
    """A code sent before the number was changed signs nobody in. [AX10]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    thief = Client()
    build.give_password(thief, robin)
    thief.post("/sign-in/verify/", {"send": "sms"})
    code, row = phones.code_to(MOBILE), PhoneFactor.objects.get()
    page = client.post(f"/profile/mfa/{row.pk}/edit/", {"name": "My phone", "number": OFFICE})["Location"]
    client.post(page, {"code": phones.code_to(OFFICE)})
    assert thief.post("/sign-in/verify/", {"factor": "sms", "code": code}).status_code == 200


def test_another_name_needs_no_code(client: Client):
    """The same number with another name is renamed, and told. [S-3]"""
    robin = phones.with_phone(client)
    row = PhoneFactor.objects.get()
    form = {"name": "Work mobile", "number": "(301) 555-0123"}
    assert client.post(f"/profile/mfa/{row.pk}/edit/", form)["Location"] == "/profile/mfa/?changed"
    assert "Work mobile" in client.get("/profile/mfa/").content.decode()
    assert build.mails_to(robin.email, "factor_renamed")


def test_one_phone_of_each_kind(client: Client):
    """A second number for texts is refused with what to do; one for calls is fine. [S-4]"""
    robin = phones.with_phone(client)
    earlier(minutes=2)
    answer = client.post("/profile/mfa/add/sms/", {"name": "Second", "number": OFFICE})
    assert "an account cannot have more" in answer.content.decode()
    phones.add_phone(client, "voice", OFFICE)
    assert kinds_of(robin) == ["sms", "voice", "email"]


def test_mail_is_limited_beside_a_phone(client: Client):
    """Once there is a phone, a code by mail lets in, but changes nothing. [S-2]"""
    robin = phones.with_phone(client)
    client.post("/sign-out/")
    earlier(minutes=2)
    build.sign_in_by_email(client, robin)
    session = session_of(robin)
    assert (session.stage, session.acr) == ("limited", ACR_LIMITED)
    assert client.get("/profile/mfa/add/")["X-Refusal"] == "session_limited"


def test_a_text_is_too_weak_to_step_up_beside_an_app(client: Client):
    """Signed in by text, an authenticator is asked for before devices change. [S-6, AX05]"""
    robin = phones.with_phone(client)
    build.with_authenticator(robin)
    client.post("/sign-out/")
    earlier(minutes=2)
    phones.sign_in_by_phone(client, robin)
    assert client.get("/profile/mfa/add/")["Location"] == "/sign-in/verify/"
    assert "Authenticator app" in client.get("/sign-in/verify/").content.decode()
    earlier(minutes=2)
    client.post("/sign-in/verify/", {"send": "sms"})
    assert client.get("/profile/mfa/add/")["Location"] == "/sign-in/verify/"


def test_a_removed_phone_is_told_and_lends_its_session_nothing(client: Client):
    """Every mailbox and the phone itself hear of it; the session is worth what is left. [S-3, S-6, AX05]"""
    robin = phones.with_phone(client)
    row = PhoneFactor.objects.get()
    assert "only device" in client.get(f"/profile/mfa/{row.pk}/remove/").content.decode()
    assert client.post(f"/profile/mfa/{row.pk}/remove/")["Location"] == "/profile/mfa/?removed"
    assert Message.objects.filter(to=MOBILE, kind="factor_removed_text").exists()
    assert build.mails_to(robin.email, "factor_removed")
    assert session_of(robin).acr == ACR_LIMITED


def test_nobody_is_asked_for_a_phone_where_nothing_can_be_sent(client: Client, settings, monkeypatch):
    """Without a provider the kinds are not offered, and refused where they are forced. [N-3]"""
    robin = phones.with_phone(client)
    monkeypatch.setattr(settings.ENVIRONMENT, "smtp_url", "smtp://mail.example:25")
    page = client.get("/profile/mfa/add/").content.decode()
    assert "Code by text message" not in page
    assert client.post("/profile/mfa/add/voice/", {"name": "Desk", "number": OFFICE}).status_code == 200
    assert PhoneFactor.objects.count() == 1
    other = Client()
    build.give_password(other, robin)
    assert "Send me a text" not in other.get("/sign-in/verify/").content.decode()
