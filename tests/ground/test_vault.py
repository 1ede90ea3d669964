"""Sealed values open only where they belong; digests tell nothing without their key."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground import vault
from bailiwick.ground.vault.keyring import KeyMissingError, create, open_ring, read

PLACE = "idm_accounts.person.ssn"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_was_sealed_opens_to_the_same_text(text):
    """Any text survives sealing. [A-2]"""
    assert vault.unseal(vault.seal(text, place=PLACE, row="7"), place=PLACE, row="7") == text


@pytest.mark.parametrize(("place", "row"), [(PLACE, "8"), ("idm_accounts.person.birth_date", "7")])
def test_a_sealed_value_moved_to_another_row_or_column_does_not_open(place, row):
    """A swap of two rows in the database is detected. [A-2]"""
    blob = vault.seal("900123456", place=PLACE, row="7")
    with pytest.raises(vault.SealBrokenError):
        vault.unseal(blob, place=place, row=row)


def test_any_changed_byte_is_detected():
    """Each byte after the key's name is covered by the tag. [A-2]"""
    blob = vault.seal("900123456", place=PLACE, row="7")
    for position in range(3, len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 1
        with pytest.raises(vault.SealBrokenError):
            vault.unseal(bytes(changed), place=PLACE, row="7")


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01\x01", b"\x02\x011" + bytes(40), b"\x01\x011"])
def test_bytes_that_were_never_sealed_are_refused(blob):
    """Garbage is a broken seal, not a crash. [A-2]"""
    with pytest.raises(vault.SealBrokenError):
        vault.unseal(blob, place=PLACE, row="7")


def test_the_same_text_seals_differently_and_digests_the_same():
    """Sealed values cannot be compared; digests can, within one purpose. [A-2]"""
    assert vault.seal("x", place=PLACE, row="7") != vault.seal("x", place=PLACE, row="7")
    assert vault.stretched_digest("900123456") == vault.stretched_digest("900123456")
    assert vault.digest("1", purpose="code") != vault.digest("1", purpose="answer")


def test_production_does_not_start_without_its_key_file(tmp_path):
    """The sentence says what is missing and where. [L-4]"""
    with pytest.raises(KeyMissingError, match="no key file"):
        open_ring(tmp_path / "keys.json", development=False)


def test_a_ring_that_lacks_a_key_is_refused_by_name(tmp_path):
    """A half-restored key file stops the start. [L-4]"""
    path = tmp_path / "keys.json"
    create(path)
    data = json.loads(path.read_text())
    del data["ssn"]
    path.write_text(json.dumps(data))
    with pytest.raises(KeyMissingError, match="ssn"):
        read(path)


def test_a_new_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path):
    """Creating twice keeps the first keys. [L-4]"""
    path = tmp_path / "keys.json"
    create(path)
    first = path.read_bytes()
    create(path)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
