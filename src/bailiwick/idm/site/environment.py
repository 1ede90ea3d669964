"""What IDM reads from its environment (prefix IDM_)."""

from pathlib import Path
from typing import Literal

from pydantic_settings import SettingsConfigDict

from bailiwick.ground.program.environment import DeskEnvironment
from bailiwick.idm.accounts.terms import FOLDER


class IdmEnvironment(DeskEnvironment):
    model_config = SettingsConfigDict(env_prefix="IDM_", extra="ignore", hide_input_in_errors=True)

    base_url: str = "http://localhost:8000"
    applications_directory: Path = Path(__file__).resolve().parents[4] / "applications"
    application_values: dict[str, str] = {}
    oidc_keys_file: Path | None = None
    bureau_url: str = ""
    bureau_key: str = ""
    places_file: Path | None = None
    terms_directory: Path = FOLDER
    ssn_at: str = "registration"
    oversight_email: str = ""
    policy_profile: Literal["standard", "strict"] = "standard"
    manual_proofing_by_two: bool = True
    upload_scanner_url: str = ""
    upload_scanner_key: str = ""
