"""Who is proofed, and the facts that the rules of proofing look at. (V-1, V-2)

Proofing holds while the digest of the proofed facts equals that of the current ones: a corrected name, birth date or
SSN ends it by itself, an address or phone number does not (A-7).
"""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import UUIDField

from bailiwick.ground import vault
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import (
    current_ssn_digest,
    current_ssn_digests,
    facts_of,
    identity_of,
)
from bailiwick.idm.proofing.models import Attempt, Case, Manual, Method
from bailiwick.idm.rules import manual
from bailiwick.idm.rules import proofing as rules
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.proofing import State

# Asked at every entry into an application.
_verified_facts = Read(
    lambda account: Case.objects.verified().filter(account=account).values_list("facts_digest", flat=True),
    account=UUIDField(),
)


def is_proofed(account: Account) -> bool:
    """Whether these very facts of the person were verified once (V-1)."""
    digests = [bytes(digest) for digest in _verified_facts(account=account.pk)]
    return bool(digests) and _fits(account, current_ssn_digest(account), digests)


def proofed_among(accounts: Iterable[Account]) -> set[UUID]:
    """The keys of those who are proofed, in two statements. Each account is read with its person."""
    by_key = {account.pk: account for account in accounts}
    verified: dict[UUID, list[bytes]] = {}
    cases = Case.objects.verified().filter(account__in=by_key)
    for key, digest in cases.values_list("account_id", "facts_digest"):
        verified.setdefault(key, []).append(bytes(digest))
    numbers = current_ssn_digests(verified)
    return {key for key, digests in verified.items() if _fits(by_key[key], numbers.get(key, b""), digests)}


def _fits(account: Account, ssn_digest: bytes, verified: list[bytes]) -> bool:
    """Whether the person's facts of now are among those that were verified."""
    try:
        facts = facts_of(account, account.person)
    except Person.DoesNotExist:
        return False
    return not set(_digests(facts, ssn_digest)).isdisjoint(verified)


def assurance_level(account: Account) -> int:
    """2 for a proofed person, else 1."""
    return level_of(is_proofed=is_proofed(account))


def level_of(*, is_proofed: bool) -> int:
    """The same where it was read already."""
    return 2 if is_proofed else 1


def open_case(account: Account) -> Case | None:
    """The one case that has not come to an end."""
    return Case.objects.unfinished().filter(account=account).first()


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
    by_hand = Manual.objects.filter(account=account)
    return rules.Facts(
        is_proofed=finished.verified().exists(),
        state=State(case.state) if case else None,
        consented_version=case.terms_version if case else "",
        is_us_address=person.address.is_us,
        void_fits_facts=finished.filter(state=State.VOID).exists(),
        reference=_reference(case, digest),
        tries=tuple(at for at, method in begun if method == Method.ONLINE),
        checks=tuple(at for at, method in begun if method == Method.REFERENCE),
        is_at_hand=by_hand.filter(state__in=manual.OPEN).exists(),
        was_refused=by_hand.filter(state=manual.State.REFUSED, facts_digest=digest).exists(),
    )


def facts_digest(account: Account, person: PersonalFacts) -> bytes:
    """Keyed digest of the proofed facts: name, birth date, SSN; 32 bytes.

    The SSN enters by what it is known by, which is random: nobody finds it by trying all there are (A-2). While the key
    is being changed the digest is the one that the account's rows have, until all of them are made anew together (L-4).
    """
    digests = facts_digests(account, person)
    return digests[0] if len(digests) == 1 else _as_held(account, digests)


def facts_digests(account: Account, person: PersonalFacts) -> list[bytes]:
    """The same under every key of the ring, the current one first."""
    return _digests(person, current_ssn_digest(account))


def _digests(person: PersonalFacts, ssn_digest: bytes) -> list[bytes]:
    ssn = ssn_digest or identity_of(person.ssn)
    name = (person.first, person.middle, person.last, person.suffix)
    told = json.dumps([*name, person.birth_date.isoformat(), ssn.hex()])
    return vault.digests(told, purpose="proofing.facts")


def request_digest(person: PersonalFacts, digest: bytes, *, reference: str) -> bytes:
    """Keyed digest of everything the vendor is told; `digest` is that of the proofed facts. 32 bytes."""
    home = person.address
    address = (home.line_1, home.line_2, home.city, home.state, home.zip)
    told = json.dumps([digest.hex(), *address, person.phone, reference])
    return vault.digest_like(digest, told, purpose="proofing.request")


def _as_held(account: Account, digests: list[bytes]) -> bytes:
    rows = (
        Case.objects.filter(account=account),
        Manual.objects.filter(account=account),
        Attempt.objects.filter(case__account=account),
    )
    held = {
        bytes(one)
        for found in rows
        for one in found.filter(facts_digest__in=digests).values_list("facts_digest", flat=True)
    }
    return next((one for one in digests if one in held), digests[0])


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
