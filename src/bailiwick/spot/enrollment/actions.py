"""The only writer of enrollment records. Each change is one transaction: record, version, ledger, and the call to IDM (F-11)."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import call
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import (
    LONGEST_KEY,
    TIN,
    TIN_PURPOSE,
    VERSION_TIN,
    Comparison,
    Difference,
    EnrollmentRecord,
    Facts,
    RecordVersion,
)
from bailiwick.spot.rules.comparing import Differing
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrollment import STEPS, Event, Refusal, Status
from bailiwick.spot.rules.searching import search_key
from bailiwick.spot.rules.submitterids import ALPHABET, RANDOM_LENGTH, submitter_id
from bailiwick.wire.provisioning import EnrollmentRecord as WireRecord
from bailiwick.wire.provisioning import MalformedRecordError, record_from_json

KIND = "enrollment-record"
FACTS = tuple(field.name for field in Facts._meta.get_fields())
FOUND_BY = ("legal_name", "city", "approver_name", "approver_email", "backup_name", "backup_email")


def enroll(*, document: dict[str, Any], by: By, now: datetime) -> EnrollmentRecord:
    """Enroll an organization: issue its submitter ID and send the record on its way to IDM (F-11).

    `document` is a record as the provisioning API describes it, without submitter_id, version and status.
    Raises Refused(RECORD_MALFORMED, problems={field: sentence}).
    """
    fixed = {"submitter_id": _unused_submitter_id(), "version": 1, "status": Status.ACTIVE.value}
    wanted = _checked({**document, **fixed}, given=set(document) & set(fixed))
    record = EnrollmentRecord(submitter_id=wanted.submitter_id, enrolled_at=now, changed_at=now)
    _fill(record, wanted)
    with transaction.atomic():
        record.save(force_insert=True)
        _tell(record, Deed.RECORD_ENROLLED, by=by, now=now)
    return record


def change(*, record: EnrollmentRecord, changes: dict[str, Any], by: By, now: datetime) -> EnrollmentRecord:
    """Change what a record says, as its next version (F-12). `changes` names fields of the provisioning record.

    Raises Refused: RECORD_CLOSED, RECORD_UNCHANGED, RECORD_MALFORMED(problems=…).
    """
    fixed = {"submitter_id", "version", "status"}
    with transaction.atomic():
        held = _locked(record, Event.CHANGE)
        before = held.to_wire()
        document = {
            **before.to_json(),
            # Of this version alone, never of the one before.
            "form": None,
            "handover_on": "",
            **changes,
            "submitter_id": held.submitter_id,
            "version": held.version + 1,
        }
        wanted = _checked({**document, "status": before.status}, given=set(changes) & fixed)
        if (
            replace(wanted, version=before.version, form=before.form, handover_on=before.handover_on)
            == before
        ):
            raise Refused(Refusal.RECORD_UNCHANGED)
        about = {
            "fields": sorted(name for name, value in asdict(wanted).items() if value != asdict(before)[name])
        }
        return _rewrite(held, wanted, Deed.RECORD_CHANGED, by=by, now=now, about=about)


def close(*, record: EnrollmentRecord, why: str, by: By, now: datetime) -> EnrollmentRecord:
    """Close a record for good, as its last version. Raises Refused(RECORD_CLOSED)."""
    with transaction.atomic():
        held = _locked(record, Event.CLOSE)
        wanted = replace(
            held.to_wire(), version=held.version + 1, status=Status.CLOSED.value, form=None, handover_on=""
        )
        return _rewrite(held, wanted, Deed.RECORD_CLOSED, by=by, now=now, why=why)


def note_confirmed(*, submitter_id: str, version: int, by: By, now: datetime) -> None:
    """IDM has taken this version (or holds a newer one). An older confirmation never undoes a newer one."""
    with transaction.atomic():
        waiting = EnrollmentRecord.objects.filter(
            submitter_id=submitter_id, confirmed_version__lt=version, version__gte=version
        )
        if waiting.update(confirmed_version=version, refusal=""):
            told = RecordVersion.objects.filter(record__submitter_id=submitter_id, version__lte=version)
            told.filter(confirmed_at=None).update(confirmed_at=now)
            about = {"version": version}
            append(Deed.RECORD_CONFIRMED, by=by, now=now, organization=submitter_id, about=about)


def note_refused(*, submitter_id: str, version: int, reason: str, by: By, now: datetime) -> None:
    """IDM refused this version for good; `reason` is its code, for the desk and the operator."""
    with transaction.atomic():
        waiting = EnrollmentRecord.objects.filter(submitter_id=submitter_id, confirmed_version__lt=version)
        if waiting.update(refused_version=version, refusal=reason[:80]):
            about = {"version": version, "reason": reason[:80]}
            append(
                Deed.RECORD_REFUSED, by=by, now=now, organization=submitter_id, outcome="refused", about=about
            )


def send_again(*, submitter_id: str, occasion: str, by: By, now: datetime) -> None:
    """Send the newest version once more, at most once per `occasion` (a day, a ticket)."""
    with transaction.atomic():
        record = EnrollmentRecord.objects.select_for_update().get(submitter_id=submitter_id)
        EnrollmentRecord.objects.filter(pk=record.pk).update(refused_version=0, refusal="")
        about = {"version": record.version, "occasion": occasion}
        append(Deed.RECORD_SENT_AGAIN, by=by, now=now, organization=submitter_id, about=about)
        _call(record, key=f"record:{submitter_id}:{record.version}:again:{occasion}", now=now, force=True)


def note_compared(
    *, ours: int, theirs: int, found: Sequence[Differing], is_whole: bool, by: By, now: datetime
) -> Comparison:
    """Write down how a comparison with IDM came out; it repairs nothing (O-4). What is older than we keep goes."""
    with transaction.atomic():
        comparison = Comparison.objects.create(at=now, ours=ours, theirs=theirs, is_whole=is_whole)
        rows = [Difference(comparison=comparison, **asdict(one)) for one in found]
        Difference.objects.bulk_create(rows, batch_size=500)
        Comparison.objects.filter(at__lt=now - settings.LIMITS.comparisons_kept).delete()
        about = {"ours": ours, "theirs": theirs, "differences": len(rows)}
        outcome = "done" if is_whole else "unanswered"
        append(Deed.RECORDS_COMPARED, by=by, now=now, outcome=outcome, about=about)
    return comparison


def note_look(*, record: EnrollmentRecord, by: By, now: datetime) -> None:
    """Somebody of the desk opened a record: a look at people's data (L-2)."""
    append(Deed.RECORD_LOOKED, by=by, now=now, organization=record.submitter_id)


