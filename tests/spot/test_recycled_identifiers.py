"""SPOT knows a person by issuer and `sub` alone: a user ID, name or mailbox that was somebody else's brings nothing (AX11)."""

import pytest
from django.test import Client

from bailiwick.spot.signin.models import Person
from tests.spot.build_signin import sign_in, signed_in

pytestmark = pytest.mark.django_db
ANOTHER = "8f2c3f0e-0000-4000-8000-000000000099"


def test_the_same_user_id_under_another_subject_is_another_person(provider):
    """Same user ID, name and mailbox, new `sub`: a row of its own, and the first one's session is not theirs. [O-1, A-1, AX11]"""
    first_browser, session = signed_in(provider)
    first = Person.objects.get()
    provider.told["sub"] = ANOTHER
    _second_browser, other = signed_in(provider)
    second = Person.objects.get(sub=ANOTHER)
    assert second.pk != first.pk
    assert (second.user_id, second.name) == (first.user_id, first.name)
    assert (session.person_id, other.person_id) == (first.pk, second.pk)
    assert first_browser.get("/home/").status_code == 200


def test_rights_of_the_first_never_come_with_the_name(provider):
    """A new `sub` without a grant stays outside, although its namesake has one. [O-2, A-1, AX11]"""
    signed_in(provider)
    provider.told |= {"sub": ANOTHER, "bailiwick_grants": []}
    client = Client()
    assert sign_in(client, provider).status_code != 302
    assert client.get("/home/").status_code == 302


def test_a_renamed_person_is_the_same_person(provider):
    """Another user ID, name and mailbox under the same `sub`: one row, renamed. [O-1, A-1, AX11]"""
    signed_in(provider)
    provider.told |= {"preferred_username": "ada.renamed", "name": "Ada Renamed", "email": "a@new.example"}
    signed_in(provider)
    assert Person.objects.get().user_id == "ada.renamed"
