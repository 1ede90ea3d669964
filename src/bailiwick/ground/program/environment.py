"""What every program reads from its environment, once, typed; unknown and nonsensical values stop the start."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

DEVELOPMENT_SECRET = "development-only-" + "0" * 40


class Environment(BaseSettings):
    """The settings shared by all programs. Each program subclasses it with its own prefix.

    Unknown variables with the program's prefix are refused: a misspelled setting must not be silently ignored.
    """

    development: bool = Field(
        default=False, description="A fictitious world: mailbox page, never-issued SSNs, plain HTTP."
    )
    database_url: str = ""
    secret_key: str = DEVELOPMENT_SECRET
    base_url: str
    extra_hosts: str = Field(default="", description="Further Host names, comma-separated.")
    keys_file: Path | None = Field(
        default=None, description="The key ring (JSON), readable by the program alone."
    )
    keys: str = Field(default="", repr=False, description="Development: the key ring itself, as JSON.")
    token_module: str = Field(
        default="", description="A PKCS#11 library, whose token wraps the key file's keys."
    )
    token_label: str = ""
    token_key: str = Field(default="", description="The label of the wrapping key in the token.")
    token_pin_file: str = ""
    state_directory: Path = Path("var")
    time_zone: str = "America/New_York"
    smtp_url: str = Field(
        default="", description="smtp://user:password@host:port; empty: the development mailbox."
    )
    sms_url: str = Field(
        default="",
        description="https://name:word@provider/…: where texts are posted (docs/phone-provider.md).",
    )
    voice_url: str = Field(default="", description="The same for calls.")
    phone_from: str = Field(
        default="", description="The number that texts and calls come from, like +13015550100."
    )
    mailbox_url: str = Field(
        default="", description="Development: the program whose mailbox shows this program's messages, too."
    )
    letters_directory: Path | None = Field(
        default=None,
        description="Where letters are put for the mail house; none: they wait (docs/proofing.md).",
    )
    mail_from: str = "no-reply@bailiwick.example"
    bounces_to: str = Field(
        default="", description="Where mail that cannot be delivered comes back to; none: to the sender."
    )
    notices_gathered_seconds: int = Field(
        default=120,
        ge=0,
        le=3600,
        description="How long notices that go together wait for each other (docs/notices.md).",
    )
    notices_pause_minutes: int = Field(
        default=60,
        ge=1,
        le=24 * 60,
        description="Of a kind whose first goes at once: how long those after it wait for each other.",
    )
    notices_kept_days: int = Field(
        default=30,
        ge=7,
        le=366,
        description="How long what a notice said is kept after it was sent, or could not be (docs/notices.md).",
    )
    help_name: str = Field(default="", description="Who helps, on every page and in every message.")
    help_phone: str = ""
    help_email: str = ""
    help_hours: str = Field(
        default="", description="When, in words. All four or none; none: the sample's, who does not exist."
    )
    log_level: str = "INFO"
    trusted_proxies: str = Field(
        default="", description="Networks whose X-Forwarded-* headers count, comma-separated."
    )

    @model_validator(mode="before")
    @classmethod
    def _no_unknown_names(cls, values: dict[str, object]) -> dict[str, object]:
        prefix = str(cls.model_config.get("env_prefix", ""))
        known = {f"{prefix}{name}".upper() for name in cls.model_fields}
        unknown = sorted(name for name in os.environ if name.startswith(prefix) and name not in known)
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(unknown)}")
        return values

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        if not self.database_url:
            self.database_url = f"sqlite:///{self.state_directory.resolve()}/{self.program}.sqlite3"
        if self.keys_file is None:
            self.keys_file = self.state_directory / f"{self.program}-keys.json"
        if any(self.help_contact.values()) and not all(self.help_contact.values()):
            raise ValueError("HELP_NAME, HELP_PHONE, HELP_EMAIL and HELP_HOURS are set together")
        if self.development:
            return self
        wrong = []
        if self.secret_key == DEVELOPMENT_SECRET:
            wrong.append("SECRET_KEY must be set")
        if not self.base_url.startswith("https://"):
            wrong.append("BASE_URL must start with https://")
        if not self.smtp_url:
            wrong.append("SMTP_URL must be set: nobody reads a development mailbox in production")
        wrong += self._wrong_phone_settings()
        if self.mailbox_url:
            wrong.append("MAILBOX_URL is for development runs: messages of people are not handed over")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def help_contact(self) -> dict[str, str]:
        """Who helps, as pages and messages name them; every value empty where the deployment names nobody."""
        return {
            "name": self.help_name,
            "phone": self.help_phone,
            "email": self.help_email,
            "hours": self.help_hours,
        }

    @property
    def token(self) -> dict[str, str]:
        """The PKCS#11 token as the vault takes it; every value empty where there is none."""
        return {
            "module": self.token_module,
            "label": self.token_label,
            "key": self.token_key,
            "pin_file": self.token_pin_file,
        }

    def _wrong_phone_settings(self) -> list[str]:
        urls = {"SMS_URL": self.sms_url, "VOICE_URL": self.voice_url}
        plain = [
            f"{name} must start with https://: codes travel over it"
            for name, url in urls.items()
            if url and not url.startswith("https://")
        ]
        nameless = (
            ["PHONE_FROM must be set with SMS_URL and VOICE_URL"]
            if any(urls.values()) and not self.phone_from
            else []
        )
        return plain + nameless

    @property
    def program(self) -> str:
        return str(self.model_config.get("env_prefix", "")).rstrip("_").lower()

    @property
    def is_tls(self) -> bool:
        return self.base_url.startswith("https://")


class DeskEnvironment(Environment):
    """The settings of a program with a help desk, whose people sign in with a passkey (S-2)."""

    desk_factor: Literal["passkey", "app"] | None = Field(
        default=None,
        description="What the help desk signs in with: passkey; in development runs alone also app, their default.",
    )

    @model_validator(mode="after")
    def _desk_has_passkeys(self) -> Self:
        if self.desk_factor == "app" and not self.development:
            raise ValueError(
                "DESK_FACTOR=app is for development runs: in production the help desk signs in with passkeys"
            )
        if self.desk_factor is None:
            self.desk_factor = "app" if self.development else "passkey"
        return self
