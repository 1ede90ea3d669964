"""A reminder as an iCalendar file: what RFC 5545 demands of it, and that nothing gets out of its place."""

from datetime import UTC, date, datetime

from bailiwick.ground.pages.calendar import Reminder, calendar_file

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
PLAIN = Reminder(
    "issuer spot someone", date(2026, 4, 1), "Sign in to SPOT", "By this day.", "https://spot.example/"
)


def lines(reminder, *, now=NOW):
    """The unfolded lines of the file, as a calendar reads them (3.1)."""
    text = calendar_file(reminder, now=now).decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_it_is_one_event_of_a_whole_day():
    """The day itself, until the next begins; with a reminder of its own. [I-3]"""
    found = lines(PLAIN)
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    assert {"DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20260402", "DTSTAMP:20260302T170000Z"} <= set(
        found
    )
    assert "SUMMARY:Sign in to SPOT" in found
    assert found.count("BEGIN:VEVENT") == found.count("END:VALARM") == 1


def test_the_same_thing_has_the_same_name_for_ever():
    """Taken along again on a later day it moves; the name tells nothing of what it was made of. [I-3]"""
    later = Reminder(PLAIN.about, date(2026, 5, 3), "Other words", "", "")
    first, second = ({line.partition(":")[0]: line for line in lines(one)} for one in (PLAIN, later))
    assert first["UID"] == second["UID"]
    assert "someone" not in first["UID"]
    assert int(second["SEQUENCE"].partition(":")[2]) > int(first["SEQUENCE"].partition(":")[2])


def test_no_text_gets_out_of_its_line():
    """Commas, semicolons, backslashes and line breaks are escaped; long lines are folded between characters. [I-3]"""
    poisoned = Reminder(
        "a", date(2026, 4, 1), "a,b;c\\d\r\nBEGIN:VALARM", "é" * 200, "https://x/\r\nATTACH:file"
    )
    found = lines(poisoned)
    assert r"SUMMARY:a\,b\;c\\d\nBEGIN:VALARM" in found
    assert f"DESCRIPTION:{'é' * 200}" in found
    assert found.count("BEGIN:VALARM") == 1
    assert not [line for line in found if line.startswith("ATTACH")]
