"""What the bureau reads from its environment (prefix BUREAU_)."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from bailiwick.ground.program.environment import Environment

SHORTEST_SECRET = 32
# The id of a key that is given without one.
LONELY_KEY_ID = "idm"


class BureauEnvironment(Environment):
    """A double verifies whomever its file says: outside a development run it does not start."""

    model_config = SettingsConfigDict(env_prefix="BUREAU_", extra="ignore", hide_input_in_errors=True)

    base_url: str = "http://localhost:8002"
    key: str = Field(
        default="", description="Who may ask: <key id>:<secret>, comma-separated; empty: nobody."
    )
    people_file: Path = Path(__file__).resolve().parents[1] / "people.toml"
    call_number: str = Field(default="202-555-0143", description="Whom people are told to call; fictitious.")

    @model_validator(mode="after")
    def _plays_only_in_development(self) -> Self:
        if not self.development:
            raise ValueError(
                "The bureau plays a vendor for development and tests; it needs BUREAU_DEVELOPMENT=true."
            )
        if any(len(secret) < SHORTEST_SECRET for secret in self.secrets_by_key_id.values()):
            raise ValueError(f"Each secret of KEY has {SHORTEST_SECRET} characters or more.")
        return self

    @property
    def secrets_by_key_id(self) -> dict[str, str]:
        """Several at once, so that a client's key can be changed without a pause."""
        pairs = (pair.strip().rpartition(":") for pair in self.key.split(",") if pair.strip())
        return {key_id or LONELY_KEY_ID: secret for key_id, _, secret in pairs}
