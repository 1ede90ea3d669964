"""The enrollment record on the wire: every mistake is named, nothing unknown passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.wire.provisioning import MalformedRecordError, record_from_json

GOOD = {
    "submitter_id": "FL7K2",
    "version": 1,
    "legal_name": "Sandpiper Family Practice",
    "kind": "provider_office",
    "tin": "123456789",
    "tin_tag": "ein",
    "address": "1 Harbor Road",
    "phone": "9045550100",
    "city": "Jacksonville",
    "state": "FL",
    "zip": "32202",
    "status": "active",
    "approver": {"name": "Ana Ruiz", "email": "ana@example.com", "phone": ""},
    "backup": None,
}


def test_a_record_survives_the_wire():
    """What was sent is what is read. [O-4]"""
    record = record_from_json(GOOD)
    assert record_from_json(record.to_json()) == record


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("submitter_id", "lower"), ("version", 0), ("version", True), ("version", "1"), ("version", 2**40), ("legal_name", ""),
        ("legal_name", "a\x00b"), ("legal_name", "x" * 300), ("kind", "hospital"), ("tin", "12345678"), ("tin_tag", "itin"),
        ("zip", "3220"), ("status", "gone"), ("approver", None), ("approver", {"name": "A"}), ("approver", {"name": "A", "email": "no"}),
        ("backup", []), ("city", None), ("state", ["FL"]), ("tin", "１２３４５６７８９"), ("surprise", 1),
    ],
)  # fmt: skip
def test_each_bad_field_is_named(field, value):
    """The answer says which field is wrong, and the value stays out of the exception. [O-4]"""
    with pytest.raises(MalformedRecordError) as caught:
        record_from_json(GOOD | {field: value})
    assert set(caught.value.problems) == {field}


SIGNED = {"number": "F-1", "signed_by": "Olive Official", "signed_at": "2026-02-20T10:00:00-05:00"}


def test_a_record_may_name_its_signed_form():
    """Its number, who signed it and when. [Q-11, O-4]"""
    record = record_from_json(GOOD | {"form": SIGNED})
    assert record.form is not None
    assert record.form.signed_by == "Olive Official"
    assert record_from_json(record.to_json()) == record


@pytest.mark.parametrize(
    "change",
    [
        {"signed_at": "2026-02-20T10:00:00"},
        {"signed_at": "soon"},
        {"number": ""},
        {"number": "x" * 41},
        {"signed_by": "x" * 201},
        {"signed_by": 7},
        {"more": "x"},
    ],
)
def test_a_signed_form_is_whole_or_refused(change):
    """Every part, nothing else, and an instant with its zone. [O-4]"""
    with pytest.raises(MalformedRecordError) as caught:
        record_from_json(GOOD | {"form": SIGNED | change})
    assert set(caught.value.problems) == {"form"}


def test_a_record_may_say_when_who_is_replaced_leaves():
    """A day, or nothing; a version without one is sent as it always was. [G-8, O-4]"""
    record = record_from_json(GOOD | {"handover_on": "2026-04-30"})
    assert record.handover_on == "2026-04-30"
    assert record_from_json(record.to_json()) == record
    assert "handover_on" not in record_from_json(GOOD).to_json()


@pytest.mark.parametrize("day", ["2026-02-30", "2026-4-1", "soon", 20260401, None])
def test_a_day_that_is_none_is_named(day):
    """Only a day of the calendar. [O-4]"""
    with pytest.raises(MalformedRecordError) as caught:
        record_from_json(GOOD | {"handover_on": day})
    assert set(caught.value.problems) == {"handover_on"}


def test_all_mistakes_are_named_at_once():
    """Nobody mends a record one field at a time. [O-4]"""
    with pytest.raises(MalformedRecordError) as caught:
        record_from_json(GOOD | {"zip": "1", "kind": "x", "tin": ""})
    assert set(caught.value.problems) == {"zip", "kind", "tin"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*GOOD, "other"]), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_either_a_record_or_refused(value):
    """No input makes the parser fail in another way. [O-4]"""
    try:
        record_from_json(value)
    except MalformedRecordError as refusal:
        assert refusal.problems
