"""What a form takes from whom, and what it leaves, said before it is signed and before it is approved (E-2, E-3)."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.enrolling import pair_of, services_of
from bailiwick.spot.rules.services import Service
from bailiwick.spot.services.queries import claims_submitters, provider_of, routes_of_pairs


def takes(case: Case, answers: Mapping[str, str], *, day: date) -> list[str]:
    """Whose remittance goes elsewhere by this form, and who goes on sending claims; one sentence each."""
    told = []
    route = queries.era_route(answers, day=day)
    if route is not None and route.receiver.submitter_id != _receiver(answers):
        told.append(
            _(
                "The remittance of this provider goes to %(name)s (%(id)s) now. With this form it goes there no longer."
            )
            % {"name": route.receiver.legal_name, "id": route.receiver.submitter_id}
        )
    listed = queries.listed_of(case, answers)
    pairs = [lists.pair_of(row) for row in listed[1] if lists.moves_era(row)] if listed else []
    routes = [
        one
        for one in routes_of_pairs(pairs, day=day)
        if one.receiver.submitter_id != answers.get("submitter_id")
    ]
    if routes:
        names = ", ".join(sorted({one.receiver.legal_name for one in routes}))
        told.append(
            ngettext(
                "The remittance of %(count)s provider on the list goes to somebody else now: %(names)s.",
                "The remittance of %(count)s providers on the list goes to somebody else now: %(names)s.",
                len(routes),
            )
            % {"count": len(routes), "names": names}
        )
    return [*told, *_going_on(answers, day=day)]


def _going_on(answers: Mapping[str, str], *, day: date) -> list[str]:
    """Nobody is dropped silently, and nobody goes on unseen (E-3)."""
    is_named = all(answers.get(code) for code in ("group_ptan", "group_npi", "line_of_business"))
    provider = provider_of(pair_of(answers)) if is_named and Service.CLAIMS in services_of(answers) else None
    if provider is None:
        return []
    senders = claims_submitters(provider, day=day)
    others = [one.legal_name for one in senders if one.submitter_id != answers.get("submitter_id")]
    if not others:
        return []
    words = _(
        "These send claims for this provider, too, and go on: %(names)s. Whoever is to stop is taken out by a form."
    )
    return [words % {"names": ", ".join(others)}]


def _receiver(answers: Mapping[str, str]) -> str:
    """The submitter ID that the form sends the remittance to; "" where there is none yet, or it goes on paper."""
    code = {"this": "submitter_id", "existing": "era_receiver_id"}.get(answers.get("era", ""), "")
    return answers.get(code, "")
