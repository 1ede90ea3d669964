"""What a billing service that is enrolled files later: a migration list, other contacts; its record stays as it is (F-1, F-3)."""

import pytest
from django.test import Client
from django.utils import timezone

from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.checks import check_rows
from bailiwick.spot.forms.models import Signature
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.forms import Authority
from bailiwick.spot.rules.lists import OnFile, pair_of
from bailiwick.spot.services import actions as serving
from bailiwick.spot.services.models import Affiliation
from bailiwick.spot.services.queries import route_on, served_by
from tests.refusing import refusal
from tests.spot.build_desk import desk
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_form_pages import texts
from tests.spot.build_forms import mailed
from tests.spot.build_kinds import (
    LISTED,
    MIGRATED,
    PELICAN,
    TIDEWATER,
    TIDEWATER_RECORD,
    approve,
    filled,
    pelican,
    taken,
)

pytestmark = pytest.mark.django_db
CHANGE = "third-party-change"
ASKED = ("tin", "contact", "technical", "vendor", "official")
NOT_SERVED = {**MIGRATED, **{key: LISTED[key] for key in ("name", "ptan", "npi", "tin")}}


def own(record: EnrollmentRecord, **changes: str) -> dict[str, str]:
    """Tidewater's answers about a record: a list, and no other contacts unless `changes` says so."""
    named = {"submitter_id": record.submitter_id, "submitter_name": record.legal_name}
    kept = {key: answer for key, answer in TIDEWATER.items() if key.startswith(ASKED)}
    return {**kept, **named, "contacts_change": "no", "has_list": "yes", **changes}


def stops(case) -> set[tuple[str, str]]:
    return {(problem.field, str(problem.code)) for problem in queries.problems(case) if problem.stops}


def test_a_later_migration_list_is_served_under_the_submitter_id_that_is_there():
    """The record stays as it was, line by line; what is not borne out is left out, and the letter says both. [F-3, F-4, E-1]"""
    record, one = enrolled(**TIDEWATER_RECORD), desk()
    before = EnrollmentRecord.objects.values().get()
    case = taken(one, CHANGE, own(record), rows=[MIGRATED, NOT_SERVED])
    assert queries.live_signature(case).authority == Authority.MATCHED
    assert approve(case, one) == record
    assert EnrollmentRecord.objects.values().get() == before
    (row,) = Affiliation.objects.all()
    assert (row.record, row.provider.ptan, row.is_own, row.sends_claims, row.tracking) == (
        record,
        "SG3107",
        False,
        True,
        case.tracking,
    )
    assert route_on(row.provider, timezone.localdate(clock.now())).receiver == record
    (letter,) = mailed(TIDEWATER["contact_email"], "form-approved")
    for told in (
        record.submitter_id,
        "the enrollment record and everybody's roles stay as they are",
        "Providers of the list that are set up: 1. Remittance assigned: 1.",
        "Pelican Cove Laser Center, PC2042, 1900410774:",
    ):
        assert told in letter["text"]
    assert "contacts of this form count" not in letter["text"]


def test_a_later_list_gives_nobody_back_who_ended_it():
    """Whom the submitter served in SPOT once is left out: what it does there for them was their own word. [E-5, F-4]"""
    record, one = enrolled(**TIDEWATER_RECORD), desk()
    case = taken(one, CHANGE, own(record), rows=[MIGRATED])
    (said,) = check_rows(case)
    assert said is OnFile.KNOWN
    pair = pair_of(MIGRATED)
    serve = {"services": frozenset(), "is_own": False, "name": MIGRATED["name"], "state": "FL"}
    common = {
        "record": record,
        "pair": pair,
        "on": timezone.localdate(clock.now()),
        "by": BY,
        "now": clock.now(),
    }
    serving.affiliate(**common, **serve)
    serving.end_service(**common, tracking="")
    assert check_rows(case) == [OnFile.IN_SPOT]
    # Asked before that end, and looked at again when it is approved.
    approve(case, one, rows_on_file=[said])
    assert not served_by(record, day=common["on"])
    assert "or ended there" in mailed(TIDEWATER["contact_email"], "form-approved")[-1]["text"]


def test_a_later_list_that_takes_remittance_waits_for_objection_and_the_record_is_told():
    """As every list does; approver and contact of record hear of the signature. [F-8, E-2]"""
    record, one = enrolled(**TIDEWATER_RECORD), desk()
    case = taken(one, CHANGE, own(record), rows=[MIGRATED], days_ago=0.5)
    assert refusal(approve, case, one) is Refusal.OBJECTION_TIME
    assert mailed(record.approver_email, "form-signed-warning")


def test_other_contacts_alone_are_a_change_signed_by_whoever_is_on_record():
    """The approver of record may be the official; nothing answered is nothing to sign. [F-3, F-8]"""
    record, one = enrolled(**TIDEWATER_RECORD), desk()
    tess = {"official_name": "Tess Approver", "official_email": TIDEWATER["approver_email"]}
    case = taken(one, CHANGE, own(record, contacts_change="yes", has_list="no", **tess), days_ago=0)
    assert Signature.objects.get().authority == Authority.MATCHED
    approve(case, one)
    (letter,) = mailed(case.contact_email, "form-approved")
    assert "contacts of this form count from today on" in letter["text"]
    assert "Change by a billing service or clearinghouse" in texts(Client().get("/forms/"))
    nothing = filled(CHANGE, own(record, has_list="no"))
    assert stops(nothing) == {("has_list", Finding.NOTHING_TO_CHANGE)}


def test_it_names_a_third_partys_record_by_id_and_name_together():
    """A wrong pair stops the signature, and so does a provider's record: its people have forms of their own. [F-5, F-8]"""
    record = enrolled(**TIDEWATER_RECORD)
    wrong = filled(CHANGE, own(record, submitter_name="Somebody Else"), rows=[MIGRATED])
    assert stops(wrong) == {("submitter_id", Finding.PAIR_NO_MATCH)}
    providers = filled(CHANGE, own(pelican(), tin=PELICAN["tin"]), rows=[MIGRATED])
    assert stops(providers) == {("submitter_id", Finding.RECORD_OF_ANOTHER_KIND)}


def test_an_approval_needs_the_filers_own_record_as_it_stands_then():
    """An official on file for one third party changes nothing of another's, of a provider, or of what is closed. [F-8, F-12]"""
    record, one = enrolled(**TIDEWATER_RECORD), desk()
    another = enrolled(**{**TIDEWATER_RECORD, "tin": "900450299", "legal_name": "Another Billing House"})
    anothers = taken(one, CHANGE, own(another), rows=[MIGRATED])
    assert refusal(approve, anothers, one) is Refusal.RECORD_DIFFERS
    case = taken(one, CHANGE, own(record), rows=[MIGRATED])
    for change in ({"kind": "provider_office"}, {"kind": "billing_service", "status": "closed"}):
        EnrollmentRecord.objects.filter(pk=record.pk).update(**change)
        assert refusal(approve, case, one) is Refusal.RECORD_DIFFERS
    assert not Affiliation.objects.exists()
