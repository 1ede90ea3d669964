"""What a change of keys does to sessions and sign-ins under way (L-4)."""

from bailiwick.ground.vault import sealed
from bailiwick.spot.signin.models import LoginAttempt, Session
from bailiwick.spot.signin.secrets import ACCESS_TOKEN, EMAIL, ID_TOKEN, VERIFIER


def register_columns() -> None:
    """Name this room's sealed columns to the vault. What ended or was used holds nothing any more."""
    sealed.register(LoginAttempt, "verifier_sealed", VERIFIER)
    sealed.register(Session, "access_token_sealed", ACCESS_TOKEN)
    sealed.register(Session, "id_token_sealed", ID_TOKEN)
    sealed.register(Session, "email_sealed", EMAIL)
