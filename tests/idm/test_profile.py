"""My Profile: what it shows and what the holder changes there."""

from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import FormerPassword, Password
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db

NEW = "Copper-Violet-Harbor-9"
CONTACT = {
    "in_us": "yes",
    "line_1": "12 Larkspur Lane",
    "city": "Orlando",
    "state": "FL",
    "zip": "32801",
    "phone": "202-555-0101",
    "text_capable": "no",
    "language": "en",
}


@pytest.fixture
def robin(client: Client) -> Account:
    account = build.account(ssn="900123456")
    build.sign_in_by_email(client, account)
    return account


def text(answer) -> str:
    return answer.content.decode()


def change(client: Client, new: str = NEW, *, current: str = build.PASSWORD, again: str = ""):
    return client.post("/profile/password/", {"current": current, "new": new, "again": again or new})


def age_the_last_change(account: Account) -> None:
    Password.objects.filter(pk=account.pk).update(changed_by_holder_at=clock.now() - timedelta(hours=25))


def test_personal_information_is_shown_with_the_last_four(client: Client, robin: Account):
    """The holder sees all of it but the SSN's first five digits. [R-9, A-3]"""
    page = text(client.get("/profile/"))
    assert "My Profile" in page
    for shown in (robin.user_id, robin.email, "12 Larkspur Lane", "202 555 0101", "3456"):
        assert shown in page
    assert "900123456" not in page
    assert "90012" not in page


def test_the_menu_lists_what_works(client: Client, robin: Account):
    """Every entry of the left menu opens. [R-9]"""
    page = text(client.get("/profile/"))
    for path, label in (
        ("/profile/", "Personal Contact Information"),
        ("/profile/business/", "Business Contact Information"),
        ("/profile/password/", "Change Password"),
        ("/profile/mfa/", "Manage MFA and Recovery Devices"),
    ):
        assert f'href="{path}"' in page
        assert label in page
        assert client.get(path).status_code == 200


def test_the_phone_is_changed_and_told(client: Client, robin: Account):
    """Edit, Submit; ledger and mail say that, not what. [R-9, L-2]"""
    assert "Submit" in text(client.get("/profile/edit/"))
    client.post("/profile/edit/", CONTACT | {"phone": "512-555-0199", "text_capable": "yes"})
    robin.refresh_from_db()
    assert (robin.phone, robin.text_capable) == ("5125550199", True)
    assert build.deeds_of(robin)[-1] == "account:profile:changed"
    assert "5550199" not in build.text_of(build.mails_to(robin.email, "profile_changed")[0])


def test_bad_values_are_refused_at_the_field(client: Client, robin: Account):
    """Wrong kind, too long, unreadable: a sentence, and nothing is written. [R-2]"""
    assert "10 digits" in text(client.post("/profile/edit/", CONTACT | {"phone": "12345"}))
    bad = {"business_title": "T" * 61, "business_employer": "A\x00B", "business_phone": "1"}
    page = text(client.post("/profile/business/edit/", bad))
    assert "at most 60" in page
    assert "cannot be shown" in page
    robin.refresh_from_db()
    assert robin.business_title == ""
    assert "account:profile:changed" not in build.deeds_of(robin)


def test_business_contact_information_is_optional_and_editable(client: Client, robin: Account):
    """All seven fields, each optional; unchanged values write nothing. [R-8]"""
    typed = {"business_employer": "Palm & Sons", "business_phone": "512 555 0111", "business_extension": "12"}
    for _ in range(2):
        assert client.post("/profile/business/edit/", typed)["Location"] == "/profile/business/?saved"
    page = text(client.get("/profile/business/"))
    assert "Palm &amp; Sons" in page
    assert "512 555 0111" in page
    assert build.deeds_of(robin).count("account:profile:changed") == 1


def test_the_password_is_changed(client: Client, robin: Account):
    """The new one signs in, the old one does not; other sessions end, this one stays; it is mailed. [P-4, S-7]"""
    other = Client()
    build.sign_in_by_email(other, robin)
    assert change(client)["Location"] == "/profile/password/?saved"
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    assert Session.objects.filter(account=robin, end_reason="password_changed").count() == 1
    assert build.mails_to(robin.email, "password_changed")
    assert build.give_password(Client(), robin).status_code == 200
    assert build.give_password(Client(), robin, NEW).status_code == 302


def test_the_password_is_changed_once_in_24_hours(client: Client, robin: Account):
    """A second change waits a day. [P-4]"""
    change(client)
    answer = change(client, "Marble-Cedar-Willow-3", current=NEW)
    assert "once in 24 hours" in text(answer)
    age_the_last_change(robin)
    assert change(client, "Marble-Cedar-Willow-3", current=NEW).status_code == 302


def test_the_last_six_passwords_are_refused(client: Client, robin: Account):
    """The present one and the five before are refused, the seventh is free again. [P-2]"""
    words = ("Falcon", "Ginger", "Willow", "Marble", "Cedars", "Violet")
    used = [build.PASSWORD]
    for word in words:
        for old in used[-6:]:
            assert "one of your last 6" in text(change(client, old, current=used[-1]))
        fresh = f"{word}-Quiet-Meadow-7"
        assert change(client, fresh, current=used[-1]).status_code == 302
        used.append(fresh)
        age_the_last_change(robin)
    assert FormerPassword.objects.filter(account=robin).count() == 5
    assert change(client, used[0], current=used[-1]).status_code == 302


def test_a_wrong_current_password_counts_as_a_failure(client: Client, robin: Account):
    """Three of them lock the path, at this door too. [S-5, AX06]"""
    for _ in range(3):
        assert "not right" in text(change(client, current="Wrong-Password-123"))
    assert change(client).status_code == 200
    assert build.mails_to(robin.email, "path_locked")


def test_a_weak_new_password_is_refused_with_its_reason(client: Client, robin: Account):
    """The rules of registration apply. [P-1, P-2]"""
    assert "at least 15" in text(change(client, "Short-1"))
    assert "not the same" in text(change(client, again="Different-Words-1"))
    assert "signin:password:changed" not in build.deeds_of(robin)


def test_changing_the_password_needs_a_fresh_second_step(client: Client, robin: Account):
    """After 15 minutes the factor is asked again. [S-6]"""
    Session.objects.update(factor_at=clock.now() - timedelta(minutes=15))
    assert client.get("/profile/password/")["Location"] == "/sign-in/verify/"
    assert change(client)["Location"] == "/sign-in/verify/"


def test_nobody_sees_a_profile_without_signing_in(client: Client):
    """Every page of it leads to sign in. [S-1]"""
    for path in ("/profile/", "/profile/edit/", "/profile/business/", "/profile/mfa/", "/profile/password/"):
        assert client.get(path)["Location"] == "/"
