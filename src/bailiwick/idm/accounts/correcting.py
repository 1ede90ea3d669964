"""Replacing a person's legal name, birth date or SSN after a decision of tier 3 (A-7). Offered by `actions`.

Who decided, and on what, the caller knows; here the numbers stay unique for life whatever was decided (A-2).
"""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.columns import keep_former_name, person_columns
from bailiwick.idm.accounts.models import Account, Person, SsnNumber
from bailiwick.idm.rules.accounts import PersonalFacts, Refusal, SsnState
from bailiwick.idm.rules.deeds import Deed

LOCKED = (SsnState.VERIFIED, SsnState.FORMER)


def replace_facts(
    *, account: Account, facts: PersonalFacts, digest: bytes, is_proven: bool, by: By, now: datetime
) -> None:
    """Write the corrected facts; a replaced verified number becomes a former one, which stays taken (A-2, A-7).

    `digest`: of `facts.ssn`. `is_proven`: a document proves the new number; else it is a claim until proofed.
    Raises Refused SSN_TAKEN where the number is or was somebody else's, archived accounts included (AR03).
    """
    try:
        with transaction.atomic():
            Account.objects.select_for_update().get(pk=account.pk)
            before = queries.personal_facts(account)
            keep_former_name(account, before, facts, now=now)
            Person.objects.filter(pk=account.pk).update(**person_columns(account, facts, now=now))
            if facts.ssn != before.ssn:
                _replace_number(account, digest, is_proven=is_proven, by=by, now=now)
            changed = sorted(name for name, value in asdict(facts).items() if asdict(before)[name] != value)
            append(
                Deed.ACCOUNT_FACTS_REPLACED, by=by, now=now, subject=account.pk, about={"changed": changed}
            )
    except IntegrityError as error:
        raise Refused(Refusal.SSN_TAKEN) from error


def _replace_number(account: Account, digest: bytes, *, is_proven: bool, by: By, now: datetime) -> None:
    rivals = list(SsnNumber.objects.select_for_update().filter(digest=digest).order_by("pk"))
    if any(number.account_id != account.pk and number.state in LOCKED for number in rivals):
        raise Refused(Refusal.SSN_TAKEN)
    own = SsnNumber.objects.filter(account=account)
    own.filter(state=SsnState.VERIFIED).update(state=SsnState.FORMER)
    own.filter(state=SsnState.CLAIM).update(state=SsnState.VOID)
    was_own = own.filter(digest=digest, state=SsnState.FORMER)
    if was_own.exists():
        # Theirs for life: going back to it needs no new proof.
        was_own.update(state=SsnState.VERIFIED, verified_at=now)
        return
    state = SsnState.VERIFIED if is_proven else SsnState.CLAIM
    SsnNumber.objects.create(
        account=account, digest=digest, state=state, claimed_at=now, verified_at=now if is_proven else None
    )
    if is_proven:
        append(Deed.ACCOUNT_SSN_VERIFIED, by=by, now=now, subject=account.pk)
        void_rivals(digest, account=account, by=by, now=now)


def lock_number(digest: bytes) -> None:
    """Everybody who wants this number waits here, in one order: nobody waits in a ring."""
    list(SsnNumber.objects.select_for_update().filter(digest=digest).order_by("pk").values_list("pk"))


def void_rivals(digest: bytes, *, account: Account, by: By, now: datetime) -> int:
    """The number was verified for `account`: whoever else claims it has no claim any more, and is told to call (A-5)."""
    claims = SsnNumber.objects.filter(digest=digest, state=SsnState.CLAIM).exclude(account=account)
    told = [claim.account for claim in claims.select_related("account__person")]
    claims.update(state=SsnState.VOID)
    for rival in told:
        append(Deed.ACCOUNT_SSN_VOIDED, by=by, now=now, subject=rival.pk)
        # A merged account's person holds another, and has nothing to call about.
        if rival.merged_into_id is None and rival.email:
            tell_void(rival, now=now)
    return len(told)


def tell_void(account: Account, *, now: datetime) -> None:
    """Tell them to call; whose the number is, is not told (A-5)."""
    notice(
        "ssn_void",
        to=account.email,
        key=f"ssn-void:{account.pk}:{now.isoformat()}",
        now=now,
        context={"name": queries.full_name(account)},
        language=account.language,
        inbox=str(account.pk),
    )
