"""Where in the identity step a person stands: which page is theirs, and what it says. (V-1 to V-5)"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.models import Case, Manual
from bailiwick.idm.proofing.queries.by_hand import open_manual_of, ways
from bailiwick.idm.proofing.queries.facts import open_case, rule_facts
from bailiwick.idm.rules import manual as manual_rules
from bailiwick.idm.rules import proofing as rules
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.proofing import Place

TERMS_TEMPLATE = f"proofing/terms/{rules.TERMS_VERSION}.html"


@dataclass(frozen=True)
class Standing:
    """All that a page of the identity step shows. `reference` and `call_number` are "" where there is none.

    `online_again_at` is set while only the phone or the help desk can help. `may_go_by_hand`: a case by hand is open,
    or may be opened; `manual` is the open one.
    """

    place: Place
    case: Case | None
    reference: str
    reference_expires_at: datetime | None
    call_number: str
    tries_left: int
    online_again_at: datetime | None
    may_ask_online: bool
    may_ask_by_reference: bool
    may_go_by_hand: bool
    manual: Manual | None


def standing(account: Account, *, now: datetime) -> Standing:
    """Which page of the identity step is this person's now, and what it says."""
    limits: Limits = settings.LIMITS
    person = personal_facts(account)
    case, manual = open_case(account), open_manual_of(account)
    facts = rule_facts(account, person, case=case, now=now, limits=limits)
    has_reference = case is not None and facts.reference is not None and facts.reference.is_live(now)
    return Standing(
        place=rules.place(facts, now, limits),
        case=case,
        reference=case.reference if case and has_reference else "",
        reference_expires_at=case.reference_expires_at if case and has_reference else None,
        call_number=case.call_number if case and has_reference else "",
        tries_left=rules.tries_left(facts.tries, now, limits),
        online_again_at=rules.online_again_at(facts.tries, now, limits),
        may_ask_online=bool(rules.may_ask_online(facts, now, limits)),
        may_ask_by_reference=bool(rules.may_ask_by_reference(facts, now, limits)),
        may_go_by_hand=manual is not None or bool(manual_rules.may_open(ways(account, now=now), now, limits)),
        manual=manual,
    )
