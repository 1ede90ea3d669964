"""The rounds of certification: open what is due soon, close what is over, tell certifiers and holders (C-3, SR-28, INV-11).

Opening is bookkeeping: whether a role can be certified is computed from its day (I-2). A round first marks what it has to
tell of with its own day, in one statement a number, and tells afterwards; a message's key names that day. So a round that
was killed goes on with its own day, and whoever was told is not told again; one that comes ten days late tells once.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import F, Max, QuerySet, Value

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.actions._settling import note_certified
from bailiwick.idm.access.certification import OPEN, Certification
from bailiwick.idm.access.certification_notices import MOST_LISTED, tell_carried, tell_certifier, tell_holder
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries import season
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.certifying import to_certify
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import Event, Outcome, after, last_opened
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed

TOLD_TOGETHER = 50


def open_certifications(*, by: By, now: datetime) -> int:
    """Close what is over; open the certification of every role that is due soon, a due date at a time. Returns how many opened.

    Closed first: before a season begins there is little to look through. One INSERT a due date. It locks no role against
    anything that people do: whoever signs in writes other columns.
    """
    season.missed().update(outcome=after(Outcome.OPEN, Event.MISS))
    season.pointless().update(outcome=after(Outcome.OPEN, Event.END))
    opened = 0
    days = season.to_open(now).order_by("certify_by").values_list("certify_by", flat=True).distinct()
    for due_on in list(days):
        with transaction.atomic():
            some = _open(season.to_open(now).filter(certify_by=due_on))
            about = {"due_on": due_on.isoformat(), "roles": some}
            append(Deed.CERTIFICATIONS_OPENED, by=by, now=now, about=about)
        opened += some
    return opened


def carry_the_last_of_security(*, by: By, now: datetime) -> int:
    """The only one of tier 3 stays until there is somebody to certify them, a month at a time; it is flagged (H-7, AR17).

    Returns how many roles were carried on: more than one only where all of tier 3 rest.
    """
    return sum(_carry(grant, by=by, now=now) for grant in season.alone_at_security_desk(now))


def _carry(grant: Grant, *, by: By, now: datetime) -> bool:
    until = season.latest_open(now)
    with transaction.atomic():
        mine = Grant.objects.filter(pk=grant.pk, certify_by=grant.certify_by, ended_at__isnull=True)
        if not mine.update(certify_by=until):
            return False
        due = Certification.objects.filter(grant=grant, due_on=grant.certify_by, outcome=OPEN)
        due.update(outcome=after(Outcome.OPEN, Event.END))
        days = {"due_on": grant.certify_by.isoformat(), "certify_by": until.isoformat()}
        grant.certify_by = until
        note_certified(Deed.CERTIFICATION_CARRIED, grant, by=by, now=now, **days)
        tell_carried(grant, now=now)
        return True


def _open(roles: QuerySet[Grant]) -> int:
    """INSERT … SELECT; what somebody opened meanwhile stays as it is."""
    columns = {
        "grant_id": F("pk"),
        "holder_id": F("account_id"),
        "due_on": F("certify_by"),
        "outcome": Value(OPEN),
        "comment": Value(""),
        "is_late": Value(False),
        "handed_why": Value(""),
        "notices": Value(0),
        "warnings": Value(0),
    }
    marked = {f"new_{name}": value for name, value in columns.items()}
    chosen = roles.order_by().annotate(**marked).values_list(*marked)
    using = router.db_for_write(Certification)
    sql, parameters = chosen.query.get_compiler(using).as_sql()
    into = f"INSERT INTO {Certification._meta.db_table} ({', '.join(columns)})"
    with connections[using].cursor() as cursor:
        cursor.execute(f"{into} {sql} ON CONFLICT DO NOTHING", parameters)
        written: int = cursor.rowcount
        return written


def tell_certifiers(*, now: datetime) -> int:
    """At 30, 14, 7 and 1 days: one mail to each certifier, of all that is due (C-3). Returns how many were told."""
    return _rounds("notices", settings.LIMITS.certification_notices, _tell_round, now)


def warn_holders(*, now: datetime) -> int:
    """At 7 and 1 days: one mail to each person whose roles end unless somebody certifies them (C-3). Returns how many."""
    return _rounds("warnings", settings.LIMITS.certification_told, _warn_round, now)


def _rounds(
    count: str, before: Iterable[timedelta], tell: Callable[[date, datetime], int], now: datetime
) -> int:
    """Finish the rounds that were stopped half-way, each under its own day, then today's."""
    told = sum(tell(round_of, now) for round_of in _unfinished(count))
    today = day_of(now, zone())
    # Together: another worker sees all that is to be told of, or nothing.
    with transaction.atomic():
        for owed, span in enumerate(sorted(before, reverse=True), start=1):
            mine = season.open_now(now).filter(due_on__lte=last_opened(today, span), **{f"{count}__lt": owed})
            mine.update(**{count: owed, f"{count}_round": today})
    return told + sum(tell(round_of, now) for round_of in _unfinished(count))


def _unfinished(count: str) -> list[date]:
    rows = Certification.objects.filter(**{f"{count}_round__isnull": False})
    name = f"{count}_round"
    return list(rows.order_by(name).values_list(name, flat=True).distinct())


def _tell_round(round_of: date, now: datetime) -> int:
    marked = Certification.objects.filter(notices_round=round_of)
    # A second round of a day has opened something since; one that goes on after a stop has the same newest.
    newest = marked.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return 0
    about = {"round_of": round_of, "newest": newest, "now": now}
    desks = season.desk_members(now)
    told = sum(_tell_desk(member, **about) for member in desks)
    waiting = iter(season.approvers_in_round(round_of, now=now, but=[member.pk for member in desks]))
    while some := list(islice(waiting, TOLD_TOGETHER)):
        with transaction.atomic():
            due = season.due_at(some, round_of=round_of, now=now)
            for certifier, roles in due.items():
                tell_certifier(certifier, roles, total=len(roles), **about)
        told += len(due)
    marked.update(notices_round=None)
    return told


def _tell_desk(member: Account, *, round_of: date, newest: int, now: datetime) -> bool:
    """Of all that is theirs, as an approver, too; a desk's list is as long as its application is large."""
    with transaction.atomic():
        due = to_certify(member, now=now)
        if not due.filter(certifications__notices_round=round_of).exists():
            return False
        listed = list(due.select_related("organization__record", "account__person")[:MOST_LISTED])
        tell_certifier(member, listed, total=due.count(), round_of=round_of, newest=newest, now=now)
        return True


def _warn_round(round_of: date, now: datetime) -> int:
    told = 0
    while holders := season.holders_in_round(round_of, most=TOLD_TOGETHER):
        with transaction.atomic():
            ending = season.ending_for(holders, round_of=round_of, now=now)
            marked = Certification.objects.filter(warnings_round=round_of, grant__account__in=holders)
            newest = dict(marked.values_list("grant__account").annotate(Max("pk")))
            for holder, roles in ending.items():
                if holder.pk in newest:  # else another worker has just told them
                    tell_holder(holder, roles, round_of=round_of, newest=newest[holder.pk], now=now)
            marked.update(warnings_round=None)
        told += len(ending)
    return told
