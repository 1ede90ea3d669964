"""What is known of a case's facts being on file together (F-5, F-6)."""

from dataclasses import dataclass

from bailiwick.ground import vault
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.schema import Answers

FACTS = {
    Matter.PAYER: ("group_ptan", "group_npi", "tin"),
    Matter.PAIR: ("submitter_id", "submitter_name"),
    Matter.RECEIVER: ("era_receiver_id", "era_receiver_name"),
}


@dataclass(frozen=True)
class Asking:
    """What would be asked: the facts by field code, and the digests that tell whether they were asked about before.

    One under each key of the ring; the first is the one to keep.
    """

    facts: dict[str, str]
    digests: list[bytes]

    @property
    def digest(self) -> bytes:
        return self.digests[0]


def asking_about(matter: Matter, case: Case, answers: Answers) -> Asking | None:
    """The question that the answers make; None while one of its facts is missing."""
    facts = {code: answers.get(code, "") for code in FACTS[matter]}
    if not all(facts.values()):
        return None
    # The TIN goes in as its stretched digest: it may be a person's SSN.
    known = {**facts, "tin": bytes(case.tin_digest or b"").hex()} if "tin" in facts else facts
    return Asking(facts, vault.digests("|".join(known.values()), purpose=f"form-{matter.value}"))


def outcome_of(matter: Matter, case: Case, answers: Answers) -> Outcome | None:
    """What was answered about these very facts; None where they were not asked about, or no answer came back."""
    asking = asking_about(matter, case, answers)
    if asking is None:
        return None
    known = case.file_checks.filter(matter=matter.value, facts_digest__in=asking.digests)
    last = known.exclude(outcome=Outcome.ASKED.value).order_by("-pk").first()
    return Outcome(last.outcome) if last else None


def payer_outcome(case: Case, answers: Answers) -> Outcome | None:
    return outcome_of(Matter.PAYER, case, answers)
