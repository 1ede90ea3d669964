"""The roles that somebody certifies, each with its evidence, and those that can still be restored (C-1 to C-5).

What is open is computed from the grants themselves: no round has to have run for it (I-2). All that a line shows is
read for many roles in as many statements as for one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.idm.access.certification import OPEN, Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    Authority,
    able_approvers,
    authority_of,
    is_active,
    is_live,
    is_open_place,
    zone,
)
from bailiwick.idm.access.queries.grants import GrantLine, line_of, why_it_ended, with_activity
from bailiwick.idm.access.queries.health import Health, healths_of
from bailiwick.idm.access.queries.requests import decided_by, decided_within, decider_of
from bailiwick.idm.access.queries.review import compared_with_record
from bailiwick.idm.access.queries.weighing import able_around
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.proofing.queries import proofed_among
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application, Decider
from bailiwick.idm.rules.certification import (
    Advice,
    Evidence,
    Outcome,
    advice,
    first_still_restorable,
    last_day_to_restore,
    last_opened,
)
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import APPROVING, EndReason, GrantState, SignInStrength
from bailiwick.idm.rules.requests import DeciderFacts, digest_of, is_entitled

Able = frozenset[tuple[str, UUID, UUID]]
OfRecord = dict[str, dict[str, bool] | None]


@dataclass(frozen=True)
class CertificationLine:
    """One role, as its certifier sees it at one instant.

    `row`: what was decided or handed over for this due date, if anything. `of_record`: for roles of approvers, as
    `queries.review` compares them. `digest` is of what a decision rests on: whoever decides sends back the one they saw.
    """

    line: GrantLine
    row: Certification | None
    facts: DeciderFacts
    evidence: Evidence
    advice: Advice
    health: Health | None
    of_record: OfRecord
    granted_by: str
    digest: str

    @property
    def grant(self) -> Grant:
        return self.line.grant

    @property
    def due_on(self) -> date:
        return self.grant.certify_by

    @property
    def is_missed(self) -> bool:
        """Whether nobody certified it in time (C-3), recorded or not."""
        is_over = self.line.state is GrantState.ENDED
        return is_over and why_it_ended(self.grant) == EndReason.CERTIFICATION_MISSED

    @property
    def opens_on(self) -> date:
        """The first day on which it can be certified (C-3)."""
        first: date = self.due_on - settings.LIMITS.certification_opens
        return first

    @property
    def last_day(self) -> date:
        """The last day on which something can be done: to certify it, or to restore it (C-5)."""
        return (
            last_day_to_restore(self.due_on, settings.LIMITS.late_restore, self.grant.ends_on)
            if self.is_missed
            else self.due_on
        )

    @property
    def is_desks(self) -> bool:
        """Whether a desk certifies it, and not an approver of the organization."""
        return not self.facts.is_able_approver or self.facts.decided_by is not Decider.APPROVERS

    @property
    def may_see(self) -> bool:
        """Whoever may certify such a role, whatever the strength of their session (INV-14)."""
        return bool(is_entitled(self.facts))


def to_certify(
    certifier: Account, *, now: datetime, as_desk: bool = True, authority: Authority | None = None
) -> QuerySet[Grant]:
    """The roles that are open for this person to certify, the first due first (C-2, C-3).

    `as_desk` False: those of an approver alone, for a session that a desk's pages do not open to (S-2).
    """
    latest = last_opened(day_of(now, zone()), settings.LIMITS.certification_opens)
    due = is_live(now) & Q(certify_by__lte=latest)
    rows = _theirs(certifier, authority, due, now=now, as_desk=as_desk)
    return rows.order_by("certify_by", "organization", "pk")


def to_restore(
    certifier: Account, *, now: datetime, as_desk: bool = True, authority: Authority | None = None
) -> QuerySet[Grant]:
    """The roles that nobody certified in time, and that this person can still restore (C-5)."""
    today = day_of(now, zone())
    first = first_still_restorable(today, settings.LIMITS.late_restore)
    missed = Q(end_reason=EndReason.CERTIFICATION_MISSED) | Q(ended_at__isnull=True)
    due = missed & Q(certify_by__gte=first, certify_by__lt=today)
    due &= Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    rows = _theirs(certifier, authority, due, now=now, as_desk=as_desk)
    rows = rows.filter(is_open_place(), account__state=AccountState.ACTIVE)
    return rows.order_by("certify_by", "organization", "pk")


def _theirs(
    certifier: Account, authority: Authority | None, due: Q, *, now: datetime, as_desk: bool
) -> QuerySet[Grant]:
    authority = authority or authority_of(certifier, now=now)
    theirs = Q(pk__in=[])
    for application in catalogue().applications:
        alone = partial(_alone, application, due, now)
        theirs |= decided_within(application, authority, alone, as_desk=as_desk)
    return Grant.objects.filter(due, theirs).exclude(account=certifier)


def _alone(application: Application, due: Q, now: datetime) -> Q:
    """At organizations without an able approver. Whoever approves holds no lesser role there of their own (Q-2).

    Asked of those where something is due, once each: in a season that is a hundred thousand roles.
    """
    there = Grant.objects.filter(due, application=application.code, organization=OuterRef("pk"))
    able = able_approvers(application, now=now).filter(organization=OuterRef("pk"))
    return Q(organization__in=Organization.objects.filter(Exists(there), ~Exists(able)).values("pk"))


def others_to_certify(grant: Grant, certifier: Account, *, now: datetime) -> list[Account]:
    """The other approvers to whom this one can hand the line over (C-4); [] where a desk certifies, which is many."""
    if decided_by(grant) is not Decider.APPROVERS:
        return []
    able = able_approvers(catalogue().application(grant.application), now=now).filter(
        organization=grant.organization
    )
    people = Account.objects.select_related("person").filter(pk__in=able.values("account"))
    people = people.exclude(pk__in=[certifier.pk, grant.account_id])
    return list(people.order_by("person__last_name", "user_id_key"))


def certification_lines(
    keys: Iterable[UUID], certifier: Account, *, strength: SignInStrength, now: datetime
) -> dict[UUID, CertificationLine]:
    """By the grant's key. Inside a decision it is read under the locks; for a page, as it is now."""
    chosen = with_activity().select_related("request__decided_by__person").filter(pk__in=list(keys))
    grants = list(chosen)
    read = _read(grants, now)
    authority, is_certifier_active = authority_of(certifier, now=now), is_active(certifier)
    return {
        grant.pk: read.line(
            grant,
            decider_of(
                grant,
                certifier,
                strength=strength,
                authority=authority,
                is_account_active=is_certifier_active,
                has_able_approver=read.has_able_approver(grant),
            ),
            now,
        )
        for grant in grants
    }


