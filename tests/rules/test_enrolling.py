"""What an approved form enrolls, as rules see it."""

import pytest

from bailiwick.spot.rules.enrolling import address_of, document_of, is_addition, pc_ace_items, wants_pc_ace
from bailiwick.wire.provisioning import record_from_json

ANSWERS = {
    "line_of_business": "B",
    "group_name": "Pelican Cove Dermatology",
    "group_ptan": "PC2041",
    "group_npi": "1900410006",
    "tin": "900450101",
    "tin_tag": "ein",
    "contact_name": "Carla Wynn",
    "contact_phone": "2025550180",
    "contact_email": "carla@pelicancove.example",
    "address_line_1": "31 Pelican Cove Way",
    "city": "Sarasota",
    "address_state": "FL",
    "zip": "34231",
    "request_type": "new",
    "approver_name": "Bellamy Thistledown",
    "approver_email": "bellamy@pelicancove.example",
    "approver_phone": "2025550102",
}
BACKUP = {
    "has_backup": "yes",
    "backup_name": "Ben Backup",
    "backup_email": "ben@pelicancove.example",
    "backup_phone": "2025550182",
}
FIXED = {"submitter_id": "ABC123", "version": 1, "status": "active"}


@pytest.mark.parametrize("backup", [{}, {"has_backup": "no"}, BACKUP])
def test_a_form_is_a_record_that_idm_takes(backup):
    """Every answer that the provisioning API asks for is there, in its shape; a backup only where one is named. [F-11, O-4]"""
    document = document_of("provider_office", ANSWERS | backup)
    record = record_from_json(document | FIXED)
    assert (record.legal_name, record.tin, record.zip) == ("Pelican Cove Dermatology", "900450101", "34231")
    assert record.approver.email == "bellamy@pelicancove.example"
    assert (record.backup is not None) is (backup == BACKUP)


def test_the_second_line_of_an_address_is_part_of_it():
    """One line of text, whether or not there is a suite. [F-2]"""
    assert address_of(ANSWERS) == "31 Pelican Cove Way"
    assert address_of(ANSWERS | {"address_line_2": "Suite 4"}) == "31 Pelican Cove Way, Suite 4"


def test_what_a_form_asks_for():
    """A new submitter ID or an addition; PC-ACE only where it was chosen. [F-2, F-5]"""
    assert not is_addition(ANSWERS)
    assert is_addition(ANSWERS | {"request_type": "add"})
    assert not wants_pc_ace(ANSWERS)
    assert not wants_pc_ace(ANSWERS | {"pc_ace": "no"})
    assert wants_pc_ace(ANSWERS | {"pc_ace": "yes"})


def test_the_pc_ace_letter_holds_no_tin():
    """Submitter ID, names, place and numbers to type in, and nothing that may be somebody's SSN. [F-11, A-3]"""
    items = dict(pc_ace_items(ANSWERS, submitter_id="ABC123", legal_name="Pelican Cove Dermatology"))
    assert items["submitter_id"] == "ABC123"
    assert items["city_state_zip"] == "Sarasota, FL 34231"
    assert ANSWERS["tin"] not in " ".join(items.values())
