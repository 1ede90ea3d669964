"""Asking whether facts are on file: take a try, ask outside any transaction, keep the answer (F-5, F-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.actions import (
    answer_file_check,
    begin_file_check,
    end_payer_wait,
    tell_listed,
    wait_for_payer,
)
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.payers import queries as payers
from bailiwick.spot.payers.port import Match, Numbers, Provider, Unavailable
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.filechecks import Matter, Outcome, Waiter
from bailiwick.spot.rules.lists import OnFile, RowsOnFile


def check_payer(*, case: Case, by: By, now: datetime) -> Outcome:
    """Whether PTAN, NPI and TIN of the form belong together on the payer's file; never which part does not (F-6).

    What matched once is not asked again. Raises FACTS_MISSING, MAILBOX_NOT_PROVEN, PAYER_CHECKS_USED_UP(times).
    """
    check, facts = begin_file_check(case=case, matter=Matter.PAYER, by=by, now=now)
    if check is None:
        return Outcome.MATCH
    outcome = _outcome_for(facts)
    answer_file_check(check=check, outcome=outcome, by=by, now=now)
    if outcome is Outcome.UNAVAILABLE:
        wait_for_payer(case=case, who=Waiter.CONTACT, to=case.contact_email, by=by, now=now)
    return outcome


def ask_for_those_who_wait(*, by: By, now: datetime) -> int:
    """Ask the payer what could not be asked while it was away, and tell whom the answer is news to; says how many were served.

    The round ends where the payer is still away. One that it answers out of protocol waits on, and holds up nobody.
    """
    served = 0
    for wait in queries.payer_waits():
        outcome = _asked_for(wait, by=by, now=now)
        if outcome is Outcome.UNAVAILABLE:
            if payers.is_away():
                break
            continue
        end_payer_wait(wait=wait, outcome=outcome, now=now)
        served += 1
    return served


def _asked_for(wait: PayerWait, *, by: By, now: datetime) -> Outcome | None:
    """What the payer says of the case; None where nobody waits for that any more."""
    if wait.who == Waiter.LISTED:
        return _asked_for_listed(wait, by=by, now=now)
    if not queries.still_waits(wait, now):
        return None
    if wait.who == Waiter.OFFICIAL:
        return _outcome_for(queries.answers_of(wait.case))
    try:
        return check_payer(case=wait.case, by=by, now=now)
    except Refused:
        # Facts are missing by now, or the tries of the day are used up: the form's own page says so.
        return None


def _asked_for_listed(wait: PayerWait, *, by: By, now: datetime) -> Outcome | None:
    """Ask about the lines of a signed list, and tell those on file for them; UNAVAILABLE where that is still to be done (F-8)."""
    has_list = bool(queries.list_digest(wait.case, queries.answers_of(wait.case)))
    looked = _looked_up(wait.case) if has_list and queries.still_waits(wait, now) else None
    contacts = None if has_list else []
    if looked is not None:
        contacts = [
            (provider.contact_mailbox, row)
            for row, provider, said in zip(looked.rows, looked.providers, looked.said, strict=True)
            if provider is not None and said is OnFile.KNOWN
        ]
    is_told = tell_listed(case=wait.case, contacts=contacts, by=by, now=now)
    return None if is_told else Outcome.UNAVAILABLE


def _outcome_for(facts: Mapping[str, str]) -> Outcome:
    found = payers.find(
        ptan=facts.get("group_ptan", ""), npi=facts.get("group_npi", ""), tin=facts.get("tin", "")
    )
    if isinstance(found, Unavailable):
        return Outcome.UNAVAILABLE
    return Outcome.MATCH if isinstance(found, Match) else Outcome.NO_MATCH


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


@dataclass(frozen=True)
class Looked:
    """The lines of a list, whom the payer has on file for each, and what it bears out, in one order."""

    rows: list[dict[str, str]]
    providers: list[Provider | None]
    said: RowsOnFile


def check_rows(case: Case) -> RowsOnFile | None:
    """What the payer says of each line of the form's list (F-4); None without a list, and while the payer cannot be asked."""
    looked = _looked_up(case)
    return looked.said if looked else None


def _looked_up(case: Case) -> Looked | None:
    answers = queries.answers_of(case)
    listed = queries.listed_of(case, answers)
    if listed is None:
        return None
    kind, rows = listed
    tin = answers["tin"]
    found = payers.find_all(
        [Numbers("", "", tin), *(Numbers(row["ptan"], row["npi"], row["tin"]) for row in rows)]
    )
    if isinstance(found, Unavailable):
        return None
    filer, *providers = (one.provider if isinstance(one, Match) else None for one in found)
    said = [
        lists.on_file(
            kind.code,
            row,
            line_of_business=provider.line_of_business if provider else None,
            ids_of_provider=provider.submitter_ids if provider else (),
            ids_of_filer=filer.submitter_ids if filer and kind.code == lists.MIGRATION else (),
            tin=tin,
        )
        for row, provider in zip(rows, providers, strict=True)
    ]
    record = record_with(answers.get("submitter_id", ""))
    return Looked(rows, providers, queries.borne_out(kind, rows, said, record=record))


def _plain(name: str) -> str:
    """Letter case and spaces make no difference."""
    return " ".join(name.casefold().split())
