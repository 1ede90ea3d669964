"""Reading objections: the one of a link, and those that a case waits for (F-8)."""

import hashlib

from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.objections import Objection
from bailiwick.spot.rules.forms import SignatureState, State
from bailiwick.spot.rules.objecting import Objected


def objection_with(token: str) -> Objection | None:
    """The objection that a link's token is for, made or not, with its signature and case."""
    digest = hashlib.sha256(token.encode()).digest()
    found = Objection.objects.select_related("signature__case").filter(token_digest=digest)
    return found.first()


def objected(objection: Objection) -> Objected:
    signature = objection.signature
    return Objected(signature.state == SignatureState.LIVE, State(signature.case.state))


def objections_to(case: Case) -> list[Objection]:
    """Those made to the signature on the case as it stands, settled or not, the first one first."""
    made = Objection.objects.filter(
        signature__case=case, signature__state=SignatureState.LIVE, made_at__isnull=False
    )
    return list(made.select_related("settled_by").order_by("made_at", "pk"))
