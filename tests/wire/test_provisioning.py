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
