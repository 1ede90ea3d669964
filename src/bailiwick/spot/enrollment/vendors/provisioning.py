"""Telling IDM about enrollment records by its provisioning API (O-4). Safe to repeat: IDM ignores what it knows.

Every version is told, in order: what one of them says for itself alone, the form behind it and the last day of who left,
must not be lost because the next one came while IDM was away.
"""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.outbox.delivery import Parcel, UndeliverableError
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment import actions, queries
from bailiwick.spot.enrollment.models import RecordVersion
from bailiwick.spot.identity.calls import DeclinedError, provision
from bailiwick.spot.identity.http import UnansweredError

KIND = actions.KIND
BY = By("system:provisioning")
MOST_PAIRS = 10_000


def deliver(parcel: Parcel) -> None:
    """Send what IDM lacks of one record. Raises UnansweredError to be tried again, UndeliverableError where IDM refuses."""
    send(
        submitter_id=parcel.body["submitter_id"],
        version=parcel.body["version"],
        force=parcel.body.get("force", False),
        now=clock.now(),
    )


def send(*, submitter_id: str, version: int, force: bool, now: datetime) -> None:
    """Send each version that was not confirmed yet, unless this one was; `force` sends all of them once more.

    A version that IDM refuses for good does not hold up the later ones; where it is the newest, UndeliverableError.
    """
    record = queries.record_with(submitter_id)
    if record is None:
        raise UndeliverableError("no such record")
    if record.confirmed_version >= version and not force:
        return
    refused = ""
    for one in queries.versions_after(record, 0 if force else record.confirmed_version):
        refused = _refused(one, now=now)
    if refused:
        raise UndeliverableError(refused)


def _refused(one: RecordVersion, *, now: datetime) -> str:
    """Why IDM refused this version, "" where it took it; either is written down."""
    sent = one.to_wire()
    told = {"submitter_id": sent.submitter_id, "version": sent.version, "by": BY, "now": now}
    try:
        provision("PUT", f"enrollment-records/{sent.submitter_id}", sent.to_json(), now=now)
    except DeclinedError as declined:
        reason = f"{declined.status} {declined.error}"
        actions.note_refused(reason=reason, **told)
        return reason
    actions.note_confirmed(**told)
    return ""


def lacking(versions: list[tuple[str, int]], *, now: datetime) -> list[str]:
    """The submitter IDs of those whose version IDM does not hold (O-4). Raises UnansweredError, DeclinedError."""
    found: list[str] = []
    for first in range(0, len(versions), MOST_PAIRS):
        some = versions[first : first + MOST_PAIRS]
        pairs = [{"submitter_id": submitter_id, "version": version} for submitter_id, version in some]
        answer = provision("POST", "enrollment-records/lacking", pairs, now=now).json().get("lacking")
        if not isinstance(answer, list):
            raise UnansweredError("no list of what is lacking")
        asked = {submitter_id for submitter_id, _ in some}
        found += [submitter_id for submitter_id in answer if submitter_id in asked]
    return found
