"""Typed settings that all services have in common; each service has a class of its own on top."""

import json
import re
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

PREFIX = "DURE_"
PLACEHOLDERS = {"changeme", "change-me", "secret", "password", "placeholder", "example"}


def _listed(value: object) -> object:
    """The parts of a text: between commas, or of a JSON list."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",") if part.strip()]


Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)]
"""Networks between commas: ``10.0.0.0/8,192.168.1.20/32``."""


class Settings(BaseSettings):
    """Read from the environment (``DURE_…``) or from secret files; an argument wins over both.

    ``<name>_file`` names a file that holds the value, for secrets mounted by a container engine.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

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
    outbox_days: Annotated[int, Field(ge=1, le=36500)] = 30
    """Days after which a published event is packed; it stays readable for `dure rebuild`."""
    idempotency_days: Annotated[int, Field(ge=31, le=36500)] = 90
    """Days for which the answer to an idempotency key is kept; a tablet may send a queued action for 30 days."""
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
                try:
                    text = path.read_text().strip()
                except (OSError, ValueError) as error:
                    raise ValueError(f"{variable_of(name)}_FILE cannot be read: {error}") from None
                value = SecretStr(text) if type(self).model_fields[name].annotation is SecretStr else text
                object.__setattr__(self, name, value)
        password = self.database_url.get_secret_value().partition("://")[2].rpartition("@")[0].partition(":")[2]
        if password.lower() in PLACEHOLDERS:
            raise ValueError(f"{variable_of('database_url')} holds a placeholder password: set a real one")
        return self


S = TypeVar("S", bound=BaseSettings)


class WrongSettings(Exception):
    """Settings that cannot be: the text names each variable and what it wants."""


def variable_of(name: str) -> str:
    """The environment's variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def load_settings(cls: type[S], **values: Any) -> S:
    """The settings of ``cls`` from the environment and ``values``. Raises WrongSettings."""
    try:
        return cls(**values)
    except ValidationError as error:
        raise WrongSettings(" · ".join(_described(cls, each["loc"], each["msg"]) for each in error.errors())) from None
    except SettingsError as error:
        found = re.search(r'field "(\w+)"', str(error))
        raise WrongSettings(_described(cls, found.groups() if found else (), "JSON is needed")) from None


def _described(cls: type[BaseSettings], location: tuple[int | str, ...], what: str) -> str:
    """A fault with its variable and what that is for."""
    what = what.removeprefix("Value error, ")
    if not location:
        return what
    field = cls.model_fields.get(str(location[0]))
    purpose = f" ({' '.join(field.description.split())})" if field and field.description else ""
    return f"{variable_of(str(location[0]))}: {what}{purpose}"
