"""Who had access to an organization on a day (Q-11): computed from the grants and the ledger, for any day that was."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.models import Export, Grant
from bailiwick.idm.access.queries.authority import Authority, codes_of, is_live, spans_of, zone
from bailiwick.idm.access.queries.grants import ended_at, has_ended, role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.days import start_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import APPROVING, GrantFacts, inactive_from

HOUR = timedelta(hours=1)
STOPPING = (Deed.ACCOUNT_SUSPENDED, Deed.ACCOUNT_ARCHIVED)
GOING_ON = (Deed.ACCOUNT_UNSUSPENDED, Deed.ACCOUNT_UNARCHIVED)


@dataclass(frozen=True)
class AccessLine:
    """A role that somebody held on the day. `was_inactive`: held, but it rested the whole day and let nobody in (I-4).

    `was_stopped`: the account was suspended or archived all that day (A-6). `ended_at` is None while it goes on;
    `granted_by` is "" where the operator entered it.
    """

    grant: Grant
    name: str
    user_id: str
    application_name: str
    role_name: str
    started_at: datetime
    ended_at: datetime | None
    was_inactive: bool
    was_stopped: bool
    last_sign_in_at: datetime | None
    granted_by: str
    number: str


def applications_seen(authority: Authority, organization: Organization, *, as_desk: bool) -> frozenset[str]:
    """The applications of which the viewer may know the roles held there (INV-14); `as_desk` False: as an approver alone.

    An application without organizations has no desk at one.
    """
    return frozenset(
        one.code
        for one in catalogue().applications
        if authority.approves(one.code, organization)
        or (as_desk and bool(codes_of(one, APPROVING)) and _is_desk(authority, one.code))
    )


def _is_desk(authority: Authority, application: str) -> bool:
    return authority.identity_tier >= 1 or authority.is_application_desk(application)


def held_on(organization: Organization, day: date, *, applications: Collection[str]) -> QuerySet[Grant]:
    """The grants there that were held during any part of that day, by name."""
    begins, ends = start_of(day, zone()), start_of(day + timedelta(days=1), zone())
    was_not_over = Q(ended_at__gt=begins) | is_live(begins)
    # Between the day by which nobody had certified it and the day on which that was made up for (C-5).
    gaps = Certification.objects.filter(is_late=True, due_on__lt=day, decided_at__gte=ends)
    rows = Grant.objects.filter(
        was_not_over,
        ~Exists(gaps.filter(grant=OuterRef("pk"))),
        organization=organization,
        application__in=applications,
        started_at__lt=ends,
    )
    return rows.select_related(
        "account__person", "organization__record", "request__decided_by__person"
    ).order_by("account__person__last_name", "account__user_id_key", "started_at")


def access_lines(grants: Iterable[Grant], day: date, *, now: datetime) -> list[AccessLine]:
    """The grants of `held_on` as they were on that day. Three statements, however many there are."""
    grants = list(grants)
    people = {str(grant.account_id) for grant in grants}
    signed_in, stopped = _last_sign_ins(people, day), _stopped(people, day)
    return [
        _line(
            grant,
            signed_in.get((str(grant.account_id), grant.application)),
            day,
            was_stopped=str(grant.account_id) in stopped,
            now=now,
        )
        for grant in grants
    ]


def _line(
    grant: Grant, last_sign_in_at: datetime | None, day: date, *, was_stopped: bool, now: datetime
) -> AccessLine:
    application, role = role_of(grant.application, grant.role)
    facts = GrantFacts(grant.started_at, grant.certify_by, last_sign_in_at)
    rests = inactive_from(facts, spans_of(application), zone())
    decider = grant.request.decided_by if grant.request else None
    return AccessLine(
        grant=grant,
        name=full_name(grant.account),
        user_id=grant.account.user_id,
        application_name=application.short_name if application else grant.application,
        role_name=role.name if role else grant.role,
        started_at=grant.started_at,
        ended_at=ended_at(grant) if has_ended(grant, now=now) else None,
        was_inactive=rests <= start_of(day, zone()),
        was_stopped=was_stopped,
        last_sign_in_at=last_sign_in_at,
        granted_by=full_name(decider) if decider else "",
        number=grant.request.number if grant.request else "",
    )


def _last_sign_ins(people: set[str], day: date) -> dict[tuple[str, str], datetime]:
    """By person and application: the last interactive sign-in up to the end of that day (I-1), as the ledger has it."""
    entered = Entry.objects.filter(
        subject__in=people,
        deed=Deed.APPLICATION_SIGN_IN,
        at__lt=start_of(day + timedelta(days=1), zone()),
        about__interactive=True,
    )
    latest = entered.order_by().values_list("subject", "application").annotate(latest=Max("at"))
    return {(subject, application): at for subject, application, at in latest}


def _stopped(people: set[str], day: date) -> set[str]:
    """Whose account was suspended or archived from before that day until after it, as the ledger has it."""
    begins, ends = start_of(day, zone()), start_of(day + timedelta(days=1), zone())
    turns = Entry.objects.filter(
        subject__in=people, deed__in=[*STOPPING, *GOING_ON], at__lt=ends, outcome="done"
    )
    stopped: set[str] = set()
    for subject, deed, at in turns.order_by("id").values_list("subject", "deed", "at"):
        if deed in GOING_ON:
            stopped.discard(subject)
        elif at < begins:
            stopped.add(subject)
    return stopped


def exports_within_the_hour(account: Account, *, now: datetime) -> int:
    """How often they took a list along lately (SR-38)."""
    return Export.objects.filter(account=account, made_at__gt=now - HOUR).count()
