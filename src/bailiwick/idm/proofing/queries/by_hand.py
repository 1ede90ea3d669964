"""Cases by hand: what the person has handed in, and what the desk decides on. Reads only. (V-5)"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from bailiwick.ground.uploads.rules import State as UploadState
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts, survivor_of
from bailiwick.idm.proofing.models import Attempt, AttemptOutcome, Evidence, Judgement, Manual, Method
from bailiwick.idm.proofing.queries.facts import facts_digest, open_case, rule_facts
from bailiwick.idm.rules import manual as rules
from bailiwick.idm.rules import proofing
from bailiwick.idm.rules.manual import AT_THE_DESK, OPEN, Desk, State, Way


def open_manual_of(account: Account) -> Manual | None:
    """The one case by hand that has not come to an end."""
    return Manual.objects.filter(account=account, state__in=OPEN).first()


def manual_with_id(manual_id: UUID) -> Manual | None:
    return Manual.objects.select_related("account").filter(pk=manual_id).first()


def latest_manual_of(account: Account) -> Manual | None:
    return Manual.objects.filter(account=account).order_by("-opened_at").first()


def has_handed_in(account: Account) -> bool:
    """Whether there is a case by hand for a desk to see."""
    latest = latest_manual_of(account)
    return latest is not None and latest.handed_in_at is not None


def manuals_at_the_desk() -> Iterable[Manual]:
    """What waits for tier 3, the longest first."""
    rows = Manual.objects.select_related("account__person").filter(state__in=AT_THE_DESK)
    return rows.order_by("handed_in_at", "pk")


def evidence_of(manual: Manual) -> list[Evidence]:
    """The documents that are still there, the oldest first."""
    rows = manual.evidence.select_related("upload").exclude(upload__state=UploadState.DELETED)
    return list(rows.order_by("at", "pk"))


def judgements_of(manual: Manual) -> list[Judgement]:
    """What the deciders did, in order."""
    return list(manual.judgements.select_related("decider__person").order_by("pk"))


def ways(account: Account, *, now: datetime) -> Way:
    """Which ways this person has tried, for `rules.manual.may_open`."""
    limits = settings.LIMITS
    person, case = personal_facts(account), open_case(account)
    facts = rule_facts(account, person, case=case, now=now, limits=limits)
    attempts = Attempt.objects.filter(case=case) if case else Attempt.objects.none()
    refused = Manual.objects.filter(
        account=account, state=State.REFUSED, facts_digest=facts_digest(account, person)
    )
    return Way(
        is_proofed=facts.is_proofed,
        is_us_address=facts.is_us_address,
        is_void=facts.void_fits_facts,
        is_given_up=facts.state is proofing.State.NOT_VERIFIED,
        is_online_closed=proofing.online_again_at(facts.tries, now, limits) is not None,
        asked_after_call=attempts.filter(method=Method.REFERENCE, outcome=AttemptOutcome.CALL).exists(),
        is_vendor_away=attempts.filter(outcome=AttemptOutcome.UNAVAILABLE).exists(),
        refused_at=refused.order_by("-decided_at").values_list("decided_at", flat=True).first(),
    )


def desk_facts(manual: Manual, decider: Account) -> Desk:
    """The case as this decider finds it, for the rules."""
    account = manual.account
    digest = facts_digest(account, personal_facts(account))
    closed = {UploadState.QUARANTINE, UploadState.INFECTED}
    return Desk(
        state=State(manual.state),
        decider=decider.pk,
        proposer=_proposer(manual),
        facts_are_current=digest == bytes(manual.facts_digest),
        all_scanned=not any(each.upload.state in closed for each in evidence_of(manual)),
        two_people=settings.MANUAL_PROOFING_BY_TWO,
    )


def may_settle(manual: Manual, decider: Account) -> bool:
    """Whether a page shows this decider the second decision."""
    return bool(rules.may_settle(desk_facts(manual, decider), confirms=False))


def _proposer(manual: Manual) -> UUID | None:
    """Of the proposal that waits, as who they are by now (A-5); None where none does."""
    last = manual.judgements.select_related("decider").order_by("-pk").first()
    return survivor_of(last.decider).pk if last and last.kind == Judgement.Kind.PROPOSED else None
