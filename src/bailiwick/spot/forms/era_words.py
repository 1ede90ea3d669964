"""What a form takes from whom, and what it leaves, said before it is signed and before it is approved (E-2, E-3)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.enrolling import kept_of, pair_of, services_of
from bailiwick.spot.rules.services import Service
from bailiwick.spot.services.models import EraRoute
from bailiwick.spot.services.queries import claims_submitters, provider_of


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
    return [*told, *_of_list(case, answers, day=day), *_going_on(answers, day=day)]


def _of_list(case: Case, answers: Mapping[str, str], *, day: date) -> list[str]:
    """What its lines take from whom, and which remittances stay where they are all the same (`services.comes_by_list`)."""
    moved = queries.remittances_listed(case, answers, day=day)
    told = []
    if moved.taken:
        told.append(
            ngettext(
                "The remittance of %(count)s provider on the list goes to somebody else now: %(names)s. "
                "With this form it goes there no longer.",
                "The remittance of %(count)s providers on the list goes to somebody else now: %(names)s. "
                "With this form it goes there no longer.",
                len(moved.taken),
            )
            % {"count": len(moved.taken), "names": _names(moved.taken)}
        )
    if moved.from_paper:
        told.append(
            ngettext(
                "The remittance of %(count)s provider on the list was put on paper. With this form it is on paper no longer.",
                "The remittance of %(count)s providers on the list was put on paper. With this form it is on paper no longer.",
                moved.from_paper,
            )
            % {"count": moved.from_paper}
        )
    if moved.staying:
        told.append(
            ngettext(
                "The remittance of %(count)s provider on the list stays where it is: the provider is in SPOT already, "
                "and moves it with a form of its own.",
                "The remittance of %(count)s providers on the list stays where it is: these providers are in SPOT already, "
                "and move it with forms of their own.",
                moved.staying,
            )
            % {"count": moved.staying}
        )
    return told


def _names(routes: Iterable[EraRoute]) -> str:
    return ", ".join(sorted({one.receiver.legal_name for one in routes}))


def _going_on(answers: Mapping[str, str], *, day: date) -> list[str]:
    """Nobody is dropped silently, and nobody goes on unseen (E-3)."""
    is_named = all(answers.get(code) for code in ("group_ptan", "group_npi", "line_of_business"))
    provider = provider_of(pair_of(answers)) if is_named and Service.CLAIMS in services_of(answers) else None
    if provider is None:
        return []
    senders = claims_submitters(provider, day=day)
    others = [one for one in senders if one.submitter_id != answers.get("submitter_id")]
    kept = kept_of(answers)
    named = [one.legal_name for one in others if one.submitter_id in kept]
    unnamed = [one.legal_name for one in others if one.submitter_id not in kept]
    told = []
    if named:
        words = _("These go on sending claims for this provider, as the form says: %(names)s.")
        told.append(words % {"names": ", ".join(named)})
    if unnamed:
        words = _(
            "These send claims for this provider, too, are not named to be kept, and go on: %(names)s. "
            "Whoever is to stop is taken out by a form."
        )
        told.append(words % {"names": ", ".join(unnamed)})
    return told


def _receiver(answers: Mapping[str, str]) -> str:
    """The submitter ID that the form sends the remittance to; "" where there is none yet, or it goes on paper."""
    code = {"this": "submitter_id", "existing": "era_receiver_id"}.get(answers.get("era", ""), "")
    return answers.get(code, "")
