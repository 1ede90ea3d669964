"""Whom a person may look up, and what they may take away: read once a request, at that instant (H-1, H-2, INV-14). Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from bailiwick.idm.access.queries.authority import Authority, authority_of
from bailiwick.idm.access.queries.grants import GrantLine, organizations_within
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.grants import Remover, SignInStrength, may_remove


@dataclass(frozen=True)
class Scope:
    """`organizations`: whose approver they are. `applications`: at whose desk they sit (tier 2)."""

    viewer: Account
    authority: Authority
    organizations: list[Organization]
    applications: frozenset[str]
    strength: SignInStrength

    @property
    def identity_tier(self) -> int:
        return self.authority.identity_tier

    @property
    def is_desk(self) -> bool:
        return bool(self.applications) or self.identity_tier >= 1

    @property
    def is_strong_desk(self) -> bool:
        """A desk looks people up only when signed in with its passkey (S-2)."""
        return self.is_desk and self.strength.may_work_at_desk

    @property
    def is_empty(self) -> bool:
        return not self.is_desk and not self.organizations

    def sees(self, line: GrantLine) -> bool:
        """Whether this role of somebody is theirs to know of."""
        grant = line.grant
        if self.is_strong_desk and (self.identity_tier >= 1 or grant.application in self.applications):
            return True
        return self.authority.approves(grant.application, grant.organization)

    def may_remove(self, line: GrantLine) -> bool:
        """For the list's links, with one reading of the viewer's authority; the action asks again (Q-8)."""
        grant = line.grant
        remover = Remover(
            is_holder=grant.account_id == self.viewer.pk,
            is_able_approver=self.authority.approves(grant.application, grant.organization),
            is_application_desk=grant.application in self.applications,
            identity_tier=self.identity_tier,
            strength=self.strength,
        )
        return bool(may_remove(remover, line.role.standing if line.role else Standing.APPROVER))


def scope_of(request: HttpRequest, *, now: datetime) -> Scope:
    """Of the person behind the request; what they may was perhaps read already, for the wall around the page."""
    viewer = request.signed_in.account
    authority = request.authority or authority_of(viewer, now=now)
    codes = [application.code for application in catalogue().applications]
    return Scope(
        viewer=viewer,
        authority=authority,
        organizations=organizations_within(authority),
        applications=frozenset(code for code in codes if authority.is_application_desk(code)),
        strength=request.signed_in.strength,
    )
