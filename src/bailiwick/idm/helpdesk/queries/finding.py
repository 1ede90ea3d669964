"""Finding people, within a scope (H-1, H-2). What a desk sees is masked; approvers see what R-8 allows. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries import GrantLine, grant_lines, people_of, requests_of
from bailiwick.idm.access.state_words import GRANT_STATE_WORDS
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.queries import search as organizations_like
from bailiwick.idm.proofing.models import Case, Manual
from bailiwick.idm.rules.accounts import AccountState, email_key, plain
from bailiwick.idm.rules.masking import masked_email, masked_phone
from bailiwick.idm.rules.organizations import words_of
from bailiwick.idm.rules.requests import State

MOST_PEOPLE = 20
SHORTEST = 2
STATE_WORDS = {
    AccountState.ACTIVE: _("Active"),
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


def people_matching(text: str, scope: Scope, *, now: datetime) -> list[PersonFound]:
    """The people whom `text` finds, at most one more than MOST_PEOPLE; "" finds an approver's own people."""
    accounts = {account.pk: account for account in _own_people(text, scope, now)}
    if scope.is_strong_desk and len(text) >= SHORTEST:
        accounts |= {account.pk: account for account in _known_to_desk(text, scope)}
    return [person_found(account, scope, now=now) for account in list(accounts.values())[: MOST_PEOPLE + 1]]


def person_found(
    account: Account, scope: Scope, *, now: datetime, organization: Organization | None = None
) -> PersonFound:
    """With `organization`, only what concerns that one."""
    lines = [line for line in grant_lines(account, now=now) if scope.sees(line)]
    pending = [each for each in requests_of(account) if each.state_at(now) is State.PENDING]
    if organization:
        lines = [line for line in lines if line.grant.organization_id == organization.pk]
        pending = [each for each in pending if each.record_id == organization.record_id]
    pending = [each for each in pending if _sees_request(each, scope)]
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


def _own_people(text: str, scope: Scope, now: datetime) -> list[Account]:
    """The people of the organizations one approves, whom every word of `text` fits."""
    words = words_of(text)
    found: dict[object, Account] = {}
    for organization in scope.organizations:
        for line in people_of(organization, now=now):
            account = line.grant.account
            haystack = words_of(
                f"{full_name(account)} {account.user_id} {organization.legal_name} {organization.submitter_id}"
            )
            if scope.sees(line) and all(any(part.startswith(word) for part in haystack) for word in words):
                found[account.pk] = account
    return list(found.values())


def _known_to_desk(text: str, scope: Scope) -> QuerySet[Account]:
    # What the proofing vendor calls a person's review is for IDM's desk.
    fits = _fits(text) | _has_reference(text) if scope.identity_tier >= 1 else _fits(text)
    rows = Account.objects.select_related("person").exclude(state=AccountState.DISCARDED).filter(fits)
    if scope.identity_tier < 1:
        here = Q(application__in=scope.applications, account=OuterRef("pk"))
        rows = rows.filter(Exists(Grant.objects.filter(here)) | Exists(RoleRequest.objects.filter(here)))
    return rows.order_by("person__last_name", "person__first_name", "user_id_key")[: MOST_PEOPLE + 1]


def _fits(text: str) -> Q:
    """User ID, name, e-mail, confirmation number, organization or submitter ID (H-1)."""
    upper = text.strip().upper()
    at_place = Q(record__submitter_id=upper) | Q(organization__in=_organizations(text))
    asked = RoleRequest.objects.filter(Q(number=upper) | at_place)
    held = Grant.objects.filter(
        Q(organization__record__submitter_id=upper) | Q(organization__in=_organizations(text))
    )
    return (
        Q(user_id_key__startswith=text.strip().casefold())
        | Q(email_key=email_key(text))
        | _has_name(text)
        | Q(pk__in=asked.values("account"))
        | Q(pk__in=held.values("account"))
    )


def _has_reference(text: str) -> Q:
    typed = text.strip()
    cases = Case.objects.exclude(reference="").filter(reference__in=[typed, typed.upper()])
    by_hand = Manual.objects.filter(number=typed.upper())
    return Q(pk__in=cases.values("account")) | Q(pk__in=by_hand.values("account"))


def _organizations(text: str) -> list[object]:
    try:
        return [organization.pk for organization in organizations_like(name=text)]
    except Refused:  # fewer than three letters: no organization is meant
        return []


def _has_name(text: str) -> Q:
    """Any order of first and last name, each begun; `name_key` is "first|last" without case and accents."""
    words = [plain(word) for word in text.replace(",", " ").split()]
    words = [word for word in words if word]
    if not words or any(sign.isdigit() for sign in text):
        return Q(pk__in=[])
    if len(words) == 1:
        return Q(person__name_key__startswith=words[0]) | Q(person__name_key__contains=f"|{words[0]}")
    first, last = words[0], words[-1]
    orders = [(first, last), (last, first)]
    return reduce(
        or_,
        [Q(person__name_key__startswith=one, person__name_key__contains=f"|{two}") for one, two in orders],
    )


def _masked_contact(account: Account) -> type_of_items:
    return [
        (_("E-mail"), masked_email(account.email)),
        (_("Phone"), masked_phone(account.phone)),
        (_("Account"), str(STATE_WORDS[AccountState(account.state)])),
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
