"""An announcement on the wire: what was published is what is shown, and nothing else passes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bailiwick.wire.announcements import LONGEST_HEADING, MOST, Announced, announced_in

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
GOOD = Announced(
    UUID(int=7),
    is_warning=True,
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=2),
    texts={"en": ("Closed", "On Sunday."), "es": ("Cerrado", "El domingo.")},
)


def test_an_announcement_survives_the_wire():
    """What was sent is what is read. [N-4]"""
    assert announced_in({"announcements": [GOOD.to_json()]}) == [GOOD]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7"},
        {"starts_at": "2026-03-02T17:00:00"},
        {"ends_at": NOON.isoformat()},
        {"starts_at": 7},
        {"texts": {}},
        {"texts": {"es": {"heading": "Cerrado", "text": "El domingo."}}},
        {"texts": {"en": {"heading": "", "text": "x"}}},
        {"texts": {"en": {"heading": "x" * (LONGEST_HEADING + 1), "text": "x"}}},
        {"texts": {"en": {"heading": ["x"], "text": "x"}}},
        {"texts": ["en"]},
    ],
)
def test_a_malformed_one_is_refused(change):
    """Whatever is wrong with it. [N-4]"""
    with pytest.raises(ValueError, match="not an announcement"):
        announced_in({"announcements": [GOOD.to_json() | change]})


@pytest.mark.parametrize(
    "document",
    [{}, {"announcements": None}, {"announcements": [GOOD.to_json()] * (MOST + 1)}, {"announcements": [7]}],
)
def test_what_is_no_list_of_them_is_refused(document):
    """Nor a list without an end. [N-4]"""
    with pytest.raises(ValueError, match="announcement"):
        announced_in(document)
