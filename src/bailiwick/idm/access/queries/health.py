"""How well organizations are provided with people who can decide (G-7). Computed, never stored."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import able_approvers, codes_of, is_live, zone
from bailiwick.idm.access.queries.grants import GrantLine, line_of
from bailiwick.idm.access.queries.review import compared_with_record
from bailiwick.idm.access.words import HEALTH_WORDS
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.certification import last_opened
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import APPROVING, GrantState
from bailiwick.idm.rules.organizations import ApproverFacts, HealthFlag
from bailiwick.idm.rules.organizations import health as health_rule
from bailiwick.idm.signin.queries import with_email_only

NEEDS_FORM = frozenset(
    {HealthFlag.NO_ABLE_APPROVER, HealthFlag.ONLY_ONE_APPROVER, HealthFlag.DIFFERS_FROM_RECORD}
)


@dataclass(frozen=True)
class Finding:
    """What is so in one application, about whom, and the next step; the gravest of an organization come first."""

    code: HealthFlag
    application: Application
    people: tuple[str, ...]

    @property
    def sentence(self) -> str | Promise:
        return HEALTH_WORDS[self.code][0]

    @property
    def next_step(self) -> str | Promise:
        return HEALTH_WORDS[self.code][1]

    @property
    def needs_form(self) -> bool:
        """The next step is a form of the application, and so begins there."""
        return self.code in NEEDS_FORM


@dataclass(frozen=True)
class Health:
    """No findings: all is well, or nobody is there. `able`: the names of those who can decide now.

    `to_certify`: how many roles there are open for certification, the first of them due on `first_due` (C-3).
    """

    findings: tuple[Finding, ...] = ()
    able: tuple[str, ...] = ()
    to_certify: int = 0
    first_due: date | None = None

    @property
    def is_unattended(self) -> bool:
        """Nobody can decide there: the application's desk does (INV-12)."""
        return any(finding.code is HealthFlag.NO_ABLE_APPROVER for finding in self.findings)


def health_of(organization: Organization, *, now: datetime) -> Health:
    """What its approvers and tier 2 should know (G-7)."""
    return healths_of([organization], now=now)[organization.pk]


@beyond()
def healths_of(organizations: Collection[Organization], *, now: datetime) -> dict[UUID, Health]:
    """The same of many, in as many statements as of one."""
    keys = [organization.pk for organization in organizations]
    found: dict[UUID, list[Finding]] = {key: [] for key in keys}
    able: dict[UUID, set[str]] = {key: set() for key in keys}
    for application in with_approvers():
        for key, facts in _approvers_by_place(application, keys, now).items():
            found[key] += _findings(application, facts, now)
            able[key].update(one.name for one in facts if one.is_able)
    gravest = list(HealthFlag).index
    due = _to_certify(keys, now)
    return {
        key: Health(
            tuple(sorted(found[key], key=lambda one: gravest(one.code))),
            tuple(sorted(able[key])),
            *due.get(key, ()),
        )
        for key in keys
    }


def _to_certify(keys: Collection[UUID], now: datetime) -> dict[UUID, tuple[int, date]]:
    """How many roles are open for certification at each of these organizations, and the first day one is due."""
    latest = last_opened(day_of(now, zone()), settings.LIMITS.certification_opens)
    due = Grant.objects.filter(is_live(now), organization__in=keys, certify_by__lte=latest)
    counted = due.order_by().values_list("organization").annotate(Count("pk"), Min("certify_by"))
    return {key: (roles, first) for key, roles, first in counted}


def with_approvers() -> list[Application]:
    """The applications whose organizations have approvers."""
    return [application for application in catalogue().applications if codes_of(application, APPROVING)]


def _findings(application: Application, facts: Iterable[ApproverFacts], now: datetime) -> Iterator[Finding]:
    limits = settings.LIMITS
    found = health_rule(
        facts,
        now=now,
        warn_before=limits.inactive_after - min(limits.inactivity_warnings),
        opens_before=limits.certification_opens,
        zone=zone(),
    )
    for code, people in found.items():
        yield Finding(code, application, people)


def _approvers_by_place(
    application: Application, keys: Collection[UUID], now: datetime
) -> dict[UUID, list[ApproverFacts]]:
    """The approvers of every organization in which somebody holds a role; [] where nobody approves."""
    here = Grant.objects.filter(is_live(now), application=application.code, organization__in=keys)
    rows = here.filter(role__in=codes_of(application, APPROVING))
    lines = [line_of(row, now=now) for row in rows.select_related("organization__record", "account__person")]
    weak = with_email_only({line.grant.account_id for line in lines})
    places: dict[UUID, list[ApproverFacts]] = {}
    for line in lines:
        facts = _facts(line, has_strong_factor=line.grant.account_id not in weak)
        places.setdefault(line.grant.organization_id, []).append(facts)
    others = here.filter(organization__in=[key for key in keys if key not in places])
    peopled = others.values_list("organization_id", flat=True).distinct()
    return places | {key: [] for key in peopled}


def _facts(line: GrantLine, *, has_strong_factor: bool) -> ApproverFacts:
    account = line.grant.account
    compared = compared_with_record(account, line.grant.organization.record).values()
    return ApproverFacts(
        is_able=line.state is GrantState.ACTIVE and account.state == AccountState.ACTIVE,
        inactive_from=line.inactive_at,
        certification_due=line.certification_due,
        has_strong_factor=has_strong_factor,
        is_of_record=any(one is not None and one["same"] for one in compared),
        name=full_name(account),
        is_reached_by_mail=account.mail_failed_at is None,
    )


@beyond()
def able_deciders(organization: Organization, *, now: datetime) -> list[Account]:
    """Everyone who can decide for the organization now, by name; [] where the help desk does (G-7)."""
    able = Q(pk__in=[])
    for application in with_approvers():
        grants = able_approvers(application, now=now).filter(organization=organization)
        able |= Q(pk__in=grants.values("account"))
    rows = Account.objects.select_related("person").filter(able)
    return list(rows.order_by("person__last_name", "person__first_name", "user_id_key"))


@beyond()
def unattended(application: Application, *, now: datetime) -> QuerySet[Organization]:
    """The open organizations where somebody holds a role in the application and nobody can decide (INV-12)."""
    here = Grant.objects.filter(is_live(now), application=application.code, organization=OuterRef("pk"))
    able = able_approvers(application, now=now).filter(organization=OuterRef("pk"))
    rows = Organization.objects.filter(record__status=EnrollmentRecord.Status.ACTIVE)
    return (
        rows.filter(Exists(here), ~Exists(able)).select_related("record").order_by("record__legal_name_key")
    )
