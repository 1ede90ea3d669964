"""The desk's lists that stop somewhere say so, and how to see the rest (B-1, B-2)."""

import uuid

import pytest

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.models import Case
from tests.spot.build_desk import seated, submitted_case
from tests.spot.build_enrollment import enrolled

pytestmark = pytest.mark.django_db
MOST = 200


def again(row, count, **unique):
    """So many more rows like that one, but for what has to differ."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    rows = [
        type(row)(**fields | {"id": uuid.uuid4()} | {name: make(at) for name, make in unique.items()})
        for at in range(count)
    ]
    type(row).objects.bulk_create(rows)


def test_a_search_that_stops_says_so_and_how_to_narrow_it(provider):
    """Forms and organizations by words: two hundred are all of them, one more is told. [B-1, B-2]"""
    case, record = submitted_case(), enrolled()
    tracking, submitter_id = "F-0000-0000-{:04}".format, "Z{:05}".format
    again(case, MOST - 1, tracking=tracking, once=lambda _at: uuid.uuid4(), holds_group=lambda _at: False)
    again(record, MOST - 1, submitter_id=submitter_id)
    client, _ = seated(provider)
    pages = {
        f"/desk/?text={case.organization[:5]}": "those that were submitted first",
        f"/desk/registry/?text={record.legal_name[:5]}": "add a word of the name",
    }
    for path, words in pages.items():
        assert words not in client.get(path).content.decode()
    again(Case.objects.get(pk=case.pk), 1, tracking=lambda _at: "F-0000-0000-9999", once=lambda _at: uuid.uuid4(),
          holds_group=lambda _at: False)  # fmt: skip
    again(EnrollmentRecord.objects.get(pk=record.pk), 1, submitter_id=lambda _at: "Z99999")
    for path, words in pages.items():
        text = client.get(path).content.decode()
        assert words in text, path
        assert "Only the first 200 are listed here" in text
        assert "Page 1 of 8" in text
