"""Mail that comes back: which message it was, and whether the mailbox is gone or the mail was only unwelcome (N-2).

Reads delivery reports of RFC 3464. Whatever stranger wrote it, nothing in a report is believed but the Message-ID, which
only the recipient's side has seen and nobody can work out, and the status code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail

from bailiwick.ground.outbox.digests import settle_parts
from bailiwick.ground.outbox.models import Message, State

MOST_BYTES = 1_048_576
UNSPECIFIED = "5.0.0"
# What a mail server understands as "keep it and try again" (EX_TEMPFAIL of sysexits.h).
TRY_AGAIN = 75
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
MAIL_ID = re.compile(r"<([0-9a-f]{40})@[^<>\s]{1,255}>")
# RFC 3463: bad address (5.1), mailbox disabled (5.2.1), no such host (5.4.4), and "something, for good" (5.0.0). A full
# mailbox, a mail too large or unwelcome says nothing against the address.
GONE = re.compile(r"^(5\.1\.\d+|5\.2\.1|5\.4\.4|5\.0\.0)$")


@dataclass(frozen=True)
class Report:
    """What a delivery report says of one mail that nobody tries to deliver any more. `status`: the enhanced status code."""

    mail_id: str
    status: str


def is_gone(status: str) -> bool:
    """Whether that status means that the mailbox takes nothing any more."""
    return bool(GONE.match(status))


def status_in(words: str) -> str:
    """The enhanced status code in an answer of a mail server; the unspecified one where it names none."""
    found = STATUS.search(words)
    return found[1] if found else UNSPECIFIED


def report_in(raw: bytes) -> Report | None:
    """The report in one mail as it came from the mail server; None where it is no failure of a mail of ours."""
    try:
        return _read(raw[:MOST_BYTES])
    except RecursionError:
        # Parts within parts by the thousand, by which no mail server reports anything.
        return None


def _read(raw: bytes) -> Report | None:
    # Under the old policy, which takes header fields as they come: the parsers of the new one stumble over broken ones.
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    failed = [one for one in parts if one.get_content_type() == "message/delivery-status"]
    status = _failure(block for one in failed for block in _blocks(one))
    mail_id = _mail_id(parts)
    return Report(mail_id, status) if status and mail_id else None


def _blocks(part: Mail) -> Iterable[Mail]:
    """The report's groups of fields: one about the mail, one about each recipient."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Mail)] if isinstance(payload, list) else []


def _failure(blocks: Iterable[Mail]) -> str:
    """The status of the first recipient that it failed for; "" where it failed for none."""
    for block in blocks:
        if str(block.get("Action", "")).strip().lower() == "failed":
            return status_in(str(block.get("Status", "")))
    return ""


def _mail_id(parts: Iterable[Mail]) -> str:
    """The Message-ID of the mail that came back: it stands in what was returned of it."""
    for part in parts:
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            found = MAIL_ID.search(_head_of(part))
            if found:
                return found[1]
    return ""


def _head_of(part: Mail) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Mail):
        return str(payload[0].get("Message-ID", ""))
    lines = str(payload).replace("\r\n ", " ").replace("\n ", " ").splitlines()
    return next((line for line in lines if line.lower().startswith("message-id:")), "")


def take(raw: bytes, *, now: datetime) -> Message | None:
    """Note that one of our mails came back for good; gives it, once. None for anything else: nothing is changed then."""
    report = report_in(raw)
    if report is None:
        return None
    message = Message.objects.filter(mail_id=report.mail_id, state=State.DONE).first()
    if message is None:
        return None
    bounced = {"state": State.BOUNCED, "last_error": report.status, "done_at": now}
    if not Message.objects.filter(pk=message.pk, state=State.DONE).update(**bounced):
        return None
    settle_parts(message, state=State.BOUNCED, last_error=report.status)
    message.refresh_from_db()
    return message


def words_for(message: Message | None) -> str:
    """What `take` made of a mail, for whoever looks into the mail server's log."""
    if message is None:
        return (
            "Nothing noted: no report of a failed mail that this program sent, or one that was noted before."
        )
    meaning = (
        "the mailbox takes no mail any more" if is_gone(message.last_error) else "the address is not in doubt"
    )
    return f"Noted: the notice “{message.kind}” did not arrive, {message.last_error} ({meaning})."