@dataclass(frozen=True)
class _Read:
    """What the lines of some roles rest on, read at once."""

    able: Able
    proofed: frozenset[UUID]
    healths: dict[UUID, Health]
    rows: dict[tuple[UUID, date], Certification]

    def has_able_approver(self, grant: Grant) -> bool:
        return any(
            (application, place) == (grant.application, grant.organization_id) and who != grant.account_id
            for application, place, who in self.able
        )

    def line(self, grant: Grant, facts: DeciderFacts, now: datetime) -> CertificationLine:
        line = line_of(grant, now=now)
        compared = _compared(line)
        evidence = self._evidence(line, compared)
        limits = settings.LIMITS
        warn_before = limits.inactive_after - min(limits.inactivity_warnings)
        decider = grant.request.decided_by if grant.request else None
        return CertificationLine(
            line=line,
            row=self.rows.get((grant.pk, grant.certify_by)),
            facts=facts,
            evidence=evidence,
            advice=advice(evidence, now=now, warn_before=warn_before),
            health=self.healths.get(grant.organization_id) if grant.organization_id else None,
            of_record=compared,
            granted_by=full_name(decider) if decider else "",
            digest=_digest(line, evidence),
        )

    def _evidence(self, line: GrantLine, compared: OfRecord) -> Evidence:
        grant, role = line.grant, line.role
        is_approving = role is not None and role.standing in APPROVING
        named = [each["same"] for each in compared.values() if each is not None]
        return Evidence(
            rests_from=line.inactive_at,
            last_sign_in_at=line.last_sign_in_at,
            is_account_active=grant.account.state == AccountState.ACTIVE,
            is_organization_closed=grant.organization is not None and grant.organization.is_closed,
            is_of_record=any(named) if is_approving and grant.organization else None,
            is_proofed=grant.account_id in self.proofed if role and role.needs_proofing else None,
            is_only_approver=is_approving and not self.has_able_approver(grant),
            ends_on=grant.ends_on,
        )


def _compared(line: GrantLine) -> OfRecord:
    """Same person on file or not (C-2); {} for roles that no enrollment record names."""
    place, role = line.grant.organization, line.role
    if place is None or role is None or role.standing not in APPROVING:
        return {}
    found: OfRecord = compared_with_record(line.grant.account, place.record)
    return found


def _read(grants: list[Grant], now: datetime) -> _Read:
    places = {grant.organization_id: grant.organization for grant in grants if grant.organization}
    rows = Certification.objects.select_related(
        "handed_by__person", "handed_to__person", "decided_by__person"
    )
    return _Read(
        able=able_around(grants, now),
        proofed=frozenset(proofed_among(grant.account for grant in grants)),
        healths=healths_of(list(places.values()), now=now) if places else {},
        rows={(row.grant_id, row.due_on): row for row in rows.filter(grant__in=grants)},
    )


def _digest(line: GrantLine, evidence: Evidence) -> str:
    """Of who holds what where until when: a later sign-in does not make a certifier look again, another holder does."""
    grant = line.grant
    return digest_of(
        {
            "grant": str(grant.pk),
            "due_on": grant.certify_by.isoformat(),
            "name": full_name(grant.account),
            "account": [str(grant.account_id), evidence.is_account_active],
            "record": [grant.legal_name, evidence.is_organization_closed, evidence.is_of_record],
            "proofed": evidence.is_proofed,
            "ends_on": grant.ends_on.isoformat() if grant.ends_on else "",
        }
    )


def last_certified(grant: Grant) -> Certification | None:
    """The newest certification of a role that somebody decided."""
    decided = Certification.objects.select_related("decided_by__person").filter(grant=grant)
    return decided.filter(decided_by__isnull=False).order_by("-decided_at").first()


def certifications_of(grant: Grant) -> list[Certification]:
    """Everything that was decided or missed of it, the first first (Q-11)."""
    rows = Certification.objects.select_related("decided_by__person").filter(grant=grant)
    return list(rows.exclude(outcome__in=[OPEN, Outcome.ENDED]).order_by("due_on"))
