"""What somebody is shown of a person (H-1, H-2): masked to a desk, to approvers what R-8 allows. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bailiwick.ground.rulings.masking import masked_email, masked_phone
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries import GrantLine
from bailiwick.idm.access.queries.grants import lines_of_people
from bailiwick.idm.access.queries.requests import pending_of_people
from bailiwick.idm.access.state_words import GRANT_STATE_WORDS
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.accounts import AccountState

MOST_PEOPLE = 20
STATE_WORDS = {
    AccountState.ACTIVE: pgettext_lazy("account", "Active"),
    AccountState.SUSPENDED: _("Suspended"),
    AccountState.ARCHIVED: _("Archived"),
    AccountState.DISCARDED: _("Never used"),
    AccountState.MERGED: _("Merged into another account"),
}
type_of_items = list[tuple[str | Promise, str]]


@dataclass(frozen=True)
class RoleFound:
    line: GrantLine
    is_removable: bool

    @property
    def words(self) -> str | Promise:
        return GRANT_STATE_WORDS[self.line.state][0]

    @property
    def mood(self) -> str:
        return GRANT_STATE_WORDS[self.line.state][1]


@dataclass(frozen=True)
class PersonFound:
    """One person as this viewer may see them. `contact` is filled for desks only, and masked.

    `is_desks`: the viewer's desk has a page about them (H-2).
    """

    account: Account
    name: str
    contact: type_of_items
    business: type_of_items
    roles: list[RoleFound]
    pending: list[RoleRequest]
    is_desks: bool


def person_found(
    account: Account, scope: Scope, *, now: datetime, organization: Organization | None = None
) -> PersonFound:
    """With `organization`, only what concerns that one."""
    return people_found([account], scope, now=now, organization=organization)[0]


def people_found(
    accounts: list[Account], scope: Scope, *, now: datetime, organization: Organization | None = None
) -> list[PersonFound]:
    """Each of them, in that order; two statements however many they are."""
    held, asked = lines_of_people(accounts, now=now), pending_of_people(accounts, now=now)
    found = []
    for account in accounts:
        lines = [line for line in held[account.pk] if scope.sees(line)]
        pending = [each for each in asked[account.pk] if _sees_request(each, scope)]
        if organization:
            lines = [line for line in lines if line.grant.organization_id == organization.pk]
            pending = [each for each in pending if each.record_id == organization.record_id]
        found.append(_person(account, lines, pending, scope))
    return found


def _person(
    account: Account, lines: list[GrantLine], pending: list[RoleRequest], scope: Scope
) -> PersonFound:
    return PersonFound(
        account=account,
        name=full_name(account),
        contact=_masked_contact(account) if scope.is_strong_desk else [],
        business=_business_contact(account),
        roles=[RoleFound(line, scope.may_remove(line)) for line in lines],
        pending=pending,
        is_desks=account.pk != scope.viewer.pk and _is_desks(lines, pending, scope),
    )


def _is_desks(lines: list[GrantLine], pending: list[RoleRequest], scope: Scope) -> bool:
    here = {line.grant.application for line in lines} | {each.application for each in pending}
    return scope.is_strong_desk and (scope.identity_tier >= 1 or bool(here & scope.applications))


def _sees_request(request: RoleRequest, scope: Scope) -> bool:
    if scope.is_strong_desk and (scope.identity_tier >= 1 or request.application in scope.applications):
        return True
    return scope.authority.approves(request.application, request.organization)


def state_words(account: Account) -> str:
    """What an account is, in the words of a page."""
    return str(STATE_WORDS[AccountState(account.state)])


def _masked_contact(account: Account) -> type_of_items:
    return [
        (_("E-mail"), masked_email(account.email)),
        (_("Phone"), masked_phone(account.phone)),
        (_("Account"), state_words(account)),
    ]


def _business_contact(account: Account) -> type_of_items:
    """R-8: optional, and theirs to fill in; only what is filled in."""
    phone = f"{account.business_phone} {account.business_extension}".strip()
    items = [
        (_("Employer"), account.business_employer),
        (_("Title"), account.business_title),
        (_("Business address"), account.business_address),
        (_("Business phone"), phone),
        (_("Fax"), account.business_fax),
        (_("Business e-mail"), account.business_email),
    ]
    return [(label, value) for label, value in items if value]
