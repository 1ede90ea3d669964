"""Deciding role requests, one or many (Q-4 to Q-6, Q-10): once, by somebody entitled at that instant, on what they saw."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions._carrying_out import carry_out
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_of, lock_records, lock_requests
from bailiwick.idm.access.actions._refusals import AUTHORITY, note_refusal
from bailiwick.idm.access.actions._results import Result
from bailiwick.idm.access.actions._verdicts import Decision, Verdict, verdict_on
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries.succession import succeeded_by
from bailiwick.idm.access.queries.weighing import weigh
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import Way

MOST_TOGETHER = 200
"""Requests in one transaction: their rows stay locked for as long as it takes, about half a second."""


def decide(
    *,
    request: RoleRequest,
    decider: Account,
    approve: bool,
    reason: str,
    snapshot_digest: str,
    strength: SignInStrength,
    by: By,
    now: datetime,
    ends_on: date | None = None,
) -> RoleRequest:
    """Approve or deny one. The same decision by the same person again changes nothing.

    Raises Refused with a code of `rules.requests`: ALREADY_DECIDED(who, state, when) to whoever came second,
    CHANGED_SINCE_SEEN, NOT_A_DECIDER, OWN_REQUEST, ….
    """
    decision = Decision(request, approve, snapshot_digest, reason, ends_on)
    result = decide_many(decisions=[decision], decider=decider, strength=strength, by=by, now=now)[0]
    if result.refused is not None:
        raise result.refused
    return result.about


def decide_many(
    *, decisions: Sequence[Decision], decider: Account, strength: SignInStrength, by: By, now: datetime
) -> list[Result]:
    """Each succeeds or fails by itself (Q-10); the results are in the order of the decisions.

    The right to decide, the states and the facts are read under locks in the transaction that writes (SR-16).
    """
    results: dict[int, Result] = {}
    for places in _together(decisions):
        chosen = [decisions[place] for place in places]
        results |= zip(places, _decide(chosen, decider, strength, by=by, now=now), strict=True)
    return [results[place] for place in range(len(decisions))]


def _together(decisions: Sequence[Decision]) -> Iterator[list[int]]:
    """Which go into one transaction: none that changes what another of them is decided on."""
    places: list[int] = []
    people: set[UUID] = set()
    for place, decision in enumerate(decisions):
        who = decision.request.account_id
        if who in people or len(places) == MOST_TOGETHER:
            yield places
            places, people = [], set()
        if decision.request.way in {Way.CREATE, Way.ASSOCIATE}:
            yield [place]
        else:
            places.append(place)
            people.add(who)
    if places:
        yield places


def _decide(
    decisions: list[Decision], decider: Account, strength: SignInStrength, *, by: By, now: datetime
) -> list[Result]:
    try:
        with transaction.atomic():
            results = _decide_locked(decisions, decider, strength, by=by, now=now)
    except IntegrityError:  # a constraint knew better: the other rows must not suffer for that one
        if len(decisions) == 1:
            raise
        alone = (_decide([one], decider, strength, by=by, now=now) for one in decisions)
        return [result for results in alone for result in results]
    for result in results:
        if result.refused is not None and result.refused.code in AUTHORITY:
            note_refusal(about=result.about, because=result.refused.code, by=by, now=now)
    return results


def _decide_locked(
    decisions: list[Decision], decider: Account, strength: SignInStrength, *, by: By, now: datetime
) -> list[Result]:
    requests = [decision.request for decision in decisions]
    people = [decider.pk, *(request.account_id for request in requests), *succeeded_by(requests, now=now)]
    lock_accounts(*people)
    lock_requests(*requests)
    lock_records(*(request.record_id for request in requests))
    lock_grants_of(people)
    weighed = weigh([request.pk for request in requests], decider, strength=strength, now=now)
    verdicts: list[Verdict | None] = []
    refused: dict[UUID, Refused] = {}
    for decision in decisions:
        try:
            verdicts.append(verdict_on(decision, weighed[decision.request.pk], decider=decider, now=now))
        except Refused as refusal:
            refused[decision.request.pk] = refusal
    refused |= carry_out([one for one in verdicts if one], decider=decider, by=by, now=now)
    return [Result(weighed[one.pk].request, refused.get(one.pk)) for one in requests]
