"""What a changed enrollment record does to the roles of those it no longer names (G-8, F-12)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.actions._granting import end_grant
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import tell_ended, tell_replaced
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.succession import Departing, departing_from
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import EndReason, is_later


def follow_people_of_record(record: EnrollmentRecord, *, by: By, now: datetime) -> int:
    """Give the roles of those who were replaced by this version their last day, and tell their holders.

    A role without a given day goes on until that of the person named instead starts. Inside the transaction that
    took the record in. Returns how many roles it concerns.
    """
    replaced_now = record.former_people.filter(replaced_at=record.received_at).exists()
    departing = departing_from(record, now=now) if replaced_now else []
    for one in departing:
        announce_departure(one, by=by, now=now)
    return len(departing)


def announce_departure(departing: Departing, *, by: By, now: datetime) -> None:
    """Give one of them its last day, or end it where that is over, and tell its holder."""
    grant, last_day = departing.grant, departing.last_day
    append(
        Deed.GRANT_REPLACED_ON_RECORD,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        about={
            "grant": str(grant.pk),
            "role": grant.role,
            "last_day": last_day.isoformat() if last_day else "",
        },
    )
    if last_day is not None and last_day < day_of(now, zone()):
        if end_grant(grant, EndReason.SUCCEEDED, by=by, now=now):
            tell_ended(grant, now=now)
        return
    if last_day is not None and is_later(grant.ends_on, last_day):
        Grant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ends_on=last_day)
        grant.ends_on = last_day
    tell_replaced(grant, now=now)
