"""Who asks (By), and what a rule answers: Yes with its ground, No with its reason, the refusal an action raises. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

__all__ = ["Busy", "By", "No", "Refused", "Yes"]


@dataclass(frozen=True)
class By:
    """Who acts, and from where.

    `actor`: an account's id, or "visitor", "system:<job>", "client:<client id>", "command".
    `source`: the network address the request came from; "" for programs. `capacity`: ids of what the person works as,
    where a program lets them choose (M-2); the ledger keeps it with every entry.
    """

    actor: str
    source: str = ""
    capacity: str = ""


class Refused(Exception):
    """An action declined; nothing was written. `code` is stable, the words live in the room's `words.py`.

    `facts` fill the sentence (`%(until)s`) and never hold a personal value of somebody else.
    """

    def __init__(self, code: StrEnum, **facts: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


class Busy(Exception):
    """As much slow work waits already as the program takes on; nothing was done. The page is a 503 (quality, "Speed")."""


@dataclass(frozen=True)
class Yes:
    """Allowed; `ground` goes to the ledger."""

    ground: str = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class No:
    """Not allowed; `because` goes to the page."""

    because: StrEnum
    facts: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False

    def raise_it(self) -> NoReturn:
        raise Refused(self.because, **self.facts)
