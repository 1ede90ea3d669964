"""Prove a person: reserve the try, ask the vendor, store the answer; three steps, never one transaction. (V-3, V-6)"""

from datetime import datetime

from bailiwick.ground.rulings import By
from bailiwick.idm.proofing.actions import begin_attempt, store_outcome, told
from bailiwick.idm.proofing.models import Attempt, Case
from bailiwick.idm.proofing.vendors import vendor
from bailiwick.idm.proofing.vendors.port import Home, VerificationRequest
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.proofing import Outcome


def prove(*, case: Case, facts: PersonalFacts, by: By, now: datetime, by_reference: bool = False) -> Outcome:
    """Ask the vendor about `facts`, after the call with the reference (V-4), and return what holds now.

    Call it outside any transaction; it can take as long as the vendor's time-outs. Pressed twice, in two tabs or
    after a crash, it is one try. Raises what `begin_attempt` refuses, and FACTS_CHANGED where they changed meanwhile.
    """
    attempt = begin_attempt(case=case, facts=facts, by=by, now=now, by_reference=by_reference)
    outcome = vendor().verify(_request(attempt, facts, now))
    return told(store_outcome(attempt=attempt, outcome=outcome, by=by, now=now))


def vendor_is_away() -> bool:
    """Whether the page should say at once that the vendor does not answer; nobody is asked (V-3)."""
    return vendor().is_away


def _request(attempt: Attempt, facts: PersonalFacts, now: datetime) -> VerificationRequest:
    home = facts.address
    return VerificationRequest(
        request_id=attempt.vendor_request_id,
        asked_at=now,
        first_name=facts.first,
        middle_name=facts.middle,
        last_name=facts.last,
        suffix=facts.suffix,
        ssn=facts.ssn,
        birth_date=facts.birth_date,
        home=Home(line1=home.line_1, line2=home.line_2, city=home.city, state=home.state, zip=home.zip),
        phone=facts.phone,
        reference=attempt.reference,
    )
