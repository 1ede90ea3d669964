"""What an application hears of a person (O-3): who they are to it, how they signed in, what they hold there. No more."""

from typing import Any

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.wire.claims import ASSURANCE_CLAIM, GRANTS_CLAIM, USER_ID_CLAIM, GrantClaim


def of_person(account: Account, *, scope: str, assurance: int, grants: list[GrantClaim]) -> dict[str, Any]:
    """`sub`, assurance and grants always; user ID, name and language with `profile`, the address with `email`."""
    scopes = scope.split()
    claims: dict[str, Any] = {
        "sub": str(account.pk),
        ASSURANCE_CLAIM: assurance,
        GRANTS_CLAIM: [grant.to_json() for grant in grants],
    }
    if "profile" in scopes:
        claims |= {USER_ID_CLAIM: account.user_id, "name": full_name(account), "locale": account.language}
    if "email" in scopes:
        claims |= {"email": account.email, "email_verified": account.first_signed_in_at is not None}
    return claims
