"""What a form does to remittances: the one of its own provider, and those of its list (E-2, F-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries.answers import kind_of, listed_of
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.enrolling import brings_new, moves_era, pair_of
from bailiwick.spot.services.models import EraRoute
from bailiwick.spot.services.queries import (
    pairs_known,
    pairs_put_on_paper,
    provider_of,
    route_on,
    routes_of_pairs,
)


@dataclass(frozen=True)
class Remittances:
    """Of the lines that assign one: routes that end with the form, how many come from paper, how many stay all the same."""

    taken: tuple[EraRoute, ...] = ()
    from_paper: int = 0
    staying: int = 0


def era_route(answers: Mapping[str, str], *, day: date) -> EraRoute | None:
    """Where the remittance of the form's provider goes that day, where the form moves it: what it takes from whom (E-2)."""
    is_named = all(answers.get(code) for code in ("group_ptan", "group_npi", "line_of_business"))
    provider = provider_of(pair_of(answers)) if moves_era(answers) and is_named else None
    return route_on(provider, day) if provider else None


def remittances_listed(case: Case, answers: Mapping[str, str], *, day: date) -> Remittances:
    """What an approval that day would do to the remittances of the list, as `services.rules.comes_by_list` has it (E-2)."""
    listed = listed_of(case, answers)
    pairs = [lists.pair_of(row) for row in listed[1] if lists.moves_era(row)] if listed else []
    if listed is None or not pairs:
        return Remittances()
    submitter_id = answers.get("submitter_id", "")
    routes = routes_of_pairs(pairs, day=day)
    others = tuple(one for one in routes if one.receiver.submitter_id != submitter_id)
    if listed[0].code != lists.AFFILIATED:
        here = {one.provider.pair for one in routes} - {one.provider.pair for one in others}
        return Remittances(staying=len(pairs_known(pairs, but=submitter_id) - here))
    on_paper = len(pairs_put_on_paper(pairs, day=day))
    if _is_own(case, answers):
        return Remittances(others, on_paper)
    return Remittances((), on_paper, len(others))


def _is_own(case: Case, answers: Mapping[str, str]) -> bool:
    """Whether the submitter is itself the provider whose official signs: enrolled with this TIN, or about to be."""
    record = record_with(answers.get("submitter_id", ""))
    is_new = brings_new(kind_of(case).aim, answers)
    return is_new or (record is not None and record.tin == answers.get("tin"))
