"""The nightly comparison of enrollment records with IDM: it reports what differs, and repairs nothing (O-4)."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment import queries
from bailiwick.spot.enrollment.jobs import report_differences
from bailiwick.spot.enrollment.models import Comparison
from bailiwick.spot.rules.deeds import Deed
from tests.spot.build_enrollment import deliver_until_quiet, enrolled

pytestmark = pytest.mark.django_db


def differing() -> dict[str, str]:
    """The last comparison's matter by submitter ID."""
    [last] = queries.last_comparisons(1)
    return {one.submitter_id: one.matter for one in queries.differences_of(last)}


def test_every_kind_of_difference_is_reported_and_none_repaired(provider):
    """Lacking, older, newer, other words in the same version, unknown here: named each, and nothing is sent. [O-4]"""
    same, lacking, older, newer, content, tin = (enrolled() for _ in range(6))
    deliver_until_quiet()
    held, sent = provider.records, Message.objects.count()
    del held[lacking.submitter_id]
    held[older.submitter_id]["version"] = 1
    type(older).objects.filter(pk=older.pk).update(version=2)
    held[newer.submitter_id]["version"] = 3
    held[content.submitter_id]["city"] = "Miami"
    held[tin.submitter_id]["tin"] = "000123457"
    held["ELSE1"] = {**held[same.submitter_id], "submitter_id": "ELSE1"}
    report_differences(clock.now())
    assert differing() == {
        lacking.submitter_id: "lacking",
        older.submitter_id: "older",
        newer.submitter_id: "newer",
        content.submitter_id: "content",
        tin.submitter_id: "content",
        "ELSE1": "stranger",
    }
    assert queries.difference_of(newer).their_version == 3
    assert queries.difference_of(same) is None
    assert Message.objects.count() == sent
    entry = Entry.objects.get(deed=Deed.RECORDS_COMPARED.value)
    assert entry.about == {"ours": 6, "theirs": 6, "differences": 6}


def test_a_night_without_an_answer_is_no_night_without_differences(provider):
    """Where IDM does not answer, that is what is written down, and what was known before still counts. [O-4]"""
    record = enrolled()
    report_differences(clock.now())
    provider.answers["/api/"] = lambda _form: (503, {})
    report_differences(clock.now())
    [last, before] = queries.last_comparisons(2)
    assert (last.is_whole, last.ours, before.is_whole) == (False, 1, True)
    assert queries.difference_of(record).matter == "lacking"


def test_old_comparisons_go(provider):
    """What was compared long ago is on the ledger alone. [O-4, L-2]"""
    report_differences(clock.now())
    Comparison.objects.update(at=clock.now() - timedelta(days=91))
    report_differences(clock.now())
    assert Comparison.objects.count() == 1
    assert Entry.objects.filter(deed=Deed.RECORDS_COMPARED.value).count() == 2
