"""Typed settings that all services have in common; each service has a class of its own on top."""

from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDERS = {"changeme", "change-me", "secret", "password", "placeholder", "example"}


class Settings(BaseSettings):
    """Read from the environment (``DURE_…``) or from secret files; an argument wins over both.

    ``<name>_file`` names a file that holds the value, for secrets mounted by a container engine.
    """

    model_config = SettingsConfigDict(env_prefix="DURE_", extra="ignore", frozen=True, hide_input_in_errors=True)

    site: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")] = "main"
    """The site's name in the subjects of the events."""
    time_zone: str = "Asia/Seoul"
    believed_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days for which the time that a device gives is believed: what it says farther back comes from a wrong clock."""
    database_url: SecretStr = SecretStr("")
    database_url_file: Path | None = None
    database_pool: int = 8
    nats_url: str = "nats://127.0.0.1:4222"
    nats_seed_file: Path | None = None
    """The service's nkey seed; without it the connection is made without authentication."""
    token_public_key: str = ""
    """The gateway's Ed25519 public key as a JSON Web Key."""
    token_public_key_file: Path | None = None
    pseudonym_key: SecretStr = SecretStr("")
    """Of the site, the same in all services: events name persons by ids that are made with it."""
    pseudonym_key_file: Path | None = None
    log_level: str = "INFO"

    @field_validator("time_zone")
    @classmethod
    def know_time_zone(cls, value: str) -> str:
        """Refuse a time zone that there is not."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no such time zone: {value}") from None
        return value

    @model_validator(mode="after")
    def read_secret_files(self) -> Self:
        """Take ``<name>`` from ``<name>_file`` and refuse placeholders."""
        for name in type(self).model_fields:
            path = getattr(self, f"{name}_file", None)
            if isinstance(path, Path) and name in type(self).model_fields:
                text = path.read_text().strip()
                value = SecretStr(text) if type(self).model_fields[name].annotation is SecretStr else text
                object.__setattr__(self, name, value)
        password = self.database_url.get_secret_value().partition("://")[2].rpartition("@")[0].partition(":")[2]
        if password.lower() in PLACEHOLDERS:
            raise ValueError("database_url holds a placeholder password: set a real one")
        return self
