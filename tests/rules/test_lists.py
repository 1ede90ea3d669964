"""What a line of a list may rely on, what a list is signed as, and what an update changes (F-4, F-8, F-12)."""

import pytest

from bailiwick.spot.rules.answers import Finding, normalized
from bailiwick.spot.rules.enrolling import brings_new, changes_nothing, changes_of, changes_people, moves_era
from bailiwick.spot.rules.lists import (
    AFFILIATED,
    LISTS,
    MIGRATION,
    OnFile,
    answer_of,
    canonical,
    counted,
    merged,
    on_file,
    services_of,
)
from bailiwick.spot.rules.schema import Aim, Field, FieldType
from bailiwick.spot.rules.services import Service

ROW = {
    "name": "A Practice",
    "ptan": "PC2042",
    "npi": "1900410774",
    "tin": "900450101",
    "line_of_business": "B",
    "state": "FL",
    "present_id": "TW-0417",
    "services": "837, 276/277, ERA",
    "era": "assign",
}
FILE = {
    "line_of_business": "B",
    "ids_of_provider": ("TW0417",),
    "ids_of_filer": ("TW0417",),
    "tin": "900450101",
}


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (AFFILIATED, {}, OnFile.KNOWN),
        (AFFILIATED, {"line_of_business": None}, OnFile.NOT_ON_FILE),
        (AFFILIATED, {"line_of_business": "A"}, OnFile.NOT_ON_FILE),
        (AFFILIATED, {"tin": "900450102"}, OnFile.OTHER_TIN),
        (MIGRATION, {"tin": "900450201"}, OnFile.KNOWN),
        (MIGRATION, {"ids_of_provider": ()}, OnFile.NOT_SERVED),
        (MIGRATION, {"ids_of_filer": ("TW9999",)}, OnFile.NOT_SERVED),
        (MIGRATION, {"line_of_business": None}, OnFile.NOT_ON_FILE),
    ],
)
def test_a_line_relies_on_the_payers_file(kind, changes, said):
    """An official signs for their own TIN, a third party moves only whom it serves already. [F-4]"""
    assert on_file(kind, ROW, **{**FILE, **changes}) is said


def test_a_lists_answer_tells_its_length_and_its_text():
    """One sign more, another salt, another order: another digest. [F-8]"""
    kind = LISTS[MIGRATION]
    other = {**ROW, "npi": "1900410006"}
    texts = [
        canonical(kind, rows, salt)
        for rows, salt in (([ROW], "a"), ([ROW], "b"), ([ROW, other], "a"), ([other, ROW], "a"))
    ]
    assert len({answer_of(text, 1) for text in texts}) == 4
    answer = answer_of(texts[0], 312)
    assert counted(answer) == 312
    assert normalized(Field("list", "List", FieldType.ROWS), answer) == answer
    assert counted("") == 0


def test_a_line_about_the_same_provider_is_the_newer_one():
    """In the old place; others keep theirs. [F-4]"""
    other = {**ROW, "npi": "1900410006"}
    newer = {**ROW, "name": "Another Name"}
    assert merged([ROW, other], [newer]) == [newer, other]
    assert services_of(ROW) == {Service.CLAIMS, Service.STATUS}


@pytest.mark.parametrize(
    ("answers", "changes", "is_of_people"),
    [
        ({"approver_change": "keep", "backup_change": "keep"}, {}, False),
        ({"backup_change": "remove"}, {"backup": None}, True),
        ({"name_change": "yes", "new_name": "New"}, {"legal_name": "New"}, False),
        (
            {
                "approver_change": "replace",
                "approver_name": "N N",
                "approver_email": "n@x.example",
                "handover_on": "2026-12-31",
            },
            {"approver": {"name": "N N", "email": "n@x.example", "phone": ""}, "handover_on": "2026-12-31"},
            True,
        ),
    ],
)
def test_an_update_changes_what_was_answered(answers, changes, is_of_people):
    """And nothing else; who approves is what can be objected to. [F-12, F-8]"""
    assert changes_of(answers) == changes
    assert changes_people(answers) is is_of_people


def test_a_form_that_changes_nothing_is_known():
    """All answers say keep; a form that is not filled in yet is not meant. [F-12]"""
    assert changes_nothing(Aim.UPDATE, {"address_change": "no"})
    assert not changes_nothing(Aim.UPDATE, {})
    assert not changes_nothing(Aim.UPDATE, {"address_change": "no", "backup_change": "remove"})
    assert changes_nothing(Aim.CHANGE, {"request_type": "era", "era": "keep"})
    assert not changes_nothing(Aim.CHANGE, {"request_type": "add", "era": "keep"})


def test_what_moves_the_remittance_and_what_issues_an_id():
    """Keep is no move; an addition issues nothing. [E-2, F-11]"""
    assert [moves_era({"era": era}) for era in ("this", "existing", "paper", "keep", "")] == [True] * 3 + [
        False
    ] * 2
    assert brings_new(Aim.ENROLL, {"request_type": "new"})
    assert not brings_new(Aim.ENROLL, {"request_type": "add"})
    assert not brings_new(Aim.UPDATE, {})


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldType.WEBSITE, "https://www.Tidewater.example/", "www.tidewater.example"),
        (FieldType.WEBSITE, "www.tidewater.example/x?y", Finding.WEBSITE_SHAPE),
        (FieldType.DAY, "12/31/2026", "2026-12-31"),
        (FieldType.DAY, "2026-12-31", "2026-12-31"),
        (FieldType.DAY, "02/30/2026", Finding.DAY_SHAPE),
        (FieldType.ROWS, "1:abc", Finding.NOT_A_CHOICE),
    ],
)
def test_days_hosts_and_lists_have_a_shape(kind, typed, kept):
    """Kept in one spelling, or refused with a sentence. [F-6]"""
    read = normalized(Field("one", "One", kind), typed)
    assert (read if isinstance(kept, str) and not isinstance(kept, Finding) else read.because) == kept
