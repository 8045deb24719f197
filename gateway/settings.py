"""Settings of the gateway."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from joserfc.jwk import OKPKey
from pydantic import Field, SecretStr, model_validator

from shared.kit.settings import Networks, Settings


@dataclass(frozen=True)
class LanOrigin:
    """Where tablets of the local network reach this machine: by which origin now, and by which names and addresses."""

    address: Callable[[], str]
    names: Callable[[], Sequence[str]]


class GatewaySettings(Settings):
    """The plumbing's settings, the two secrets, and where the services are."""

    site_name: dict[str, str] = Field(default={"ko": "두레", "en": "Dure"})
    """The shop's name by language, as JSON: ``{"ko": "두레", "en": "Dure"}``."""
    public_url: str = ""
    """The origin for links, e.g. ``https://dure.example.com``; empty: the one that a request came to,
    when it is an address of this machine."""
    hsts: bool = True
    """Make browsers insist on HTTPS for a year, where it is spoken."""
    token_private_key: SecretStr = SecretStr("")
    """The Ed25519 private key of the internal tokens, as a JSON Web Key."""
    token_private_key_file: Path | None = None
    badge_key: SecretStr = SecretStr("")
    """Keys the hashes of badges and PINs; empty: derived from the private key.

    Who changes it must hand out badges and PINs anew.
    """
    badge_key_file: Path | None = None
    metrics_from: Networks = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
    """The networks that read ``/metrics`` without a session, when they ask by no proxy: this machine."""
    hash_memory_kib: int = Field(default=19_456, ge=8)
    """Memory of argon2id for a password or PIN; with two passes and one lane it is OWASP's recommendation."""
    hash_passes: int = Field(default=2, ge=1)
    session_fresh_s: float = Field(default=5.0, ge=0)
    """How long a session that was looked up is believed; another replica's revocation is heard of after it."""
    orders_url: str = "http://127.0.0.1:8001"
    production_url: str = "http://127.0.0.1:8002"
    quality_url: str = "http://127.0.0.1:8003"
    erp_bridge_url: str = "http://127.0.0.1:8004"

    @model_validator(mode="after")
    def read_key(self) -> Self:
        """Refuse to start without a private key."""
        if not self.token_private_key.get_secret_value():
            raise ValueError("DURE_TOKEN_PRIVATE_KEY is missing: the gateway signs its requests to the services")
        if not self.private_key.is_private:
            raise ValueError("DURE_TOKEN_PRIVATE_KEY holds a public key only")
        return self

    @property
    def private_key(self) -> OKPKey:
        """The key that signs the internal tokens."""
        return OKPKey.import_key(json.loads(self.token_private_key.get_secret_value()))

    @property
    def secret_for_hashes(self) -> bytes:
        """The key of the hashes of badges and PINs."""
        own = self.badge_key.get_secret_value() or self.token_private_key.get_secret_value()
        return f"dure badge and pin:{own}".encode()
