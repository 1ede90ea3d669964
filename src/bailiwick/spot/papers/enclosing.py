"""Letters go out with themselves as a PDF: made when the mail is handed over, outside any transaction (F-11)."""

from dataclasses import replace
from subprocess import SubprocessError

import structlog

from bailiwick.ground.outbox.delivery import Channel, Parcel
from bailiwick.spot.forms.models import Case
from bailiwick.spot.papers.letters import letter_pdf

logger = structlog.get_logger(__name__)

LETTERS = frozenset({"form-approved", "form-denied", "form-returned", "pcace-approved"})


def enclosing(channel: Channel) -> Channel:
    """The same channel, for mails; a letter has its PDF with it. Raises Busy, and is tried again, while many are made."""

    def send(parcel: Parcel) -> None:
        channel(enclosed(parcel) if parcel.kind in LETTERS else parcel)

    return send


def enclosed(parcel: Parcel) -> Parcel:
    """The letter with its PDF. Without, where it cannot be typeset: the words are what counts, and they must arrive."""
    # The key is "case:<id>:…", as the letters' action makes it.
    case = Case.objects.get(pk=parcel.key.split(":")[1])
    try:
        pdf = letter_pdf(case, subject=parcel.subject, text=parcel.body["text"], at=parcel.created_at)
    except SubprocessError:
        logger.warning("a letter could not be typeset", kind=parcel.kind)
        return parcel
    return replace(parcel, body={**parcel.body, "enclosed": [(f"{case.tracking}.pdf", pdf)]})