def _locked(record: EnrollmentRecord, event: Event) -> EnrollmentRecord:
    held = EnrollmentRecord.objects.select_for_update().get(pk=record.pk)
    if event not in STEPS[Status(held.status)]:
        raise Refused(Refusal.RECORD_CLOSED)
    return held


def _rewrite(
    held: EnrollmentRecord, wanted: WireRecord, deed: Deed, *, by: By, now: datetime, **words: Any
) -> EnrollmentRecord:
    _fill(held, wanted)
    held.changed_at = now
    held.save()
    _tell(held, deed, by=by, now=now, **words)
    return held


def _fill(record: EnrollmentRecord, wanted: WireRecord) -> None:
    backup = asdict(wanted.backup) if wanted.backup else {"name": "", "email": "", "phone": ""}
    people = {f"approver_{name}": value for name, value in asdict(wanted.approver).items()}
    people |= {f"backup_{name}": value for name, value in backup.items()}
    form = wanted.form
    signed = {
        "form_number": form.number if form else "",
        "form_signed_by": form.signed_by if form else "",
        "form_signed_at": datetime.fromisoformat(form.signed_at) if form else None,
    }
    aside = {"approver", "backup", "tin", "form"}
    plain = {name: value for name, value in asdict(wanted).items() if name not in aside}
    for name, value in {**plain, **people, **signed}.items():
        setattr(record, name, value)
    record.search_key = search_key(*(getattr(record, name) for name in FOUND_BY), longest=LONGEST_KEY)
    # The digest takes 30 ms: only where there is a new TIN.
    if not record.tin_sealed or record.tin != wanted.tin:
        record.tin_digest = vault.stretched_digest(wanted.tin, purpose=TIN_PURPOSE)
    record.tin_sealed = vault.seal(wanted.tin, place=TIN, row=str(record.pk))


def _tell(record: EnrollmentRecord, deed: Deed, *, by: By, now: datetime, **words: Any) -> None:
    """The version row, the ledger and the call to IDM, in the transaction of the change."""
    # Sealed anew for the version: a value moved from one version to another does not open.
    sealed = vault.seal(record.tin, place=VERSION_TIN, row=f"{record.pk}:{record.version}")
    facts = {name: getattr(record, name) for name in FACTS} | {"tin_sealed": sealed}
    RecordVersion.objects.create(record=record, written_at=now, written_by=by.actor, **facts)
    about = {"version": record.version, **words.pop("about", {})}
    append(deed, by=by, now=now, organization=record.submitter_id, about=about, **words)
    _call(record, key=f"record:{record.submitter_id}:{record.version}", now=now)


def _call(record: EnrollmentRecord, *, key: str, now: datetime, force: bool = False) -> None:
    # Ids only: the handler reads the record when it sends it, so nothing personal lies in the outbox.
    payload = {"submitter_id": record.submitter_id, "version": record.version, "force": force}
    call(KIND, key=key, now=now, payload=payload, order=record.submitter_id)


def _checked(document: dict[str, Any], *, given: set[str]) -> WireRecord:
    problems = dict.fromkeys(sorted(given), "This is not yours to set.")
    try:
        wanted = record_from_json(document)
    except MalformedRecordError as malformed:
        problems = {**malformed.problems, **problems}
    if problems:
        raise Refused(Refusal.RECORD_MALFORMED, problems=problems)
    return wanted


def _unused_submitter_id() -> str:
    while True:
        drawn = submitter_id([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_LENGTH)])
        if not EnrollmentRecord.objects.filter(submitter_id=drawn).exists():
            return drawn
