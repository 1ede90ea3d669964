"""What an application reads of its own through the provisioning API: records, organizations, roles (O-4)."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.deeds import Deed
from bailiwick.wire.provisioning import content_digest, fingerprint
from tests.idm import build_oidc as oidc
from tests.idm.build_access import approver, end_user, organization, put, wire_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(tmp_path, settings):
    """Ask a door of the API as SPOT; the answer's status and JSON."""
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = oidc.Application("spot")
    oidc.use_keys(tmp_path, spot)
    form = spot.signed(grant_type="client_credentials", scope="provisioning")
    token = oidc.post("/oidc/token", form).json()["access_token"]

    def ask(path, sent=None, **query):
        how = {"headers": {"Authorization": f"Bearer {token}"}}
        address = f"/api/v1/{path}"
        body = {"data": json.dumps(sent), "content_type": "application/json"}
        answer = (
            Client().get(address, query, **how) if sent is None else Client().post(address, **body, **how)
        )
        return answer.status_code, answer.json()

    yield ask
    oidc.forget_catalogue()


def test_held_records_carry_version_and_fingerprint(asked):
    """What both sides compare: the version, and a digest of all that the record says; of its own application only. [O-4]"""
    sent = wire_record("HELD1")
    put(sent)
    organization("OTHERS1")
    EnrollmentRecord.objects.filter(submitter_id="OTHERS1").update(application="sample2")
    status, told = asked("enrollment-records")
    print_of_it = fingerprint(content=content_digest(sent), tin=sent.tin)
    known = {"submitter_id": "HELD1", "version": 1, "fingerprint": print_of_it}
    assert (status, told) == (200, {"records": [known], "next": ""})
    assert asked("enrollment-records", after="HELD1")[1]["records"] == []


def test_what_idm_lacks_is_told_pair_by_pair(asked):
    """Held in an older version, not at all, or as another application's; nothing odd gets as far as the database. [O-4, AX31]"""
    put(wire_record("HELD1"))
    organization("OTHERS1")
    EnrollmentRecord.objects.filter(submitter_id="OTHERS1").update(application="sample2")

    def lacking(*pairs):
        sent = [{"submitter_id": submitter_id, "version": version} for submitter_id, version in pairs]
        return asked("enrollment-records/lacking", sent)

    found = lacking(("HELD1", 1), ("NONE1", 1), ("OTHERS1", 1))
    assert found == (200, {"lacking": ["NONE1", "OTHERS1"]})
    assert lacking(("HELD1", 2))[1] == {"lacking": ["HELD1"]}
    assert lacking(("A\x00", 1))[0] == 422


def test_an_organization_is_told_with_its_health(asked):
    """Who can decide, since when, what lacks and the next step; nothing of a record that nobody claimed. [G-7, O-4]"""
    place = organization()
    somebody = approver(of=place, now=clock.now())
    status, told = asked("organizations", submitter_id=[place.submitter_id, "NOBODY1"])
    [one] = told["organizations"]
    assert status == 200
    assert one["submitter_id"] == place.submitter_id
    assert (one["people"], one["waiting"]) == (1, 0)
    assert one["approved_since"]
    codes = {found["code"] for found in one["findings"]}
    assert codes & {"only_one_approver", "no_able_approver", "only_email_factor"}
    assert all(found["sentence"] and found["next_step"] for found in one["findings"])
    assert somebody.user_id not in str(told)
    assert asked("organizations", submitter_id=["X1"] * 51)[0] == 422


@pytest.mark.parametrize(
    ("which", "changes", "is_told"),
    [
        ("all", {}, True),
        ("inactive", {}, False),
        ("inactive", {"started_at": timedelta(days=-40)}, True),
        ("uncertified", {}, False),
        ("uncertified", {"certify_by": timedelta(days=20)}, True),
    ],
)
def test_roles_are_told_by_how_they_stand(asked, which, changes, is_told):
    """All, the inactive, those whose certification is open; that it was read is on the ledger. [B-4, I-4, C-1, L-2]"""
    place, now = organization(), clock.now()
    holder = end_user(of=place, now=now)
    moved = {
        name: (now + span).date() if name == "certify_by" else now + span for name, span in changes.items()
    }
    Grant.objects.filter(account=holder).update(**{"last_sign_in_at": None, **moved})
    status, told = asked("grants", which=which)
    assert status == 200
    assert [one["user_id"] for one in told["grants"]] == ([holder.user_id] if is_told else [])
    assert all(one["submitter_id"] == place.submitter_id for one in told["grants"])
    assert Entry.objects.filter(deed=Deed.GRANTS_TOLD.value, application="spot").exists()


def test_roles_of_other_applications_are_not_told(asked):
    """A client reads its own application's roles only, and one organization's where it asks for that. [O-4, SR-20]"""
    place, other, now = organization(), organization(), clock.now()
    foreign, here = end_user(of=place, now=now), end_user(of=other, now=now)
    Grant.objects.filter(account=foreign).update(application="sample2")
    assert [one["user_id"] for one in asked("grants")[1]["grants"]] == [here.user_id]
    assert asked("grants", submitter_id=place.submitter_id)[1]["grants"] == []
    assert Client().get("/api/v1/grants").status_code == 401
    assert asked("grants", which="nonsense")[0] == 422


@pytest.mark.parametrize("odd", ["\x00", "a", "\u0663", "A" * 21, "'"])
def test_odd_texts_reach_no_database(asked, odd):
    """What can be no submitter ID is answered with 422 at every door. [O-4, AX31]"""
    assert asked("enrollment-records", after=odd)[0] == 422
    assert asked("organizations", submitter_id=[odd])[0] == 422
    assert asked("grants", submitter_id=odd)[0] == 422
    assert asked("grants", after=odd)[0] == 422
