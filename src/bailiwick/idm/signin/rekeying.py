"""What a change of keys does to what opens an account (L-4)."""

from bailiwick.ground import vault
from bailiwick.ground.vault import sealed
from bailiwick.idm.rules.factors import CodeState
from bailiwick.idm.signin.held import SECRET_PLACE, SHEET_PLACE
from bailiwick.idm.signin.models import (
    Authenticator,
    FormerAnswer,
    FormerPassword,
    LadderCode,
    OneTimeCode,
    Password,
    RecoverySheet,
    SecurityAnswer,
)


def register_columns() -> None:
    """Name this room's sealed, keyed and peppered columns to the vault."""
    sealed.register(Authenticator, "secret_sealed", SECRET_PLACE)
    sealed.register(RecoverySheet, "codes_sealed", SHEET_PLACE)
    # Ten minutes at most; then the job that forgets them.
    sealed.register_digest(OneTimeCode, "digest", redo=_over)
    sealed.register_digest(LadderCode, "digest", redo=_over)
    # Not `RecoveryCode.digest`: 80 random bits need no key, and a sheet in a drawer outlives many keys.
    sealed.register_peppered(Password, "encoded")
    sealed.register_peppered(FormerPassword, "encoded")
    sealed.register_peppered(SecurityAnswer, "encoded")
    sealed.register_peppered(FormerAnswer, "encoded")


def _over(code: OneTimeCode | LadderCode) -> bytes | None:
    """A live code is compared under its own key; one that is used or void is compared with nothing any more."""
    return None if code.state == CodeState.LIVE else vault.digest(str(code.pk), purpose="one-time-code.over")
