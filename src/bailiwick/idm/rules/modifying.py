"""What a holder may change about a role without asking for it anew: what the application file marks free (Q-7). Pure.

Role, organization and end date are no attributes: they are asked for, and decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import FreeAttribute
from bailiwick.idm.rules.grants import GrantState

ATTRIBUTE_LONGEST = 100


class Refusal(StrEnum):
    NOT_THE_HOLDER = "not_the_holder"
    ROLE_OVER = "modified_role_over"
    ATTRIBUTE_NOT_FREE = "attribute_not_free"
    ATTRIBUTE_INVALID = "attribute_invalid"


AUTHORITY = frozenset({Refusal.NOT_THE_HOLDER})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


@dataclass(frozen=True)
class Holding:
    """What whoever modifies is to the role, at this instant."""

    is_holder: bool
    is_account_active: bool
    state: GrantState


def may_modify(holding: Holding) -> Yes | No:
    """The holder, while the role has not ended; also while it rests (Q-7)."""
    if not holding.is_holder or not holding.is_account_active:
        return No(Refusal.NOT_THE_HOLDER)
    return No(Refusal.ROLE_OVER) if holding.state is GrantState.ENDED else Yes("holder")


def fits(values: Mapping[str, str], free: Iterable[FreeAttribute]) -> Yes | No:
    """Whether only free attributes are named, each with one of its choices or a line of text; "" says nothing."""
    known = {attribute.code: attribute for attribute in free}
    for code, value in values.items():
        if code not in known:
            return No(Refusal.ATTRIBUTE_NOT_FREE)
        if value and not _is_fitting(value, known[code]):
            return No(Refusal.ATTRIBUTE_INVALID, {"label": known[code].label})
    return Yes()


def _is_fitting(value: str, attribute: FreeAttribute) -> bool:
    if attribute.choices:
        return value in attribute.choices
    return len(value) <= ATTRIBUTE_LONGEST and value.isprintable()


def shown(values: Mapping[str, str], free: Iterable[FreeAttribute]) -> dict[str, str]:
    """What of the stored values is free and fitting still: the application file may have changed since (O-6)."""
    return {
        attribute.code: values[attribute.code]
        for attribute in free
        if values.get(attribute.code) and _is_fitting(values[attribute.code], attribute)
    }
