"""What SPOT reads from its environment (prefix SPOT_)."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from bailiwick.ground.program.environment import DeskEnvironment
from bailiwick.wire.claims import ACR_LIMITED, ACR_ORDER


class SpotEnvironment(DeskEnvironment):
    model_config = SettingsConfigDict(env_prefix="SPOT_", extra="ignore", hide_input_in_errors=True)

    base_url: str = "http://localhost:8001"
    idm_url: str = Field(
        default="http://localhost:8000", description="IDM's issuer, exactly as IDM names itself."
    )
    client_id: str = "spot"
    client_key_file: Path | None = Field(
        default=None,
        description="SPOT's private P-256 JWK; default: spot-client.json in the state directory.",
    )
    minimum_acr: str = Field(
        default=ACR_LIMITED, description="The weakest sign-in that may enter, by its acr."
    )
    payer_file: Path | None = Field(
        default=None,
        description="The payer file (TOML); default: the sample in development, no payer otherwise.",
    )
    payer_url: str = Field(
        default="", description="A payer that is asked over HTTP instead of a file (docs/payer.md)."
    )
    payer_key: str = Field(default="", description="Its key: <key id>:<secret>.")
    signature_anchors: Path | None = Field(
        default=None,
        description="Issuers of certificates for signing forms, and their revocation lists (PEM); default: none.",
    )
    upload_scanner_url: str = ""
    upload_scanner_key: str = ""

    @model_validator(mode="after")
    def _idm_can_be_asked(self) -> Self:
        wrong = []
        self.idm_url = self.idm_url.rstrip("/")
        if self.client_key_file is None:
            self.client_key_file = self.state_directory / "spot-client.json"
        if not self.development and not self.idm_url.startswith("https://"):
            wrong.append("IDM_URL must start with https://")
        if self.minimum_acr not in ACR_ORDER:
            wrong.append(f"MINIMUM_ACR must be one of {', '.join(ACR_ORDER)}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self
