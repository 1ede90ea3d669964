"""Reading invitations: whose they are, who may send them, and what a link or a mailbox leads to (R-7)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bailiwick.ground.program.walls import beyond
from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.access.models import Invitation
from bailiwick.idm.access.queries.authority import Authority, authority_of, is_active, zone
from bailiwick.idm.access.queries.grants import organizations_approved_by, role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application, OrganizationKind, Role
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import APPROVING, SignInStrength
from bailiwick.idm.rules.invitations import (
    InvitationFacts,
    Inviter,
    Refusal,
    State,
    is_invitable,
    may_manage,
    may_take,
    state_of,
)

MOST_SHOWN = 200


@dataclass(frozen=True)
class InvitationLine:
    """An invitation as pages show it; `state` at the time asked about."""

    invitation: Invitation
    application: Application | None
    role: Role | None
    state: State

    @property
    def role_name(self) -> str:
        return self.role.name if self.role else self.invitation.role

    @property
    def last_day(self) -> date:
        """The last day on which the link is good; it ends with that day."""
        return day_of(self.invitation.expires_at, zone()) - timedelta(days=1)

    @property
    def application_name(self) -> str:
        return self.application.name if self.application else self.invitation.application


@dataclass(frozen=True)
class Invitable:
    """A role at an organization to which somebody may invite."""

    application: Application
    role: Role
    organization: Organization


def token_digest(token: str) -> bytes:
    """How a link's token is kept: it is 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).digest()


def rows() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("organization__record", "inviter__person")


def line_of_invitation(invitation: Invitation, *, now: datetime) -> InvitationLine:
    application, role = role_of(invitation.application, invitation.role)
    return InvitationLine(invitation, application, role, state_of(facts_of(invitation), now=now))


def facts_of(invitation: Invitation) -> InvitationFacts:
    return InvitationFacts(
        state=State(invitation.state),
        expires_at=invitation.expires_at,
        resends=invitation.resends,
        is_organization_closed=invitation.organization.is_closed,
        is_role_known=role_of(invitation.application, invitation.role)[1] is not None,
    )


def inviter_facts(
    account: Account,
    *,
    application: str,
    organization: Organization,
    strength: SignInStrength,
    now: datetime,
) -> Inviter:
    """Read now; a resting role, a suspended account and a closed organization give nothing (I-4)."""
    authority = authority_of(account, now=now)
    held = authority.roles_in(application)
    return Inviter(
        strength=strength,
        standings=frozenset(
            role.standing for role, place in held if place == organization.pk and role.standing in APPROVING
        ),
        is_account_active=is_active(account),
    )


def invitable(account: Account, *, now: datetime) -> list[Invitable]:
    """Everything the account may invite to, organization by organization (R-7)."""
    authority = authority_of(account, now=now)
    places = organizations_approved_by(account, now=now)
    return [one for place in places for one in _invitable_at(authority, place)]


def _invitable_at(authority: Authority, place: Organization) -> Iterator[Invitable]:
    kind = OrganizationKind(place.kind)
    for application in catalogue().applications:
        held = [role for role, key in authority.roles_in(application.code) if key == place.pk]
        for role in application.roles:
            if any(is_invitable(own.standing, role, kind) for own in held if own.standing in APPROVING):
                yield Invitable(application, role, place)


def invitations_managed_by(account: Account, *, now: datetime) -> list[InvitationLine]:
    """Those of the organizations whose approver the account is, in the same application; newest first (R-7)."""
    authority = authority_of(account, now=now)
    mine = Q(pk__in=[])
    for application in catalogue().applications:
        places = authority.organizations_approved(application.code)
        mine |= Q(application=application.code, organization__in=places)
    return [
        line_of_invitation(each, now=now) for each in rows().filter(mine).order_by("-sent_at")[:MOST_SHOWN]
    ]


def invitation_with_id(key: UUID) -> Invitation | None:
    return rows().filter(pk=key).first()


def managed_invitation(account: Account, key: UUID, *, now: datetime) -> tuple[Invitation | None, Yes | No]:
    """The invitation, and whether it is the account's to manage. Another organization's is none for them."""
    found = invitation_with_id(key)
    if found is None:
        return None, No(Refusal.NOT_AN_INVITER)
    # Looking at it, and taking it back, needs no stronger sign-in: neither sends anything.
    facts = inviter_facts(
        account,
        application=found.application,
        organization=found.organization,
        strength=SignInStrength(acr="", is_limited=True),
        now=now,
    )
    return found, may_manage(facts)


def invitation_of_link(token: str, *, now: datetime) -> InvitationLine | None:
    """What a link leads to now; None for one that is unknown, used, revoked or over, which look all the same."""
    found = rows().filter(token_digest=token_digest(token)).first()
    usable = found is not None and may_take(facts_of(found), now=now)
    return line_of_invitation(found, now=now) if usable else None


def taken_with_link(account: Account, token: str) -> bool:
    """Whether the account took this very invitation up: a second press of the button is no second use."""
    return Invitation.objects.filter(token_digest=token_digest(token), taken_by=account).exists()


@beyond()
def invitations_waiting_for(account: Account, *, now: datetime) -> list[InvitationLine]:
    """Those sent to the account's mailbox, which its first sign-in proved to be theirs (R-5, R-7)."""
    if account.first_signed_in_at is None:
        return []
    mine = rows().filter(email_key=account.email_key, state=State.OPEN, expires_at__gt=now)
    found = mine.exclude(inviter=account).order_by("sent_at")
    return [line_of_invitation(each, now=now) for each in found if may_take(facts_of(each), now=now)]
