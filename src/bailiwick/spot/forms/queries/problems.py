"""Everything that stands between a form and its signature, in the form's order, in words (F-2, F-5, F-6, F-9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import No
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.kind_words import worded
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries.answers import answers_of, kind_of, listed_of
from bailiwick.spot.forms.queries.duplicates import duplicates_of
from bailiwick.spot.forms.queries.filechecks import FACTS, outcome_of
from bailiwick.spot.rules import lists
from bailiwick.spot.rules.answers import Finding, clashes, normalized, untimely
from bailiwick.spot.rules.enrolling import brings_new, changes_nothing
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.schema import Answers, FormKind, shown

# Where an answer would change something: the first that the form asks.
WHAT_CHANGES = ("approver_change", "era", "has_list")

FINDINGS = {
    Matter.PAYER: {None: Finding.PAYER_UNASKED, Outcome.NO_MATCH: Finding.PAYER_NO_MATCH},
    Matter.PAIR: {None: Finding.PAIR_UNASKED, Outcome.NO_MATCH: Finding.PAIR_NO_MATCH},
    Matter.RECEIVER: {None: Finding.RECEIVER_UNASKED, Outcome.NO_MATCH: Finding.RECEIVER_NO_MATCH},
}


@dataclass(frozen=True)
class Problem:
    """`field` and `block` are codes. `stops`: False for a warning, with which the form can be signed all the same."""

    field: str
    block: str
    code: StrEnum
    sentence: str
    stops: bool = True


def missing(case: Case) -> list[Problem]:
    """What is not answered, or not as it was asked (F-9)."""
    return list(_of_answers(worded(kind_of(case)), answers_of(case)))


def late_days(case: Case, *, today: date) -> list[Problem]:
    """Days in the form that are over by `today`, or too far off: what stops it besides `problems` (G-8)."""
    kind, ahead = worded(kind_of(case)), settings.LIMITS.handover_ahead
    found = untimely(kind, answers_of(case), today=today, ahead=ahead)
    return [_problem(kind, one.code, no.because, **no.facts) for one, no in found]


def problems(case: Case) -> list[Problem]:
    """All but `late_days`: answers, the contact's mailbox, what is on file, duplicates; in the form's order."""
    kind, answers = worded(kind_of(case)), answers_of(case)
    found = [*_of_answers(kind, answers), *_of_contact(case, kind, answers), *_of_files(case, kind, answers)]
    found += _of_list(case, kind, answers)
    order = {one.code: place for place, one in enumerate(kind.fields)}
    return sorted(found, key=lambda problem: order.get(problem.field, len(order)))


def is_mailbox_proven(case: Case, answers: Answers) -> bool:
    """Whether the contact named in the form has answered from that mailbox."""
    return (
        case.contact_proven_at is not None
        and case.contact_email.casefold() == answers.get("contact_email", "").casefold()
    )


def _of_answers(kind: FormKind, answers: Answers) -> Iterator[Problem]:
    for one in shown(kind, answers):
        answer = answers.get(one.code, "")
        ruling = normalized(one, answer)
        if one.required and not answer:
            yield _problem(kind, one.code, Finding.MISSING, label=one.label)
        elif isinstance(ruling, No):
            yield _problem(kind, one.code, ruling.because, **ruling.facts)
    for one, clash in clashes(kind, answers):
        yield _problem(kind, one.code, clash.because, **clash.facts)
    if changes_nothing(kind.aim, answers):
        where = next(code for code in WHAT_CHANGES if kind.field(code))
        yield _problem(kind, where, Finding.NOTHING_TO_CHANGE)


def _of_contact(case: Case, kind: FormKind, answers: Answers) -> Iterator[Problem]:
    if answers.get("contact_email") and not is_mailbox_proven(case, answers):
        yield _problem(kind, "contact_email", Finding.MAILBOX_UNPROVEN)


def _of_list(case: Case, kind: FormKind, answers: Answers) -> Iterator[Problem]:
    """A TIN that was corrected after the list: nobody signs lines that would all be left out (F-4)."""
    listed = listed_of(case, answers)
    if listed is None or listed[0].code != lists.AFFILIATED:
        return
    field = next(one for one in kind.fields if one.rows)
    if any(row["tin"] != answers.get("tin") for row in listed[1]):
        yield _problem(kind, field.code, lists.Problem.OTHER_TIN)


def _of_files(case: Case, kind: FormKind, answers: Answers) -> Iterator[Problem]:
    asked = {one.code for one in shown(kind, answers)}
    for matter, codes in FACTS.items():
        if set(codes) <= asked and all(answers.get(code) for code in codes):
            outcome = outcome_of(matter, case, answers)
            if outcome is Outcome.UNAVAILABLE:
                yield _problem(kind, codes[0], Finding.PAYER_UNAVAILABLE, stops=False)
            elif outcome is not Outcome.MATCH:
                yield _problem(kind, codes[0], FINDINGS[matter][outcome])
            elif matter is Matter.PAYER:
                # Whether a group is enrolled is told only to who knows its three numbers.
                yield from _of_duplicates(case, kind, answers)
            elif matter is Matter.PAIR and kind.is_of_its_record:
                yield from _of_record(kind, answers)


def _of_record(kind: FormKind, answers: Answers) -> Iterator[Problem]:
    """A third party's form about a provider's record; told only to who knows its ID and name."""
    record = record_with(answers["submitter_id"])
    if record is not None and not kind.is_about(record.kind):
        yield _problem(kind, "submitter_id", Finding.RECORD_OF_ANOTHER_KIND)


def _of_duplicates(case: Case, kind: FormKind, answers: Answers) -> Iterator[Problem]:
    found = duplicates_of(case, asks_for_new=brings_new(kind.aim, answers))
    if found.group:
        is_enrolled = any(one.state == State.APPROVED for one in found.group)
        yield _problem(kind, "group_ptan", Finding.GROUP_ENROLLED if is_enrolled else Finding.GROUP_IN_REVIEW)
    if found.shares_tin:
        yield _problem(kind, "tin", Finding.TIN_SHARED, stops=False)


def _problem(kind: FormKind, field: str, code: StrEnum, *, stops: bool = True, **facts: object) -> Problem:
    block = kind.block_of(field)
    return Problem(field, block.code if block else "", code, sentence_for(code, **facts), stops)
