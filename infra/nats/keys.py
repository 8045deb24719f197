"""The users of the NATS server: each proves who it is by an nkey, of which the server knows the public half alone."""

import os
from collections.abc import Mapping

import nkeys

from shared.registry import NATS_USERS


def new_seed() -> str:
    """A new user's secret."""
    return bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)).decode()


def public_key(seed: str) -> str:
    """The public key of ``seed``."""
    return bytes(nkeys.from_seed(bytearray(seed.encode())).public_key).decode()


def key_variables(seeds: Mapping[str, str]) -> dict[str, str]:
    """The environment variables ``DURE_NATS_KEY_…`` that ``nats.conf`` reads, from the seed of each user."""
    return {f"DURE_NATS_KEY_{user.upper()}": public_key(seeds[user]) for user in NATS_USERS}
