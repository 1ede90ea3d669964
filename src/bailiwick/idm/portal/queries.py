"""Reading role requests that are not yet submitted."""

from uuid import UUID

from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.portal.models import RoleRequestDraft


def request_made_of(account: Account, draft_id: str) -> RoleRequest | None:
    """The request that the account's draft of that id became; None while it is open, or for any other text."""
    try:
        key = UUID(draft_id)
    except ValueError:
        return None
    spent = RoleRequestDraft.objects.select_related("request").filter(
        pk=key, account=account, request__isnull=False
    )
    found = spent.first()
    return found.request if found else None


def has_begun(account: Account) -> bool:
    """Whether the account left a role request half-way."""
    return (
        RoleRequestDraft.objects.filter(account=account, request__isnull=True)
        .exclude(application="")
        .exists()
    )
