"""A reminder that a person takes along in their own calendar: one all-day event as an iCalendar file (RFC 5545).

The same thing has the same UID in every program and for ever: taken along again, it moves in the calendar, not doubles.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

LONGEST_LINE = 75
REMINDS_BEFORE = timedelta(days=3)
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Reminder:
    """`about`: what it is of, one text for the same thing everywhere; it is digested into the UID. `day`: when it is due."""

    about: str
    day: date
    title: str
    text: str
    url: str


def calendar_file(reminder: Reminder, *, now: datetime) -> bytes:
    """The file: lines of at most 75 octets, each ended by CR and LF."""
    title, text = _escaped(reminder.title), _escaped(reminder.text)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bailiwick//Reminders//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uuid5(NAMESPACE_URL, reminder.about)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        # Grows with the day it is about: a calendar takes the later one for the newer.
        f"SEQUENCE:{reminder.day.toordinal()}",
        f"DTSTART;VALUE=DATE:{reminder.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{reminder.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
        f"DESCRIPTION:{text}",
        f"URL:{_on_one_line(reminder.url)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{title}",
        f"TRIGGER:-P{REMINDS_BEFORE.days}D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    """A TEXT value (3.3.11)."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _on_one_line(text: str) -> str:
    return "".join(text.splitlines())


def _folded(line: str) -> bytes:
    """3.1: no line longer than 75 octets, a character never cut in two; what goes on begins with a space."""
    folded, current = b"", b""
    for sign in line:
        octets = sign.encode()
        if len(current) + len(octets) > LONGEST_LINE:
            folded, current = folded + current + b"\r\n", b" "
        current += octets
    return folded + current + b"\r\n"
