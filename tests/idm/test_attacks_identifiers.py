"""Identifiers that were somebody else's before: user IDs, mailboxes, archived and discarded accounts (AX11)."""

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import grants_for_claims, live_grants
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.signin import queries
from tests.idm import build_access, build_registration
from tests.idm import build_accounts as build
from tests.idm import build_recovery as recovery

pytestmark = pytest.mark.django_db
MARIA = {"first": "María-José", "last": "O'Neill Núñez", "user_id": "maria.oneill"}
SOMEBODY_ELSE = {
    "first_name": "Tomás",
    "last_name": "Quill",
    "birth_date_day": "3",
    "ssn": "900-98-7654",
    "email": "maria@example.org",
    "email_again": "maria@example.org",
}


@pytest.fixture
def archived() -> Account:
    """Maria was an approver, proofed; her account was archived, her rights ended or not yet."""
    holder = build.account(**MARIA, ssn="900123456", email="maria@example.org")
    accounts.verify_ssn(account=holder, by=build.VISITOR, now=build.NOON)
    organization = build_access.organization()
    grant = build_access.grant_by_bootstrap
    grant(
        account=holder,
        application="spot",
        role=build_access.APPROVER,
        organization=organization,
        by=build_access.COMMAND,
        now=clock.now(),
    )
    Account.objects.filter(pk=holder.pk).update(state=AccountState.ARCHIVED)
    return Account.objects.get(pk=holder.pk)


def newest() -> Account:
    return Account.objects.latest("created_at")


def test_an_archived_person_who_registers_again_opens_no_second_account(archived):
    """The proven number stays theirs for life: the registration is stopped, and answers as ever. [A-2, A-4, AX11]"""
    answer = build_registration.register(Client(), secrets={"user_id": "maria.again"})
    assert answer["Location"] == build_registration.DONE_URL
    assert Account.objects.get() == archived
    assert not queries.password_of_user_id("maria.again")


@pytest.mark.parametrize("spelling", ["maria.oneill", "MARIA.ONEILL", "Maria.Oneill"])
@pytest.mark.parametrize("state", [AccountState.ARCHIVED, AccountState.DISCARDED])
def test_the_user_id_of_a_closed_account_is_never_given_again(archived, spelling, state):
    """Not in any spelling, whatever became of the account. [A-1, R-5, AX11]"""
    Account.objects.update(state=state)
    client = Client()
    answer = build_registration.register(client, personal=SOMEBODY_ELSE, secrets={"user_id": spelling})
    assert answer.status_code == 200
    assert Account.objects.get() == archived


def test_the_mailbox_of_an_archived_account_carries_no_right_to_another_person(archived):
    """A new person at the same mailbox is a new `sub` with no grant; nothing is found by the address. [A-1, R-4, AX11]"""
    client = Client()
    build_registration.register(client, personal=SOMEBODY_ELSE, secrets={"user_id": "tomas.quill"})
    tomas, now = newest(), clock.now()
    assert (tomas.user_id, tomas.email) == ("tomas.quill", "maria@example.org")
    assert tomas.pk != archived.pk
    assert live_grants(tomas, now=now) == []
    assert grants_for_claims(tomas, "spot", now=now) == []
    assert list(Grant.objects.values_list("account", flat=True)) == [archived.pk]
    build.sign_in_by_email(client, tomas)
    page = client.get("/roles/").content.decode()
    assert "Provider Office Approver" not in page


def test_the_mailbox_recovers_only_the_account_that_lives(archived):
    """Forgot Password and Forgot User ID of the archived account send nothing to whoever has its mailbox now. [P-7, P-8, AX11]"""
    recovery.begins(client := Client(), archived.user_id)
    recovery.chooses(client)
    assert not build.mails_to(archived.email, "recovery_code")
    form = {
        "first": "María-José",
        "last": "O'Neill Núñez",
        "birth_date_month": "1",
        "birth_date_day": "2",
        "birth_date_year": "1971",
        "email": archived.email,
        "zip_code": "32801",
    }
    assert Client().post("/forgot-user-id/", form).status_code in {200, 302}
    assert not build.mails_to(archived.email, "user_id_forgotten")


@pytest.mark.parametrize("spelling", [("María-José", "O'Neill Núñez"), ("MARIA JOSE", "oneill nunez")])
def test_a_name_with_accents_finds_its_person(spelling):
    """With accents or without, in any case. [P-8, A-8]"""
    holder = build.account(**MARIA)
    born = accounts.queries.personal_facts(holder).birth_date
    form = {
        "first": spelling[0],
        "last": spelling[1],
        "birth_date_month": str(born.month),
        "birth_date_day": str(born.day),
        "birth_date_year": str(born.year),
        "email": holder.email.upper(),
        "zip_code": "32801",
    }
    assert Client().post("/forgot-user-id/", form).status_code == 302
    assert holder.user_id in build.text_of(build.mails_to(holder.email, "user_id_forgotten")[-1])
