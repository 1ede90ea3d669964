"""Asking whether facts are on file: take a try, ask outside any transaction, keep the answer (F-5, F-6)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.actions import answer_file_check, begin_file_check
from bailiwick.spot.forms.models import Case
from bailiwick.spot.payers import queries as payers
from bailiwick.spot.payers.port import Match, NoMatch
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.filechecks import Matter, Outcome


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


def check_pair(*, case: Case, by: By, now: datetime) -> Outcome:
    """Whether the existing submitter ID and the name in the form belong together; never which half is wrong (F-5).

    Raises FACTS_MISSING, PAIR_CHECKS_USED_UP(times).
    """
    check, facts = begin_file_check(case=case, matter=Matter.PAIR, by=by, now=now)
    if check is None:
        return Outcome.MATCH
    record = record_with(facts["submitter_id"])
    is_pair = (
        record is not None
        and record.status == Status.ACTIVE
        and _plain(record.legal_name) == _plain(facts["submitter_name"])
    )
    outcome = Outcome.MATCH if is_pair else Outcome.NO_MATCH
    answer_file_check(check=check, outcome=outcome, by=by, now=now)
    return outcome


def _plain(name: str) -> str:
    """Letter case and spaces make no difference."""
    return " ".join(name.casefold().split())
