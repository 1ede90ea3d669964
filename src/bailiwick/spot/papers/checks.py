"""A form that comes back signed with a digital certificate: ours, whole, and signed by whom (F-8)."""

import json
from datetime import datetime

from django.conf import settings

from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads import checks as uploads
from bailiwick.ground.uploads.rules import Content, Kind
from bailiwick.ground.uploads.rules import Refusal as UploadRefusal
from bailiwick.spot.forms.models import Case
from bailiwick.spot.papers.queries import form_to_sign
from bailiwick.spot.rules.certificates import Certificate, Refusal

MOST_BYTES = 10 * 1024**2
CHILD = "bailiwick.spot.papers.signatures"


def is_offered() -> bool:
    """Whether this deployment trusts any issuer of certificates; otherwise officials sign with a code alone."""
    return bool(settings.SIGNATURE_ANCHORS)


def signed_document(
    file: uploads.File, *, case: Case, revision: int, now: datetime
) -> tuple[Content, Certificate]:
    """The document as it may be kept, and who signed it. Some seconds, outside any transaction.

    Raises Refused with a code of `rules.certificates` or of `ground.uploads`, and Busy.
    """
    if not is_offered():
        raise Refused(Refusal.NOT_OFFERED)
    content = uploads.content(file, most_bytes=MOST_BYTES)
    if content.kind is not Kind.PDF:
        raise Refused(UploadRefusal.WRONG_KIND)
    ours = form_to_sign(case, revision)
    if not content.data.startswith(ours):
        raise Refused(Refusal.NOT_OUR_DOCUMENT)
    return content, _certificate(content.data, ours=len(ours), now=now)


def _certificate(data: bytes, *, ours: int, now: datetime) -> Certificate:
    said = json.dumps({"anchors": settings.SIGNATURE_ANCHORS}).encode()
    answer = uploads.in_a_child(CHILD, str(ours), str(int(now.timestamp())), data=said + b"\n" + data)
    verdict = json.loads(answer) if answer else {"refused": Refusal.UNREADABLE}
    if "refused" in verdict:
        raise Refused(Refusal(verdict["refused"]))
    return Certificate.from_row(verdict["certificate"])
