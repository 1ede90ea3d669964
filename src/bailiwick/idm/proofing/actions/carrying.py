"""Keeping somebody's proofing when tier 3 corrected their facts on an accepted document (A-7)."""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import queries
from bailiwick.idm.proofing.actions._holding import locked
from bailiwick.idm.proofing.models import Case, Method
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.proofing import State


def carry_over(*, account: Account, before: PersonalFacts, by: By, now: datetime) -> bool:
    """The facts of now count as proofed, by hand, where those before were; False where they were not.

    Call it after the facts were replaced. A case of its own says so: the one before stays as it was.
    """
    with transaction.atomic():
        account = locked(account)
        proofed = Case.objects.verified().filter(account=account)
        earlier = proofed.filter(facts_digest=queries.facts_digest(account, before)).first()
        if earlier is None:
            return False
        case = Case.objects.create(
            account=account,
            state=State.VERIFIED,
            terms_version=earlier.terms_version,
            consented_at=earlier.consented_at,
            facts_digest=queries.facts_digest(account, personal_facts(account)),
            method=Method.MANUAL,
            verified_at=now,
        )
        append(
            Deed.PROOFING_OUTCOME,
            by=by,
            now=now,
            subject=account.pk,
            outcome="verified",
            about={"case": str(case.pk), "method": Method.MANUAL.value, "carried_from": str(earlier.pk)},
        )
    return True
