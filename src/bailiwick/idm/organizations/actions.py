"""The only writer of enrollment records and organizations."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import (
    EnrollmentRecord,
    FormerPerson,
    LookUpCount,
    NameWord,
    Organization,
    Unattended,
    WordGram,
)
from bailiwick.idm.organizations.queries import TIN_PLACE, match_enrollment, tin_digest, tin_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.organizations import Refusal, grams_of, is_replaced, legal_name_key, words_of
from bailiwick.wire import provisioning

HOUR = timedelta(hours=1)


def put_record(
    *,
    application: str,
    submitter_id: str,
    version: int,
    record: provisioning.EnrollmentRecord,
    by: By,
    now: datetime,
) -> str:
    """Take in a record as the application sent it (O-4). Returns "created", "updated" or "ignored".

    An older version, or the same one again, is ignored. Raises Refused(RECORD_VERSION_CONFLICT) where a known
    version comes with other content: then the sender has lost count, and neither side may guess; and
    Refused(RECORD_OF_ANOTHER_APPLICATION) where the submitter ID is another application's.
    """
    columns = _columns(record) | {"application": application, "version": version, "received_at": now}
    with transaction.atomic():
        row, created = _row_for(submitter_id, columns, record.tin)
        if row.application != application:
            raise Refused(Refusal.RECORD_OF_ANOTHER_APPLICATION)
        outcome = "created" if created else _follow(row, columns, record, now=now)
        if outcome != "ignored":
            _index_name(row)
            append(
                Deed.RECORD_RECEIVED,
                by=by,
                now=now,
                organization=submitter_id,
                application=application,
                outcome=outcome,
                about={"version": version, "status": row.status},
            )
    return outcome


def _columns(record: provisioning.EnrollmentRecord) -> dict[str, Any]:
    backup = record.backup
    return {
        "content_digest": provisioning.content_digest(record),
        "legal_name": record.legal_name,
        "legal_name_key": legal_name_key(record.legal_name),
        "city_key": " ".join(words_of(record.city)),
        "tin_digest": tin_digest(record.tin, is_ssn=record.tin_tag == EnrollmentRecord.TinTag.SSN),
        "approver_name": record.approver.name,
        "approver_email": record.approver.email,
        "backup_name": backup.name if backup else "",
        "backup_email": backup.email if backup else "",
        **{
            name: getattr(record, name)
            for name in ("kind", "tin_tag", "address", "phone", "city", "state", "zip", "status")
        },
    }


def _row_for(submitter_id: str, columns: dict[str, Any], tin: str) -> tuple[EnrollmentRecord, bool]:
    fresh = EnrollmentRecord(submitter_id=submitter_id, **columns)
    fresh.tin_sealed = vault.seal(tin, place=TIN_PLACE, row=str(fresh.pk))
    known = EnrollmentRecord.objects.select_for_update().filter(submitter_id=submitter_id)
    row = known.first()
    if row is not None:
        return row, False
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:  # the same record came in twice at once
        return known.get(), False
    return fresh, True


def _follow(
    row: EnrollmentRecord, columns: dict[str, Any], record: provisioning.EnrollmentRecord, *, now: datetime
) -> str:
    if columns["version"] < row.version:
        return "ignored"
    if columns["version"] == row.version:
        # The TINs themselves: their digests differ while a key is being changed.
        if row.content_digest == columns["content_digest"] and tin_of(row) == record.tin:
            return "ignored"
        raise Refused(Refusal.RECORD_VERSION_CONFLICT, version=row.version)
    _remember_who_is_replaced(row, columns, record.handover_on, now=now)
    for name, value in columns.items():
        setattr(row, name, value)
    row.tin_sealed = vault.seal(record.tin, place=TIN_PLACE, row=str(row.pk))
    row.save()
    return "updated"


def _remember_who_is_replaced(
    row: EnrollmentRecord, columns: dict[str, Any], handover_on: str, *, now: datetime
) -> None:
    """Whoever the new version no longer names; whose roles end is for `access` to find (G-8)."""
    last_day = date.fromisoformat(handover_on) if handover_on else None
    for standing in FormerPerson.Standing:
        name, email = (getattr(row, f"{standing.value}_{part}") for part in ("name", "email"))
        by_name, by_email = (columns[f"{standing.value}_{part}"] for part in ("name", "email"))
        if is_replaced(name=name, email=email, by_name=by_name, by_email=by_email):
            row.former_people.create(
                standing=standing, name=name, email=email, replaced_at=now, last_day=last_day
            )


def _index_name(row: EnrollmentRecord) -> None:
    # In order, so that two records with the same words wait for each other in one direction only.
    words = sorted(set(words_of(row.legal_name)))
    NameWord.objects.bulk_create([NameWord(word=word) for word in words], ignore_conflicts=True)
    known = NameWord.objects.filter(word__in=words).order_by("word")
    grams = [WordGram(word=one, gram=gram) for one in known for gram in sorted(grams_of(one.word))]
    WordGram.objects.bulk_create(grams, ignore_conflicts=True)
    row.words.set(known)


def claim(*, record: EnrollmentRecord, by: By, now: datetime) -> Organization:
    """Make the record an organization, or return the one it is already: two at once still make one (G-3)."""
    with transaction.atomic():
        organization, created = Organization.objects.get_or_create(
            record=record, defaults={"created_at": now}
        )
        if created:
            append(Deed.ORGANIZATION_CLAIMED, by=by, now=now, organization=record.submitter_id)
    return organization


def note_unattended(*, organization: Organization, application: str, by: By, now: datetime) -> bool:
    """Note that nobody can decide there; True where that is news (G-7)."""
    with transaction.atomic():
        _, is_news = Unattended.objects.get_or_create(
            organization=organization, application=application, ended_at=None, defaults={"noticed_at": now}
        )
        if is_news:
            append(
                Deed.ORGANIZATION_UNATTENDED,
                by=by,
                now=now,
                organization=organization.submitter_id,
                application=application,
            )
    return is_news


def note_attended(
    *, organization: Organization, application: str, by: By, now: datetime, outcome: str = "done"
) -> bool:
    """Note that somebody can decide there again, or, as `outcome`, why nobody needs to."""
    with transaction.atomic():
        noted = Unattended.objects.filter(
            organization=organization, application=application, ended_at__isnull=True
        )
        if not noted.update(ended_at=now):
            return False
        append(
            Deed.ORGANIZATION_ATTENDED,
            by=by,
            now=now,
            outcome=outcome,
            organization=organization.submitter_id,
            application=application,
        )
    return True


def count_search(*, account: Account, by: By, now: datetime) -> None:
    """Reserve one search (G-5). Raises Refused(TOO_MANY_SEARCHES, until) when this hour's are used up."""
    _reserve(LookUpCount.Kind.SEARCH, account=account, by=by, now=now)


