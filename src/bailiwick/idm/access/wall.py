"""Puts the pages about other people's roles behind PostgreSQL's wall, whoever asks for them but a desk (INV-14, AX17).

First the queries ask for what is theirs to see; where one forgets to, the database still shows nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from bailiwick.ground.program import by, clock
from bailiwick.ground.program.walls import within
from bailiwick.idm.access.actions import note_refusal, note_refused_invitation
from bailiwick.idm.access.models import Grant, Invitation, RoleRequest
from bailiwick.idm.access.queries.authority import Authority, authority_of
from bailiwick.idm.access.queries.grants import grant_with_id
from bailiwick.idm.access.queries.invitations import invitation_with_id
from bailiwick.idm.access.queries.requests import request_numbered
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules import certification, grants, invitations, requests
from bailiwick.idm.rules.grants import APPROVING

# The wizard searches among all organizations, and what machines ask is not about one person's: they stay outside.
WALLED = (
    "/home/",
    "/roles/",
    "/requests/",
    "/certifications/",
    "/manage-users/",
    "/organizations/",
    "/my-organization/",
)
SAFE = ("GET", "HEAD")
NOT_FOUND, FAILED = 404, 500


@dataclass(frozen=True)
class Reach:
    """An address that names a row: by what, how it is found without the wall, and how its refusal is written down."""

    key: str
    find: Callable[[Any], RoleRequest | Grant | Invitation | None]
    because: str
    note: Callable[..., None]


REACHES = {
    "/requests/": Reach("number", request_numbered, requests.Refusal.NOT_A_DECIDER, note_refusal),
    "/certifications/": Reach("grant_id", grant_with_id, certification.Refusal.NOT_A_CERTIFIER, note_refusal),
    "/manage-users/roles/": Reach("grant_id", grant_with_id, grants.Refusal.NOT_A_REMOVER, note_refusal),
    "/manage-users/invitations/": Reach(
        "invitation_id", invitation_with_id, invitations.Refusal.NOT_AN_INVITER, note_refused_invitation
    ),
}


class SecondWall:
    """Runs a walled page within its viewer's bailiwick. Only on PostgreSQL; one statement more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person, request.authority = request.signed_in, None
        if person is None or connection.vendor != "postgresql" or not request.path.startswith(WALLED):
            return self.get_response(request)
        # Kept for the page, which asks the same (helpdesk.scope).
        request.authority = authority = authority_of(person.account, now=clock.now())
        if is_desk(authority):
            return self.get_response(request)
        places = places_of(authority)
        with within(account=str(person.account_id), organizations=",".join(places)):
            response = self._shown(request)
        if response.status_code == NOT_FOUND:
            _note_reach(request, places)
        return response

    def _shown(self, request: HttpRequest) -> HttpResponse:
        """A look is one transaction, so that the wall is put up once; an act opens its own."""
        if request.method not in SAFE:
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            # What a refusal wrote of itself stays (L-2); a page that fell over leaves nothing.
            transaction.set_rollback(response.status_code >= FAILED)
        return response


def is_desk(authority: Authority) -> bool:
    """Desks serve every organization; what they see is on the ledger instead (H-3)."""
    return any(authority.desk_tier(one.code) for one in catalogue().applications)


def places_of(authority: Authority) -> list[str]:
    """The organizations whose approver or backup they are: from their grants, not by what the first wall asks."""
    held = [pair for one in catalogue().applications for pair in authority.roles_in(one.code)]
    return sorted({str(place) for role, place in held if place is not None and role.standing in APPROVING})


def _note_reach(request: HttpRequest, places: list[str]) -> None:
    """Whoever reached over the wall is on the ledger, as without one (L-2): the page saw nothing to write of."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    reach = next((one for start, one in REACHES.items() if request.path.startswith(start)), None)
    if reach is None or reach.key not in named:
        return
    found = reach.find(named[reach.key])
    if found is None or str(found.organization_id) in places:
        return
    if getattr(found, "account_id", None) != request.signed_in.account_id:
        reach.note(about=found, because=reach.because, by=by(request), now=clock.now())
