"""What somebody may do to a held role: take it away, give it a last day, modify it (Q-7 to Q-10). The actions ask again."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    authority_of,
    codes_of,
    has_able_approver,
    is_active,
    is_live,
)
from bailiwick.idm.access.queries.grants import line_of, role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import FreeAttribute, Standing
from bailiwick.idm.rules.grants import APPROVING, Remover, SignInStrength, may_remove, may_set_end
from bailiwick.idm.rules.modifying import Holding


def remover_facts(account: Account, grant: Grant, *, strength: SignInStrength, now: datetime) -> Remover:
    authority = authority_of(account, now=now)
    return Remover(
        is_holder=grant.account_id == account.pk,
        is_able_approver=authority.approves(grant.application, grant.organization),
        is_application_desk=authority.is_application_desk(grant.application),
        identity_tier=authority.identity_tier,
        is_account_active=is_active(account),
        strength=strength,
    )


def may_remove_grant(account: Account, grant: Grant, *, strength: SignInStrength, now: datetime) -> Yes | No:
    """Q-8, for a page's button; the action asks again under its locks."""
    _, role = role_of(grant.application, grant.role)
    standing = role.standing if role else Standing.APPROVER
    return may_remove(remover_facts(account, grant, strength=strength, now=now), standing)


def may_set_grant_end(
    account: Account, grant: Grant, *, ends_on: date | None, strength: SignInStrength, now: datetime
) -> Yes | No:
    """Q-10, for a page; the action asks again under its locks."""
    _, role = role_of(grant.application, grant.role)
    remover = remover_facts(account, grant, strength=strength, now=now)
    standing = role.standing if role else Standing.APPROVER
    return may_set_end(remover, standing, ends_on=ends_on, now_ends_on=grant.ends_on)


def leaves_no_approver(grant: Grant, *, now: datetime) -> bool:
    """Whether ending this grant leaves its organization without an able approver (Q-9)."""
    application, role = role_of(grant.application, grant.role)
    if application is None or role is None or role.standing not in APPROVING or grant.organization is None:
        return False
    return not has_able_approver(application, grant.organization, now=now, but=grant.account)


def free_attributes(grant: Grant) -> tuple[FreeAttribute, ...]:
    """What its holder may change about it (Q-7); () where the application left the catalogue."""
    application, _ = role_of(grant.application, grant.role)
    return application.free_attributes(grant.role) if application else ()


def holding_of(account: Account, grant: Grant, *, now: datetime) -> Holding:
    return Holding(
        is_holder=grant.account_id == account.pk,
        is_account_active=is_active(account),
        state=line_of(grant, now=now).state,
    )


def end_users_at(
    organization: Organization, *, applications: Collection[str], now: datetime
) -> QuerySet[Grant]:
    """The roles there that its approvers remove (Q-8), of these applications, by name."""
    removable = Q(pk__in=[])
    for code in applications:
        roles = codes_of(catalogue().application(code), [Standing.END_USER])
        removable |= Q(application=code, role__in=roles)
    rows = Grant.objects.filter(removable, is_live(now), organization=organization)
    return rows.select_related("account__person", "organization__record").order_by(
        "account__person__last_name", "account__user_id_key", "pk"
    )


def grants_among(
    keys: Collection[UUID], organization: Organization, *, applications: Collection[str]
) -> list[Grant]:
    """The roles of these ids that are, or were, held there in these applications; of others there are none (INV-14)."""
    rows = Grant.objects.filter(pk__in=keys, organization=organization, application__in=applications)
    return list(rows.select_related("account__person", "organization__record").order_by("pk"))
