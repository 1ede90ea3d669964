"""Asking whether facts are on file: take a try, ask outside any transaction, keep the answer (F-5, F-6)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions import answer_file_check, begin_file_check
from bailiwick.spot.forms.models import Case
from bailiwick.spot.payers import queries as payers
from bailiwick.spot.payers.port import Match, NoMatch, Unavailable
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.lists import RowsOnFile


def check_payer(*, case: Case, by: By, now: datetime) -> Outcome:
    """Whether PTAN, NPI and TIN of the form belong together on the payer's file; never which part does not (F-6).

    What matched once is not asked again. Raises FACTS_MISSING, MAILBOX_NOT_PROVEN, PAYER_CHECKS_USED_UP(times).
    """
    check, facts = begin_file_check(case=case, matter=Matter.PAYER, by=by, now=now)
    if check is None:
        return Outcome.MATCH
    found = payers.find(ptan=facts["group_ptan"], npi=facts["group_npi"], tin=facts["tin"])
    if isinstance(found, Match):
        outcome = Outcome.MATCH
    else:
        outcome = Outcome.NO_MATCH if isinstance(found, NoMatch) else Outcome.UNAVAILABLE
    answer_file_check(check=check, outcome=outcome, by=by, now=now)
    return outcome


def check_pair(*, case: Case, by: By, now: datetime, matter: Matter = Matter.PAIR) -> Outcome:
    """Whether an existing submitter ID and the name in the form belong together; never which half is wrong (F-5).

    `matter`: the form's own, or the receiver of the remittance. Raises FACTS_MISSING, PAIR_CHECKS_USED_UP(times).
    """
    check, facts = begin_file_check(case=case, matter=matter, by=by, now=now)
    if check is None:
        return Outcome.MATCH
    typed_id, typed_name = facts.values()
    record = record_with(typed_id)
    is_pair = (
        record is not None
        and record.status == Status.ACTIVE
        and _plain(record.legal_name) == _plain(typed_name)
    )
    outcome = Outcome.MATCH if is_pair else Outcome.NO_MATCH
    answer_file_check(check=check, outcome=outcome, by=by, now=now)
    return outcome


def check_rows(case: Case) -> RowsOnFile | None:
    """What the payer says of each line of the form's list (F-4); None without a list, and while the payer cannot be asked."""
    answers = queries.answers_of(case)
    listed = queries.listed_of(case, answers)
    if listed is None:
        return None
    kind, rows = listed
    filer = payers.find(ptan="", npi="", tin=answers["tin"]) if kind.code == lists.MIGRATION else NoMatch()
    said = []
    for row in rows:
        found = payers.find(ptan=row["ptan"], npi=row["npi"], tin=row["tin"])
        if isinstance(found, Unavailable) or isinstance(filer, Unavailable):
            return None
        provider = found.provider if isinstance(found, Match) else None
        said.append(
            lists.on_file(
                kind.code,
                row,
                line_of_business=provider.line_of_business if provider else None,
                ids_of_provider=provider.submitter_ids if provider else (),
                ids_of_filer=filer.provider.submitter_ids if isinstance(filer, Match) else (),
                tin=answers["tin"],
            )
        )
    return said


def _plain(name: str) -> str:
    """Letter case and spaces make no difference."""
    return " ".join(name.casefold().split())
