"""Taking a role away (Q-8, Q-9, H-7), one or many, and what follows from a grant by itself: closed records.

Whoever ends the last approver's role says so, and the desk hears it; the last of tier 3 stays.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.program.walls import beyond
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason
from bailiwick.idm.access.actions._granting import end_grant, start_grant
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_around, lock_grants_of
from bailiwick.idm.access.actions._refusals import refusals_recorded
from bailiwick.idm.access.actions._results import Result
from bailiwick.idm.access.actions.succeeding import follow_people_of_record
from bailiwick.idm.access.actions.watching import note_that_none_is_left
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.notices import tell_ended, tell_started
from bailiwick.idm.access.queries.authority import IDENTITY, is_live
from bailiwick.idm.access.queries.grants import has_ended, role_of
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.access.queries.touching import leaves_no_approver, may_remove_grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules import requests as asking
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.grants import TIER_OF_SECURITY_DESK, EndReason, Refusal, SignInStrength
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
from bailiwick.idm.sessions.actions import end_application_sessions


def remove_grant(
    *,
    grant: Grant,
    remover: Account,
    reason: str,
    strength: SignInStrength,
    by: By,
    now: datetime,
    confirmed_none_left: bool = False,
) -> Grant:
    """End a grant at once, in sessions too (Q-8). Whoever removes somebody else's gives a reason.

    `confirmed_none_left`: the last approver said in words that the organization will have none (Q-9).
    Raises Refused with a code of `rules.grants`; the same removal again by the same person changes nothing.
    """
    with refusals_recorded(grant, by=by, now=now):
        lock_accounts(remover.pk, grant.account_id)
        lock_grants_around(grant, remover=remover)
        fresh = Grant.objects.select_related("organization__record", "account__person").get(pk=grant.pk)
        ruling = may_remove_grant(remover, fresh, strength=strength, now=now)
        if isinstance(ruling, No):
            ruling.raise_it()
        if has_ended(fresh, now=now):
            return _ended_before(fresh, remover)
        end_reason = EndReason(ruling.ground)
        is_own = end_reason is EndReason.GIVEN_UP
        comment = checked_reason(reason, needed=None if is_own else Refusal.REMOVAL_REASON_NEEDED)
        refuse_the_last_of_security(fresh, now=now)
        is_last = leaves_no_approver(fresh, now=now)
        if is_last and is_own and not confirmed_none_left:
            raise Refused(Refusal.NONE_LEFT_UNCONFIRMED, legal_name=fresh.legal_name)
        end_grant(fresh, end_reason, comment=comment, ended_by=remover, by=by, now=now)
        tell_ended(fresh, now=now)
        if is_last and fresh.organization:
            note_that_none_is_left(fresh.organization, fresh.application, by=by, now=now)
        return fresh


def remove_grants(
    *,
    grants: Iterable[Grant],
    remover: Account,
    reason: str,
    strength: SignInStrength,
    by: By,
    now: datetime,
    confirmed_none_left: bool = False,
) -> list[Result]:
    """Remove many, each by itself: one that is refused keeps none of the others, and says why (Q-10)."""

    def removed(grant: Grant) -> Result:
        try:
            ended = remove_grant(
                grant=grant,
                remover=remover,
                reason=reason,
                strength=strength,
                by=by,
                now=now,
                confirmed_none_left=confirmed_none_left,
            )
        except Refused as refused:
            return Result(grant, refused)
        return Result(ended)

    return [removed(grant) for grant in grants]


def _ended_before(grant: Grant, remover: Account) -> Grant:
    if grant.ended_by_id == remover.pk:
        return grant
    raise Refused(Refusal.GRANT_ENDED)


@beyond()
def refuse_the_last_of_security(grant: Grant, *, now: datetime) -> None:
    """The last of tier 3 stays, or nobody could ever decide on a desk again (H-7). Whose role runs out does not count."""
    role = role_of(grant.application, grant.role)[1]
    if grant.application != IDENTITY or role is None or role.tier < TIER_OF_SECURITY_DESK:
        return
    others = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now).filter(ends_on__isnull=True)
    if not others.exclude(account=grant.account_id).exists():
        raise Refused(Refusal.LAST_TIER_3)


def grant_by_bootstrap(
    *,
    account: Account,
    application: str,
    role: str,
    organization: Organization | None = None,
    by: By,
    now: datetime,
) -> Grant:
    """The operator's command, for the first of each desk and for worlds to try things in (H-7). Again: the same grant."""
    described = role_of(application, role)[1]
    if described is None:
        raise Refused(asking.Refusal.ROLE_UNKNOWN)
    _refuse_a_wrong_place(described, organization)
    with transaction.atomic():
        lock_accounts(account.pk)
        lock_grants_of([account.pk])
        held = Grant.objects.filter(
            is_live(now), account=account, application=application, role=role, organization=organization
        ).first()
        if held is not None:
            return held
        grant, _ = start_grant(
            account=account,
            application=application,
            role=described,
            organization=organization,
            by=by,
            now=now,
        )
        tell_started(grant, now=now)
        return grant


def _refuse_a_wrong_place(role: Role, organization: Organization | None) -> None:
    if role.needs_organization != (organization is not None):
        raise Refused(asking.Refusal.ORGANIZATION_NEEDED)
    if organization is not None and role.organization_kind not in (None, organization.kind):
        raise Refused(asking.Refusal.KIND_NOT_FITTING, role_name=role.name)


def follow_record(*, submitter_id: str, by: By, now: datetime) -> int:
    """After a record changed: a closed one gives nobody anything any more, so its people's sessions end (O-5).

    The roles of those it names no longer get their end (G-8). Returns how many people were signed out. Safe to repeat.
    """
    follow_people_of_record(EnrollmentRecord.objects.get(submitter_id=submitter_id), by=by, now=now)
    closed = EnrollmentRecord.objects.filter(submitter_id=submitter_id, status=EnrollmentRecord.Status.CLOSED)
    live = Grant.objects.filter(is_live(now), organization__record__in=closed).select_related("account")
    people = {(grant.account, grant.application) for grant in live}
    for account, application in people:
        end_application_sessions(
            account=account, application=application, why=SessionEnd.ORGANIZATION_CLOSED, by=by, now=now
        )
    return len(people)
