"""People who look like one person, tier 3 at its cases, and documents, as plain functions."""

from dataclasses import replace
from itertools import count
from uuid import uuid4

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.ground.uploads.rules import Content, Kind
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.registry import actions
from bailiwick.idm.registry.models import Correction, DuplicateCase, Merge
from bailiwick.idm.rules import corrections
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts, build_pages

REASON = "Both were on the phone, one after the other"
DOCUMENT = Content(Kind.PDF, b"%PDF-1.4 a scanned certificate")
_numbers = count(1)


def by(account: Account) -> By:
    return By(actor=str(account.pk), source="192.0.2.1")


def presence(*, now=None) -> Presence:
    """Strongly verified just now."""
    return Presence(
        strength=SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA),
        factor_at=now or clock.now(),
    )


def tier_3() -> Account:
    account = build_pages.person(first="Tess")
    build_pages.grant(account, "tier-3", application="idm")
    return account


def pair(**changes) -> tuple[Account, Account]:
    """Two accounts with the same claimed number."""
    facts = build_accounts.facts()
    one = build_accounts.account(ssn=facts.ssn, now=clock.now())
    two = build_accounts.account(ssn=facts.ssn, now=clock.now(), **changes)
    return one, two


def like(account: Account, **changes) -> Account:
    """Somebody with the same facts but for these, and another mailbox."""
    facts = replace(personal_facts(account), **{"email": f"again{next(_numbers)}@example.org", **changes})
    names = ("first", "middle", "last", "suffix", "birth_date", "ssn", "address", "phone", "email")
    return build_accounts.account(now=clock.now(), **{name: getattr(facts, name) for name in names})


def looked(account: Account, now=None) -> list[DuplicateCase]:
    """The cases that a look at this account opens."""
    before = set(DuplicateCase.objects.values_list("pk", flat=True))
    actions.look_for_duplicates(account=account, by=By("system:test"), now=now or clock.now())
    return list(DuplicateCase.objects.exclude(pk__in=before).order_by("opened_at"))


def case_of(one: Account, two: Account) -> DuplicateCase:
    looked(two)
    return DuplicateCase.objects.get(first=one, second=two)


def proposed(case: DuplicateCase, survivor: Account, desk: Account | None = None, now=None) -> Merge:
    now = now or clock.now()
    desk = desk or tier_3()
    return actions.propose_merge(
        case=case,
        survivor=survivor,
        decider=desk,
        presence=presence(now=now),
        reason=REASON,
        by=by(desk),
        now=now,
    )


def agreed(merge: Merge, desk: Account | None = None, now=None) -> Merge:
    now = now or clock.now()
    desk = desk or tier_3()
    return actions.agree_to_merge(
        merge=merge, decider=desk, presence=presence(now=now), reason=REASON, by=by(desk), now=now
    )


def undone(merge: Merge, desk: Account | None = None, now=None) -> Merge:
    now = now or clock.now()
    desk = desk or tier_3()
    return actions.undo_merge(
        merge=merge, decider=desk, presence=presence(now=now), reason=REASON, by=by(desk), now=now
    )


def merged(survivor: Account, other: Account) -> Merge:
    """Two of tier 3 found that these are one person."""
    looked(other)
    looked(survivor)
    pair = {survivor.pk, other.pk}
    case = next(one for one in DuplicateCase.objects.all() if {one.first_id, one.second_id} == pair)
    return agreed(proposed(case, survivor))


def asked(
    account: Account, kind: str = "name", *, now=None, once=None, document=DOCUMENT, **values
) -> Correction:
    """The holder asks for a correction to these values."""
    return actions.ask_for_correction(
        account=account,
        kind=corrections.Kind(kind),
        facts=replace(personal_facts(account), **values),
        reason="I was married in May.",
        document=document,
        once=once or uuid4(),
        by=by(account),
        now=now or clock.now(),
    )


def decided(
    correction: Correction,
    desk: Account | None = None,
    *,
    approve: bool = True,
    accept: bool = True,
    now=None,
) -> Correction:
    now = now or clock.now()
    desk = desk or tier_3()
    return actions.decide_correction(
        correction=correction,
        decider=desk,
        presence=presence(now=now),
        approve=approve,
        is_document_accepted=accept,
        reason=REASON,
        by=by(desk),
        now=now,
    )
