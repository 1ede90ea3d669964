"""`bailiwick idm keys`: IDM's keys, shown, rotated, retired; each change on the ledger (L-2, L-4)."""

from datetime import datetime
from typing import Any

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.program import clock
from bailiwick.ground.vault.administration import KeysCommand
from bailiwick.idm.rules.deeds import Deed

DEEDS = {
    "added": Deed.KEY_ADDED,
    "switched": Deed.KEY_SWITCHED,
    "remade": Deed.KEY_REMADE,
    "retired": Deed.KEY_RETIRED,
}


class Command(KeysCommand):
    def now(self) -> datetime:
        return clock.now()

    def record(self, deed: str, *, now: datetime, about: dict[str, Any]) -> None:
        append(DEEDS[deed], by=By("command"), now=now, about=about)
