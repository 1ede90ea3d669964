"""Forms take the fields that they declare: every column of every model, sent along everywhere, sets nothing (AX20, SR-36)."""

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.sessions.models import Session
from tests.idm import build_pages as build
from tests.idm.authorization import routes
from tests.idm.build_registration import CONTACT, PERSONAL, SECRETS, register

pytestmark = pytest.mark.django_db

# What a person may say about themselves, in the forms that ask for it.
OWN = {
    "email",
    "phone",
    "language",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "user_id",
    "zip",
    "state",
}


def every_column(place) -> dict[str, str]:
    """A value that would help, for each column of each model of IDM."""
    columns = {
        field.name
        for model in apps.get_models()
        if model.__module__.startswith("bailiwick.idm.")
        for field in model._meta.concrete_fields
    }
    helpful = {
        "organization": str(place.pk),
        "record": str(place.record_id),
        "role": "tier-3",
        "application": "idm",
        "acr": "urn:bailiwick:acr:phishing-resistant",
        "stage": "full",
        "roles": "tier-3",
        "grants": "tier-3",
        "terms_version": "99",
        "merged_into": "",
    }
    return {name: helpful.get(name, clock.now().isoformat()) for name in columns - OWN}


def power_of(account: Account) -> list[object]:
    """What an account may do and is held to be, and no form of its own may set."""
    fresh = Account.objects.get(pk=account.pk)
    sessions = Session.objects.filter(account=account).values_list(
        "stage", "acr", "proofs", "authenticated_at"
    )
    return [
        (fresh.user_id, fresh.state, fresh.email_key, fresh.created_at, fresh.merged_into_id),
        is_proofed(fresh),
        sorted(map(str, sessions)),
        list(Grant.objects.filter(account=account)),
        list(RoleRequest.objects.filter(account=account)),
        list(SsnNumber.objects.filter(account=account).values_list("state", flat=True)),
    ]


def test_columns_sent_along_to_any_own_page_set_nothing():
    """By POST to every address without a key in it, signed in: no role, no proofing, no other account, no stronger session. [AX20]"""
    place = build.organization()
    account = build.person(is_proofed=False)
    client, columns = build.browser(account).client, every_column(place)
    client.raise_request_exception = False
    before, wrong = power_of(account), []
    for route in routes():
        if route.has_parameter or "sign-out" in route.pattern:
            continue
        with transaction.atomic():
            response = client.post(route.shown, columns)
            if response.status_code >= 500 or (power_of(account) != before):
                wrong.append(f"{route.shown}: {response.status_code}, {power_of(account)}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def test_columns_sent_along_while_registering_make_no_more_than_an_account():
    """Three steps with every column: one account, active, unproven, without a role, its number a claim. [AX20]"""
    columns, client = every_column(build.organization()), Client()
    register(client, personal=columns | PERSONAL, contact=columns | CONTACT, secrets=columns | SECRETS)
    account = Account.objects.get(user_id=SECRETS["user_id"])
    assert (account.state, account.merged_into_id, is_proofed(account)) == ("active", None, False)
    assert not Grant.objects.filter(account=account).exists()
    assert set(SsnNumber.objects.filter(account=account).values_list("state", flat=True)) == {"claim"}
