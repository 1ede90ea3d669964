"""What a change of keys does to registrations on their way (L-4)."""

from bailiwick.ground.vault import sealed
from bailiwick.idm.registration.models import Draft, Tally
from bailiwick.idm.registration.queries import ANSWERS_PLACE


def register_columns() -> None:
    """Name this room's sealed and keyed columns to the vault."""
    sealed.register(Draft, "answers_sealed", ANSWERS_PLACE)
    # Counters of a day: they begin anew with a new key, and the old rows pass away.
    sealed.register_digest(Tally, "key")
