"""Builders: people of SPOT's help desk, as facts and signed in, and cases that wait for them."""

import uuid
from typing import Any

from django.test import Client

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.signin.models import Person, Session
from bailiwick.wire.claims import ACR_MFA
from tests.spot.build_forms import awaiting_case
from tests.spot.build_signin import sign_in
from tests.spot.build_signing import on_file, sign_now
from tests.spot.provider import Provider, grant

TODD = {"user_id": "todd.twomey", "name": "Todd Twomey", "email": "todd.twomey@desk.example"}
DINA = {"user_id": "dina.cole", "name": "Dina Cole", "email": "dina.cole@desk.example"}
DESK_GRANT = {"role": "help-desk", "role_name": "SPOT Help Desk", "standing": "desk", "organization": None}


def desk(**changes: Any) -> Desk:
    """Somebody at the desk, without a browser; each call is another person unless `name` says the same."""
    facts = {**TODD, **changes}
    now = clock.now()
    sub = str(uuid.uuid5(uuid.NAMESPACE_DNS, facts["user_id"]))
    person, _ = Person.objects.get_or_create(
        issuer="http://idm.example",
        sub=sub,
        defaults={
            "user_id": facts["user_id"],
            "name": facts["name"],
            "first_seen_at": now,
            "last_signed_in_at": now,
        },
    )
    known = {
        "name": facts["name"],
        "email": facts["email"],
        "is_of_desk": True,
        "acr": ACR_MFA,
        "weakest": ACR_MFA,
    }
    own = {name: value for name, value in changes.items() if name in Desk.__dataclass_fields__}
    return Desk(key=str(person.pk), **{**known, **own})


def by_of(one: Desk) -> By:
    return By(Person.objects.get(pk=one.key).sub, "198.51.100.4")


def submitted_case(**answers: str) -> Case:
    """A case that its official has signed."""
    case, token = awaiting_case(**answers)
    sign_now(token, case)
    case.refresh_from_db()
    return case


def taken_case(one: Desk, **answers: str) -> Case:
    """The same in the hands of somebody at the desk."""
    case = submitted_case(**answers)
    return actions.take(case=case, desk=one, by=by_of(one), now=clock.now())


def approving(case: Case, one: Desk, **changes: Any):
    """Approve what is there, as somebody who has just looked at it."""
    said = {
        "seen_revision": case.revision,
        "seen_signature_digest": queries.version_of(case).digest,
        "on_file": on_file(case),
        "reason": "",
        "now": clock.now(),
        **changes,
    }
    return actions.approve(case=case, desk=one, by=by_of(one), **said)


def seated(provider: Provider, **changes: Any) -> tuple[Client, Session]:
    """A browser in which somebody of the desk is signed in to SPOT. `acr`, `grants` change what IDM says."""
    facts = {**TODD, **changes}
    acr = facts.pop("acr", ACR_MFA)
    grants = facts.pop("grants", [grant(**DESK_GRANT)])
    provider.told = {
        **provider.told,
        "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, facts["user_id"])),
        "preferred_username": facts["user_id"],
        "name": facts["name"],
        "email": facts["email"],
        "bailiwick_grants": grants,
    }
    provider.claims = {"sub": provider.told["sub"], "acr": acr, "sid": f"sid-{uuid.uuid4()}"}
    client = Client()
    answer = sign_in(client, provider)
    assert answer.status_code == 302, answer.content.decode()
    return client, Session.objects.latest("started_at")
