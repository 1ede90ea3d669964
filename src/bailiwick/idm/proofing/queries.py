"""Who is proofed, and where in the identity step a person stands. (V-1, V-2)

Proofing holds while the digest of the proofed facts equals that of the current ones: a corrected name, birth date or
SSN ends it by itself, an address or phone number does not (A-7).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import UUIDField

from bailiwick.ground import vault
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import current_ssn_digest, facts_of, personal_facts
from bailiwick.idm.proofing.models import Attempt, Case, Method
from bailiwick.idm.rules import proofing as rules
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.proofing import Place, State

TERMS_TEMPLATE = f"proofing/terms/{rules.TERMS_VERSION}.html"


@dataclass(frozen=True)
class Standing:
    """All that a page of the identity step shows. `reference` and `call_number` are "" where there is none.

    `online_again_at` is set while only the phone or the help desk can help.
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


# Asked at every entry into an application.
_verified_facts = Read(
    lambda account: Case.objects.verified().filter(account=account).values_list("facts_digest", flat=True),
    account=UUIDField(),
)


def is_proofed(account: Account) -> bool:
    """Whether these very facts of the person were verified once (V-1)."""
    digests = [bytes(digest) for digest in _verified_facts(account=account.pk)]
    if not digests:
        return False
    try:
        facts = facts_of(account, account.person)
    except Person.DoesNotExist:
        return False
    return facts_digest(account, facts) in digests


def assurance_level(account: Account) -> int:
    """2 for a proofed person, else 1."""
    return 2 if is_proofed(account) else 1


def open_case(account: Account) -> Case | None:
    """The one case that has not come to an end."""
    return Case.objects.unfinished().filter(account=account).first()


def standing(account: Account, *, now: datetime) -> Standing:
    """Which page of the identity step is this person's now, and what it says."""
    limits: Limits = settings.LIMITS
    person = personal_facts(account)
    case = open_case(account)
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
    )


def rule_facts(
    account: Account,
    person: PersonalFacts,
    *,
    case: Case | None,
    now: datetime,
    limits: Limits,
    but: Attempt | None = None,
) -> rules.Facts:
    """The facts that the rules look at. `but` is the attempt in hand, which does not count against itself."""
    digest = facts_digest(account, person)
    begun = list(_counted_attempts(account, now, limits, but))
    finished = Case.objects.filter(account=account, facts_digest=digest)
    return rules.Facts(
        is_proofed=finished.verified().exists(),
        state=State(case.state) if case else None,
        consented_version=case.terms_version if case else "",
        is_us_address=person.address.is_us,
        void_fits_facts=finished.filter(state=State.VOID).exists(),
        reference=_reference(case, digest),
        tries=tuple(at for at, method in begun if method == Method.ONLINE),
        checks=tuple(at for at, method in begun if method == Method.REFERENCE),
    )


def facts_digest(account: Account, person: PersonalFacts) -> bytes:
    """Keyed digest of the proofed facts: name, birth date, SSN; 32 bytes.

    The SSN enters by its stretched digest, so that this digest is no quicker to search through than that one (A-2).
    """
    ssn = current_ssn_digest(account) or (vault.stretched_digest(person.ssn) if person.ssn else b"")
    name = (person.first, person.middle, person.last, person.suffix)
    return vault.digest(
        json.dumps([*name, person.birth_date.isoformat(), ssn.hex()]), purpose="proofing.facts"
    )


def request_digest(person: PersonalFacts, digest: bytes, *, reference: str) -> bytes:
    """Keyed digest of everything the vendor is told; `digest` is that of the proofed facts. 32 bytes."""
    home = person.address
    address = (home.line_1, home.line_2, home.city, home.state, home.zip)
    told = json.dumps([digest.hex(), *address, person.phone, reference])
    return vault.digest(told, purpose="proofing.request")


def _counted_attempts(
    account: Account, now: datetime, limits: Limits, but: Attempt | None
) -> Iterable[tuple[datetime, str]]:
    since = now - limits.proofing_window - limits.proofing_cool_down
    counted = Attempt.objects.filter(case__account=account, counted=True, begun_at__gt=since)
    if but is not None:
        counted = counted.exclude(pk=but.pk)
    return counted.order_by("begun_at").values_list("begun_at", "method")


def _reference(case: Case | None, digest: bytes) -> rules.Reference | None:
    if case is None or case.reference_expires_at is None:
        return None
    fits = bytes(case.facts_digest or b"") == digest
    return rules.Reference(number=case.reference, expires_at=case.reference_expires_at, fits_facts=fits)