def find_enrollment(
    *, account: Account, submitter_id: str, legal_name: str, tin: str, by: By, now: datetime
) -> EnrollmentRecord:
    """The unclaimed record that somebody may create an organization from (G-2).

    Raises Refused(ENROLLMENT_NOT_MATCHED), never saying which part is wrong; ORGANIZATION_EXISTS(submitter_id,
    legal_name) where it is claimed already, so that the page goes on as associate (G-3); TOO_MANY_SEARCHES(until).
    """
    _reserve(LookUpCount.Kind.MATCH, account=account, by=by, now=now)
    record = match_enrollment(submitter_id=submitter_id, legal_name=legal_name, tin=tin)
    if record is None:
        # What was typed stays off the ledger: an SSN may stand in any of the fields.
        append(Deed.ORGANIZATION_MATCH_REFUSED, by=by, now=now, subject=account.pk, outcome="refused")
        raise Refused(Refusal.ENROLLMENT_NOT_MATCHED)
    if Organization.objects.filter(record=record).exists():
        raise Refused(
            Refusal.ORGANIZATION_EXISTS, submitter_id=record.submitter_id, legal_name=record.legal_name
        )
    return record


def _reserve(kind: LookUpCount.Kind, *, account: Account, by: By, now: datetime) -> None:
    with transaction.atomic():
        until = _take_one(kind, account, now, settings.LIMITS.searches_an_hour)
        if until is not None:
            append(
                Deed.ORGANIZATION_LOOK_UPS_REFUSED,
                by=by,
                now=now,
                subject=account.pk,
                outcome="refused",
                about={"kind": kind.value},
            )
    if until is not None:
        raise Refused(Refusal.TOO_MANY_SEARCHES, until=until)


def _take_one(kind: LookUpCount.Kind, account: Account, now: datetime, most: int) -> datetime | None:
    """Count one more; the instant to come back at where `most` are used up."""
    row, _ = LookUpCount.objects.select_for_update().get_or_create(
        account=account, kind=kind, defaults={"hour_began_at": now}
    )
    if now - row.hour_began_at >= HOUR:
        row.hour_began_at, row.count = now, 0
    if row.count >= most:
        return row.hour_began_at + HOUR
    row.count += 1
    row.save(update_fields=["hour_began_at", "count"])
    return None
