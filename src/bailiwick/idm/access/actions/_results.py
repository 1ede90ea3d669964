"""What became of each row of an act on many (Q-10): it succeeds or fails by itself, and the result says which."""

from dataclasses import dataclass

from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import Grant, RoleRequest


@dataclass(frozen=True)
class Result:
    """`about`: the row as it is afterwards. `refused`: why nothing was done to it; None where it was done."""

    about: RoleRequest | Grant
    refused: Refused | None = None

    @property
    def is_done(self) -> bool:
        return self.refused is None
