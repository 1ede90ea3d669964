"""What a change of the digest key does to caller checks (L-4)."""

from bailiwick.ground import vault
from bailiwick.ground.vault import sealed
from bailiwick.idm.helpdesk.models import CallerCheck


def register_columns() -> None:
    """Name this room's keyed column to the vault."""
    sealed.register_digest(CallerCheck, "digest", redo=_over)


def _over(check: CallerCheck) -> bytes | None:
    """A live code is compared under its own key; one that is used or void is compared with nothing any more."""
    is_live = check.state == CallerCheck.State.LIVE
    return None if is_live else vault.digest(str(check.pk), purpose="caller-check.over")
