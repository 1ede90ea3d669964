"""SPOT's keys change while forms go on: answers open, TINs and groups are found, one group has one case. [L-4]"""

import io

import pytest

from bailiwick.ground.program import clock
from bailiwick.ground.vault.keyring import KeyRing, LiveRing, create
from bailiwick.ground.vault.providers import KeyFile
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Version
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.forms import Refusal
from bailiwick.spot.site.management.commands.keys import Command
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import VISITOR, awaiting_case, filled_case, signed_case
from tests.spot.build_signing import refusal_of, sign_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(settings, tmp_path):
    path = tmp_path / "keys.json"
    create(path)
    settings.KEY_RING = LiveRing(KeyFile(path))
    return settings.KEY_RING


def keys(verb: str, name: str, identifier: str = "", *, distribute: bool = False) -> str:
    out = io.StringIO()
    command = Command(stdout=out, stderr=out)
    command.settle_seconds = 0
    command.handle(verb=verb, name=name, identifier=identifier, distribute=distribute)
    return out.getvalue()


def test_every_key_of_a_case_and_a_record_changes(ring):
    """Answers, versions, the payer's answer and the TIN's digest fit afterwards, the old keys gone. [L-4] [F-5]"""
    case, record = filled_case(), enrolled()
    answers, outcome = queries.answers_of(case), queries.payer_outcome(case, queries.answers_of(case))
    assert outcome is not None
    for name in ("pii", "ssn", "digest"):
        keys("rotate", name)
        keys("retire", name, "1") if name != "digest" else None
        case.refresh_from_db()
        record.refresh_from_db()
        assert queries.answers_of(case) == answers
        assert queries.payer_outcome(case, answers) == outcome, name
        assert len(record.tin) == 9
    assert all(bytes(one.answers_sealed)[2:3] == b"2" for one in Version.objects.all())


def test_one_group_has_one_case_in_the_midst_of_a_rotation(ring, settings):
    """A case that holds its group under the old key stops one that brings it under the new. [F-6] [L-4]"""
    signed_case()
    keys("rotate", "digest", distribute=True)
    both = ring.ring(at_once=True)
    settings.KEY_RING = KeyRing(both.keys | {"digest": ("2", both.keys["digest"][1])})
    second = filled_case(contact_email="second@pelicancove.example")
    assert [one.code for one in queries.problems(second) if one.stops] == [Finding.GROUP_IN_REVIEW]
    arguments = {"case": second, "expected_revision": second.revision, "by": VISITOR, "now": clock.now()}
    assert refusal_of(actions.ask_for_signature, **arguments) == Refusal.GROUP_IN_REVIEW


def test_of_two_signed_under_different_keys_the_second_is_stopped(ring, settings):
    """Where the constraint sees nothing, for the digests differ, the look under every key does. [F-6] [L-4]"""
    first, token = awaiting_case()
    keys("rotate", "digest", distribute=True)
    both = ring.ring(at_once=True)
    settings.KEY_RING = KeyRing(both.keys | {"digest": ("2", both.keys["digest"][1])})
    second, other_token = awaiting_case(
        contact_email="second@pelicancove.example",
        official_email="ivo.marsh@pelicancove.example",
        official_name="Ivo Marsh",
        official_standing="delegated",
    )
    assert first.group_ptan_npi_digest != second.group_ptan_npi_digest
    sign_now(token, first)
    assert refusal_of(sign_now, other_token, second) == Refusal.GROUP_IN_REVIEW
