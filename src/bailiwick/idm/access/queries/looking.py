"""What one person is to one role request at one instant: who sees it, who decides it, who cancels it (Q-4 to Q-6, INV-14)."""

from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries.authority import Authority, authority_of, is_active
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.requests import WhoDecides, decider_of, who_decides
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import DeciderFacts, is_entitled, may_cancel, may_decide


@dataclass(frozen=True)
class Look:
    """Read once for all that a page asks; an action asks again under its locks (SR-16)."""

    request: RoleRequest
    viewer: Account
    authority: Authority
    facts: DeciderFacts
    who: WhoDecides

    @property
    def is_owner(self) -> bool:
        return self.facts.is_requester

    @property
    def is_approvers(self) -> bool:
        """Whether they look as an approver of that organization, and not from a desk."""
        return self.authority.approves(self.request.application, self.request.organization)

    @property
    def is_desks(self) -> bool:
        return not self.is_owner and not self.is_approvers

    @property
    def may_see(self) -> bool:
        """Its owner, whoever may decide such a request there, the application's desk, and IDM's desk (H-1)."""
        is_known = role_of(self.request.application, self.request.role)[1] is not None
        return (
            self.is_owner
            or self.authority.identity_tier >= 1
            or (is_known and self.authority.is_application_desk(self.request.application))
            or bool(is_entitled(self.facts))
        )

    @property
    def may_decide(self) -> Yes | No:
        return may_decide(self.facts)

    @property
    def may_cancel(self) -> Yes | No:
        return may_cancel(
            is_owner=self.is_owner,
            identity_tier=self.authority.identity_tier,
            is_account_active=self.facts.is_account_active,
            strength=self.facts.strength,
        )


def look_at(request: RoleRequest, viewer: Account, *, strength: SignInStrength, now: datetime) -> Look:
    who, authority = who_decides(request, now=now), authority_of(viewer, now=now)
    facts = decider_of(
        request,
        viewer,
        strength=strength,
        authority=authority,
        is_account_active=is_active(viewer),
        has_able_approver=not who.is_fallback,
    )
    return Look(request, viewer, authority, facts, who)
