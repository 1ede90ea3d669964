"""Announcements: published and withdrawn by a desk or the operator, mailed where wanted (N-4)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox import announcements
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.outbox.models import Announcement
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import is_live
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.notices import EVERYWHERE, Refusal, check_time
from bailiwick.wire.announcements import Announced

AT_A_TIME = 500
MOST_A_RUN = 4000


def publish(
    *, announced: Announced, application: str, is_mailed: bool, may: tuple[str, ...], by: By, now: datetime
) -> Announcement:
    """Put a banner on the pages of an application (or all), from–to. `may`: for which the publisher may (rules.notices).

    Refuses ANNOUNCEMENT_NOT_YOURS, and a time that is backwards, over or too long. The same id again is the first.
    """
    if application not in may:
        raise Refused(Refusal.ANNOUNCEMENT_NOT_YOURS)
    ruling = check_time(announced.starts_at, announced.ends_at, now=now)
    if not ruling:
        ruling.raise_it()
    with transaction.atomic():
        row = announcements.publish(
            announced, application=application, is_mailed=is_mailed, published_by=by.actor, now=now
        )
        if row.published_at == now:
            about = {"announcement": str(row.pk), "mailed": is_mailed}
            append(Deed.ANNOUNCEMENT_PUBLISHED, by=by, now=now, application=application, about=about)
    return row


def withdraw(*, identifier: UUID, may: tuple[str, ...], by: By, now: datetime) -> None:
    """Take a banner off the pages. Refuses ANNOUNCEMENT_GONE where it is over, or another's."""
    with transaction.atomic():
        row = Announcement.objects.filter(pk=identifier, application__in=may).first()
        if row is None or not announcements.withdraw(identifier, now=now):
            raise Refused(Refusal.ANNOUNCEMENT_GONE)
        about = {"announcement": str(identifier)}
        append(Deed.ANNOUNCEMENT_WITHDRAWN, by=by, now=now, application=row.application, about=about)


def mail_announcements(*, now: datetime) -> int:
    """Mail what is to be mailed, from its first hour on, a chunk of people a transaction; returns how many people.

    Killed half-way it goes on behind the last chunk, and so does the next run where there are many: the worker has other
    things to do, too. A withdrawn one stops.
    """
    due = Announcement.objects.filter(
        is_mailed=True, mailed_at=None, withdrawn_at=None, starts_at__lte=now, ends_at__gt=now
    )
    reached = 0
    for key in list(due.order_by("starts_at", "id").values_list("pk", flat=True)):
        while reached < MOST_A_RUN and (chunk := _mail_chunk(key, now=now)):
            reached += chunk
    return reached


def _mail_chunk(key: UUID, *, now: datetime) -> int:
    with transaction.atomic():
        open_ones = Announcement.objects.select_for_update().filter(pk=key, mailed_at=None, withdrawn_at=None)
        row = open_ones.first()
        if row is None:
            return 0
        people = audience(row.application, now=now)
        if row.mailed_to:
            people = people.filter(pk__gt=UUID(row.mailed_to))
        chunk = list(people.order_by("pk")[:AT_A_TIME])
        for account in chunk:
            _tell(row, account, now=now)
        is_last = len(chunk) < AT_A_TIME
        reached = str(chunk[-1].pk) if chunk else row.mailed_to
        Announcement.objects.filter(pk=key).update(mailed_to=reached, mailed_at=now if is_last else None)
    return len(chunk)


def audience(application: str, *, now: datetime) -> QuerySet[Account]:
    """Who is mailed: people with a live role there, or everybody whose account is open."""
    people = Account.objects.filter(state=AccountState.ACTIVE).exclude(email="")
    if application == EVERYWHERE:
        return people
    holders = Grant.objects.filter(is_live(now), application=application)
    return people.filter(pk__in=holders.values("account"))


def _tell(row: Announcement, account: Account, *, now: datetime) -> None:
    said = row.texts.get(account.language) or row.texts["en"]
    described = catalogue().application(row.application) if row.application else None
    notice(
        "announcement",
        to=account.email,
        key=f"announcement:{row.pk}:{account.pk}",
        now=now,
        context={
            **said,
            "application_name": described.name if described else settings.PROGRAM.upper(),
            "help_contact": described.help if described else None,
        },
        language=account.language,
        inbox=str(account.pk),
    )
