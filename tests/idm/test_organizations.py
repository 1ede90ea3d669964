"""Enrollment records and organizations."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.idm.organizations.actions import claim, count_search, find_enrollment
from bailiwick.idm.organizations.models import EnrollmentRecord, LookUpCount, NameWord, Organization
from bailiwick.idm.organizations.queries import (
    masked_tin,
    match_enrollment,
    organization,
    record_with,
    search,
)
from bailiwick.idm.rules.organizations import Refusal
from tests.idm.build_access import NOON, TIN, by, enrollment, person, put, wire_record
from tests.idm.build_access import organization as claimed

pytestmark = pytest.mark.django_db


def found(**where):
    return [one.submitter_id for one in search(**where)]


def test_a_record_is_read_in_once():
    """A record comes in, the same again is ignored. [O-4]"""
    record = wire_record("A1000")
    assert (put(record), put(record)) == ("created", "ignored")
    assert Entry.objects.filter(organization="A1000", deed="organization:record:received").count() == 1


def test_a_newer_version_replaces_an_older_one_is_ignored():
    """Only a higher version changes the record, whatever order they arrive in. [O-4]"""
    put(wire_record("A1001", version=2, legal_name="Second Name"))
    assert put(wire_record("A1001", version=1, legal_name="First Name")) == "ignored"
    assert put(wire_record("A1001", version=3, legal_name="Third Name")) == "updated"
    assert record_with("A1001").legal_name == "Third Name"


@pytest.mark.parametrize("change", [{"legal_name": "Other"}, {"tin": "123123123"}, {"status": "closed"}])
def test_the_same_version_with_other_content_is_refused(change):
    """A sender that has lost count is told, and nothing changes. [O-4]"""
    put(wire_record("A1002", legal_name="Palm"))
    with pytest.raises(Refused) as refused:
        put(wire_record("A1002", **({"legal_name": "Palm"} | change)))
    assert refused.value.code is Refusal.RECORD_VERSION_CONFLICT
    assert record_with("A1002").legal_name == "Palm"


def test_a_record_of_another_application_is_not_written_over():
    """A submitter ID belongs to the application that sent it first. [O-4]"""
    put(wire_record("A1003", legal_name="Palm"))
    EnrollmentRecord.objects.update(application="sample2")
    with pytest.raises(Refused) as refused:
        put(wire_record("A1003", version=2, legal_name="Other"))
    assert refused.value.code is Refusal.RECORD_OF_ANOTHER_APPLICATION
    assert record_with("A1003").legal_name == "Palm"


@pytest.mark.parametrize("tag", ["ein", "ssn"])
def test_a_tin_is_sealed_and_shown_masked(tag):
    """The TIN is nowhere in the row, and pages show its last four digits. [G-1, A-3]"""
    record = enrollment(tin_tag=tag, tin=TIN)
    assert masked_tin(record) == "•••••4321"
    row = EnrollmentRecord.objects.filter(pk=record.pk).values().get()
    assert all(
        TIN not in str(value) and TIN.encode() not in bytes(str(value), "utf-8") for value in row.values()
    )
    assert TIN.encode() not in bytes(row["tin_sealed"])


def test_the_same_tin_of_another_kind_is_another_organization():
    """Unique is the submitter ID. [G-1]"""
    assert enrollment(tin=TIN).pk != enrollment(tin=TIN, kind="billing_service").pk


@pytest.mark.parametrize("tag", ["ein", "ssn"])
def test_the_three_together_match(tag):
    """Submitter ID, legal name in any spelling, and TIN with or without hyphens. [G-2]"""
    record = enrollment("A1010", tin=TIN, legal_name="Peña & Sons, LLC", tin_tag=tag)
    match = match_enrollment(submitter_id=" a1010 ", legal_name="PENA AND SONS", tin="98-7654321")
    assert match == record


@pytest.mark.parametrize(
    "wrong", [{"submitter_id": "A9999"}, {"legal_name": "Palm Klinik"}, {"tin": "987654322"}, {"tin": ""}]
)
@pytest.mark.parametrize("tag", ["ein", "ssn"])
def test_whichever_is_wrong_the_answer_is_one(wrong, tag):
    """A wrong submitter ID, legal name or TIN is refused without saying which. [G-2]"""
    enrollment("A1011", tin=TIN, legal_name="Palm Clinic", tin_tag=tag)
    account = person()
    typed = {"submitter_id": "A1011", "legal_name": "Palm Clinic", "tin": TIN} | wrong
    with pytest.raises(Refused) as refused:
        find_enrollment(account=account, by=by(account), now=NOON, **typed)
    assert (refused.value.code, refused.value.facts) == (Refusal.ENROLLMENT_NOT_MATCHED, {})


def test_a_mismatch_is_on_the_ledger_without_what_was_typed():
    """An SSN may stand in any field; none of it is kept. [G-2, L-1]"""
    account = person()
    with pytest.raises(Refused):
        find_enrollment(
            account=account,
            submitter_id="123456789",
            legal_name="123456789",
            tin="123456789",
            by=by(account),
            now=NOON,
        )
    entry = Entry.objects.get(subject=str(account.pk), deed="organization:record:mismatched")
    assert "123456789" not in str(entry.__dict__)


def test_a_closed_record_matches_nobody():
    """Only an approved, active enrollment record can be created from. [G-2]"""
    enrollment("A1012", tin=TIN, legal_name="Palm Clinic", status="closed")
    assert match_enrollment(submitter_id="A1012", legal_name="Palm Clinic", tin=TIN) is None


def test_what_exists_is_turned_into_associate():
    """Creating what exists names it, so that the page goes on in place. [G-3]"""
    claimed("A1013", tin=TIN, legal_name="Palm Clinic")
    account = person()
    with pytest.raises(Refused) as refused:
        find_enrollment(
            account=account, submitter_id="A1013", legal_name="Palm clinic", tin=TIN, by=by(account), now=NOON
        )
    assert refused.value.code is Refusal.ORGANIZATION_EXISTS
    assert refused.value.facts == {"submitter_id": "A1013", "legal_name": "Palm Clinic"}


def test_claiming_again_is_the_same_organization():
    """An organization is a record, claimed: one to one. [G-1]"""
    record = enrollment()
    first, second = (claim(record=record, by=by(person()), now=NOON) for _ in range(2))
    assert first == second
    assert (
        Entry.objects.filter(organization=record.submitter_id, deed="organization:record:claimed").count()
        == 1
    )


def test_the_database_lets_nobody_claim_twice():
    """A duplicate cannot be made past the program either. [G-3]"""
    existing = claimed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(record=existing.record, created_at=NOON)


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "clinic"), ("status", "gone"), ("tin_tag", "itn"), ("version", 0)]
)
def test_the_database_knows_what_a_record_is(column, value):
    """Raw SQL cannot store a record that the program would not understand. [G-1]"""
    record = enrollment()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE idm_organizations_enrollmentrecord SET {column} = %s WHERE id = %s", [value, key(record)]
        )


def key(record):
    return EnrollmentRecord._meta.pk.get_db_prep_value(record.pk, connection)


def test_an_unclaimed_record_cannot_be_found():
    """The organization can be found from the approval on. [G-2]"""
    record = enrollment("A1020", legal_name="Hidden Harbor Clinic")
    assert found(name="Hidden Harbor") == []
    assert organization("A1020") is None
    claim(record=record, by=by(person()), now=NOON)
    assert found(name="Hidden Harbor") == ["A1020"]


@pytest.mark.parametrize(
    "sought", ["gulf coast ortho", "Orthopedics Gulf", "Gulf Coats Orthopedics", "ortopedics gulf"]
)
def test_searching_forgives(sought):
    """Word order and small typos. [G-5]"""
    claimed("A1030", legal_name="Gulf Coast Orthopedics, P.A.")
    claimed("A1031", legal_name="Gulf Shore Dermatology")
    assert found(name=sought) == ["A1030"]


def test_the_nearest_name_comes_first():
    """Best match on top. [G-5]"""
    claimed("A1040", legal_name="A Palmetto Clinic")
    claimed("A1041", legal_name="Palm Clinic")
    assert found(name="palm clinic") == ["A1041", "A1040"]


def test_the_nearest_is_found_however_many_share_its_words():
    """Organizations are ranked before any is left out: the last by name, too, comes first where it is nearest. [G-5]"""
    claimed("A1045", legal_name="Zephyr Family Practice")
    shared = list(NameWord.objects.filter(word__in=["family", "practice"]))
    template = EnrollmentRecord.objects.get(submitter_id="A1045")
    crowd = [copy_of(template, number) for number in range(500)]
    EnrollmentRecord.objects.bulk_create(crowd)
    Organization.objects.bulk_create([Organization(record=one, created_at=NOON) for one in crowd])
    links = NameWord.records.through
    links.objects.bulk_create(
        [links(nameword=word, enrollmentrecord=record) for word in shared for record in crowd]
    )
    assert found(name="practice famly zephir") == ["A1045"]
    assert len(found(name="family practice")) == 50


def copy_of(record, number):
    """Another row like it, named so that it comes before it."""
    row = {field.attname: getattr(record, field.attname) for field in EnrollmentRecord._meta.concrete_fields}
    name = f"Able Family Practice {number}"
    return EnrollmentRecord(
        **row
        | {
            "id": uuid4(),
            "submitter_id": f"CROWD{number}",
            "legal_name": name,
            "legal_name_key": name.lower(),
        }
    )


def test_a_place_narrows_the_search():
    """City, state and ZIP. [G-5]"""
    claimed("A1050", legal_name="Palm Clinic", city="Tampa", zip="336011234")
    claimed("A1051", legal_name="Palm Clinic", city="Saint Petersburg", zip="33701")
    assert found(name="palm", city="tampa") == ["A1050"]
    assert found(name="palm", zip="33701") == ["A1051"]
    assert found(zip="33601-1234", state="fl") == ["A1050"]
    assert found(name="palm", state="GA") == []


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"name": "pa"},
        {"name": "...a b"},
        {"city": "Or"},
        {"zip": "336"},
        {"state": "FL"},
        {"name": "pa", "zip": "33601"},
    ],
)
def test_too_little_is_not_searched(where):
    """Three letters at least. [G-5]"""
    with pytest.raises(Refused) as refused:
        search(**where)
    assert refused.value.code is Refusal.SEARCH_TOO_SHORT


@pytest.mark.parametrize("digits", [TIN, "98-7654321", "4321"])
def test_nobody_is_found_by_tin(digits):
    """Never by TIN. [G-5]"""
    claimed(legal_name="Palm Clinic", tin=TIN)
    assert found(name=digits) == []


@pytest.mark.parametrize("odd", ["\0", "A\0B", "é" * 300, "%_", "'; --", "A" * 10_000])
def test_odd_text_finds_nothing_and_breaks_nothing(odd):
    """Whatever is typed gets an answer. [G-5]"""
    assert (record_with(odd), organization(odd)) == (None, None)
    assert match_enrollment(submitter_id=odd, legal_name=odd, tin=odd) is None
    assert found(name=f"zzz {odd}", city=odd, state=odd, zip=odd) == []


def test_fifty_rows_at_most():
    """A search is no listing. [G-5]"""
    for number in range(52):
        claimed(f"ROW{number}", legal_name=f"Row House {number}")
    assert len(search(name="row house")) == len(search(name="row house", limit=1000)) == 50
    assert len(search(name="row house", limit=2)) == 2


def test_closed_organizations_are_not_offered():
    """A closed record is no place to ask for a role at. [G-5]"""
    claimed("A1060", legal_name="Closing Clinic")
    put(wire_record("A1060", legal_name="Closing Clinic", version=2, status="closed"))
    assert found(name="closing clinic") == []


def test_a_renamed_organization_is_found_by_its_new_name_only():
    """The name is read from the record; the index follows it. [G-1]"""
    claimed("A1061", legal_name="Former Harbor")
    put(wire_record("A1061", legal_name="Present Harbor", version=2))
    assert (found(name="former"), found(name="present")) == ([], ["A1061"])
    assert set(record_with("A1061").words.values_list("word", flat=True)) == {"present", "harbor"}


def test_searches_are_counted():
    """Sixty an hour per person; the refusal says when to come back, and is on the ledger. [G-5]"""
    account = person()
    for _ in range(60):
        count_search(account=account, by=by(account), now=NOON)
    with pytest.raises(Refused) as refused:
        count_search(account=account, by=by(account), now=NOON + timedelta(minutes=59))
    assert refused.value.code is Refusal.TOO_MANY_SEARCHES
    assert refused.value.facts["until"] == NOON + timedelta(hours=1)
    assert Entry.objects.filter(subject=str(account.pk), deed="organization:lookups:refused").count() == 1
    count_search(account=account, by=by(account), now=NOON + timedelta(hours=1))
    count_search(account=person(), by=by(account), now=NOON)


def test_guessing_at_records_is_counted_too():
    """Tries at matching a record run out like searches: a submitter ID is not found by guessing. [G-5 AR05]"""
    account = person()
    tries = {
        "account": account,
        "submitter_id": "X1",
        "legal_name": "x",
        "tin": "1",
        "by": by(account),
        "now": NOON,
    }
    with pytest.raises(Refused) as first:
        find_enrollment(**tries)
    LookUpCount.objects.filter(account=account, kind=LookUpCount.Kind.MATCH).update(count=60)
    with pytest.raises(Refused) as last:
        find_enrollment(**tries)
    assert (first.value.code, last.value.code) == (Refusal.ENROLLMENT_NOT_MATCHED, Refusal.TOO_MANY_SEARCHES)
