"""Starting and ending grants inside the transaction of whoever decided it. Not an action: nobody is asked here."""

from datetime import date, datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.actions._settling import settle_ended
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.notices import tell_ended
from bailiwick.idm.access.queries.authority import certification_every, zone
from bailiwick.idm.access.queries.grants import ends_by_itself, has_ended, role_of
from bailiwick.idm.access.queries.succession import predecessors_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import EndReason, certification_due, contains
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
from bailiwick.idm.sessions.actions import end_application_sessions


def start_grant(
    *,
    account: Account,
    application: str,
    role: Role,
    organization: Organization | None,
    by: By,
    now: datetime,
    request: RoleRequest | None = None,
    ends_on: date | None = None,
) -> tuple[Grant, list[str]]:
    """The new grant, and the names of the roles that it replaces there (Q-2)."""
    replaced = end_what_it_replaces(account, application, role, organization, by=by, now=now)
    grant = Grant.objects.create(
        account=account,
        application=application,
        role=role.code,
        organization=organization,
        request=request,
        started_at=now,
        ends_on=ends_on,
        certify_by=first_certification(application, now=now),
    )
    note_started(grant, by=by, now=now)
    end_predecessors(grant, by=by, now=now)
    return grant, replaced


def end_predecessors(grant: Grant, *, by: By, now: datetime) -> None:
    """Whom the enrollment record named before goes when the person it names now comes (G-8)."""
    for former in predecessors_of(grant, now=now):
        if end_grant(former, EndReason.SUCCEEDED, by=by, now=now):
            tell_ended(former, now=now)


def note_started(grant: Grant, *, by: By, now: datetime) -> None:
    append(
        Deed.GRANT_STARTED,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        about={
            "grant": str(grant.pk),
            "role": grant.role,
            "request": grant.request.number if grant.request else "",
        },
    )


def end_what_it_replaces(
    account: Account,
    application: str,
    role: Role,
    organization: Organization | None,
    *,
    by: By,
    now: datetime,
) -> list[str]:
    """Of what is held there, end the roles that this one contains (Q-2); what is over by itself is written down."""
    held = Grant.objects.select_related("organization__record", "account").filter(
        account=account, application=application, organization=organization, ended_at__isnull=True
    )
    replaced = []
    for grant in held:
        _, other = role_of(application, grant.role)
        if has_ended(grant, now=now):
            record_end(grant, by=by, now=now)
        elif other is not None and contains(role.standing, other.standing):
            end_grant(grant, EndReason.SUPERSEDED, by=by, now=now)
            replaced.append(other.name)
    return replaced


def first_certification(application: str, *, now: datetime) -> date:
    """The day by which a role that begins now is certified (C-1)."""
    described = next((one for one in catalogue().applications if one.code == application), None)
    return certification_due(now, certification_every(described), zone())


def record_end(grant: Grant, *, by: By, now: datetime) -> bool:
    """Write down that the grant ended by itself, when it did and why (I-2)."""
    at, reason = ends_by_itself(grant)
    return end_grant(grant, reason, at=at, by=by, now=now)


def end_grant(
    grant: Grant,
    reason: EndReason,
    *,
    by: By,
    now: datetime,
    comment: str = "",
    ended_by: Account | None = None,
    at: datetime | None = None,
) -> bool:
    """End it, once, and its holder's sessions in the application, which hold what it gave (O-5, Q-8)."""
    values = {"ended_at": at or now, "end_reason": reason.value, "end_comment": comment, "ended_by": ended_by}
    if not Grant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(**values):
        return False
    for name, value in values.items():
        setattr(grant, name, value)
    settle_ended(grant, now=now)
    append(
        Deed.GRANT_ENDED,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        why=comment,
        outcome=reason.value,
        about={"grant": str(grant.pk), "role": grant.role},
    )
    application, _ = role_of(grant.application, grant.role)
    if application is not None and application.client is not None:
        end_application_sessions(
            account=grant.account, application=grant.application, why=SessionEnd.GRANT_ENDED, by=by, now=now
        )
    return True
