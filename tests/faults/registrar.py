"""Two of the world's tier 3 merge two accounts, or one undoes it, in a process of IDM's own that a test can kill.

    python -m tests.faults.registrar merge|undo <user ID that goes on> <user ID that ends>

Prints "ready" before the last decision, "done" after it.
"""

import sys
from datetime import datetime

import django

REASON = "Both were on the phone, one after the other"


def main(act: str, survivor_id: str, other_id: str) -> None:
    django.setup()
    # Rooms with models can be imported only now.
    from bailiwick.ground.program import clock
    from bailiwick.idm.accounts.models import Account
    from bailiwick.idm.registry import actions
    from bailiwick.idm.registry.models import DuplicateCase, Merge
    from bailiwick.idm.rules.duplicates import CaseState, MergeState

    now = clock.now()
    survivor, other = (Account.objects.get(user_id=each) for each in (survivor_id, other_id))
    first, second = desks()
    if act == "undo":
        merge = Merge.objects.get(survivor=survivor, other=other, state=MergeState.DONE)
        say("ready")
        actions.undo_merge(merge=merge, **how(second, now))
    else:
        case, _ = DuplicateCase.objects.get_or_create(
            first=survivor, second=other, resemblance="similar_person", defaults={"opened_at": now}
        )
        if case.state == CaseState.OPEN:
            actions.propose_merge(case=case, survivor=survivor, **how(first, now))
        merge = Merge.objects.get(case=case, state=MergeState.PROPOSED)
        say("ready")
        actions.agree_to_merge(merge=merge, **how(second, now))
    say("done")


def desks() -> list:
    """Two people who are tier 3, whoever in the world that is."""
    from bailiwick.idm.access.models import Grant

    grants = Grant.objects.filter(application="idm", role="tier-3", ended_at=None).select_related("account")
    return [grant.account for grant in grants.order_by("started_at", "pk")[:2]]


def how(desk: object, now: datetime) -> dict:
    from bailiwick.ground.rulings import By
    from bailiwick.idm.rules.desk import Presence
    from bailiwick.idm.rules.grants import SignInStrength
    from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

    strength = SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False)
    return {
        "decider": desk,
        "presence": Presence(strength=strength, factor_at=now),
        "reason": REASON,
        "by": By(actor=str(desk.pk), source="192.0.2.1"),
        "now": now,
    }


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
