"""Reading correction requests: the holder's, the desk's queue, and what is proposed, opened (A-7)."""

import json
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import formats

from bailiwick.ground import vault
from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.registry.models import Correction
from bailiwick.idm.registry.queries.cases import decider_of
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.corrections import WAITING, Kind, State, may_decide
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.masking import last_five

PROPOSED_PLACE = "idm_registry.correction.proposed"
OPEN = [state.value for state in WAITING]


def corrections() -> QuerySet[Correction]:
    return Correction.objects.select_related(
        "account__person", "first_by__person", "decided_by__person", "document"
    )


def corrections_of(account: Account) -> list[Correction]:
    """Everything the account ever asked to have corrected, newest first."""
    return list(corrections().filter(account=account).order_by("-asked_at"))


def correction_with_id(identifier: UUID) -> Correction | None:
    return corrections().filter(pk=identifier).first()


def waiting_corrections(*, most: int) -> list[Correction]:
    """What tier 3 has to decide, the oldest first."""
    return list(corrections().filter(state__in=OPEN).order_by("asked_at", "pk")[:most])


def has_waiting(account: Account, kind: Kind) -> bool:
    return Correction.objects.filter(account=account, kind=kind, state__in=OPEN).exists()


def waiting_kinds(account: Account) -> list[str]:
    """What the account asked to have corrected and still waits for."""
    return list(Correction.objects.filter(account=account, state__in=OPEN).values_list("kind", flat=True))


def proposed(correction: Correction) -> dict[str, str]:
    """The new values by name, opened."""
    return json.loads(vault.unseal(correction.proposed_sealed, place=PROPOSED_PLACE, row=str(correction.pk)))


def proposed_facts(correction: Correction, facts: PersonalFacts) -> PersonalFacts:
    """These facts with what the holder asked for put in."""
    values = proposed(correction)
    if correction.kind == Kind.BIRTH_DATE:
        return replace(facts, birth_date=date.fromisoformat(values["birth_date"]))
    return replace(facts, **values)


def proposed_text(correction: Correction) -> str:
    """The new value as a desk reads it once it was revealed: of an SSN the last five digits (A-3)."""
    values = proposed(correction)
    if correction.kind == Kind.SSN:
        return last_five(values["ssn"])
    if correction.kind == Kind.BIRTH_DATE:
        return formats.date_format(date.fromisoformat(values["birth_date"]), "DATE_FORMAT")
    return " ".join(filter(None, (values[name] for name in ("first", "middle", "last", "suffix"))))


def may_decide_correction(
    account: Account, correction: Correction, *, presence: Presence, now: datetime
) -> Yes | No:
    """For a page's buttons; the action asks again under its locks."""
    decider = decider_of(account, correction.account, presence=presence, now=now, first=correction.first_by)
    return may_decide(decider, State(correction.state), now=now, limits=settings.LIMITS)
