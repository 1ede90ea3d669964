"""What a change of the digest key does to proofing: nobody has to be proofed again for it (V-1, L-4)."""

from typing import Any

from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.vault import sealed
from bailiwick.ground.vault.counting import digests_not_under
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.models import Attempt, Case, Manual
from bailiwick.idm.proofing.queries.facts import facts_digests, request_digest
from bailiwick.idm.rules.accounts import PersonalFacts


def register_columns() -> None:
    """Name this room's keyed columns to the vault."""
    for model in (Case, Manual, Attempt):
        sealed.register_digest(model, "facts_digest", redo=_gone, turn=_turn)
    sealed.register_digest(Attempt, "request_digest", redo=_gone, turn=_turn)


def _gone(row: Any) -> bytes:
    """What no facts have: of a row whose facts were corrected since, and which can be compared with nothing any more."""
    return vault.digest(f"{type(row).__name__}:{row.pk}", purpose="proofing.gone")


def _turn(row: Any, _new: bytes) -> bool:
    """Make all digests of the row's account anew, so that they go on fitting each other."""
    account = row.case.account if isinstance(row, Attempt) else row.account
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        try:
            person: PersonalFacts | None = personal_facts(account)
        except Person.DoesNotExist:
            person = None
        digests = facts_digests(account, person) if person else [b""]
        for found in (
            Attempt.objects.filter(case__account=account),
            Case.objects.filter(account=account),
            Manual.objects.filter(account=account),
        ):
            for held in digests_not_under(found.exclude(facts_digest=None), "facts_digest", key="digest"):
                _turn_row(held, person, digests)
        for held in digests_not_under(
            Attempt.objects.filter(case__account=account), "request_digest", key="digest"
        ):
            Attempt.objects.filter(pk=held.pk).update(request_digest=_gone(held))
    return True


def _turn_row(held: Any, person: PersonalFacts | None, digests: list[bytes]) -> None:
    before = bytes(held.facts_digest)
    values = {"facts_digest": digests[0] if before in digests else _gone(held)}
    if isinstance(held, Attempt) and person and before in digests:
        asked = request_digest(person, before, reference=held.reference)
        fits = bytes(held.request_digest) == asked
        values["request_digest"] = (
            request_digest(person, digests[0], reference=held.reference) if fits else _gone(held)
        )
    type(held).objects.filter(pk=held.pk, facts_digest=before).update(**values)
