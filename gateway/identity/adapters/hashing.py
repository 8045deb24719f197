"""Secrets: made at random, stored as hashes.

What a person can remember (a password, a PIN) is hashed with argon2id, in a thread and a few at a time, so that a burst
of sign-ins cannot take all memory. What is long and random (tokens, keys) is hashed with SHA-256. PINs and badge
numbers are few enough to be tried one by one, so their hashes also need a key that is not in the database.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final, Literal, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
PATIENCE_S = 5.0
TOKEN_BYTES = 32
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 10

SESSION_PREFIX: Final = "ses_"
DEVICE_PREFIX: Final = "dev_"
API_KEY_PREFIX: Final = "dure_"
SETUP_PREFIX: Final = "set_"
P = ParamSpec("P")
R = TypeVar("R")
Prefix = Literal["ses_", "dev_", "dure_", "set_"]


def new_token(prefix: Prefix) -> str:
    """A secret of 256 bits; the prefix shows people and scanners what they found."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A one-time code that a person can type: 49 bits, no letters that look like digits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def digest(token: str) -> bytes:
    """The hash of a long random secret."""
    return hashlib.sha256(token.encode()).digest()


class Hasher:
    """Hashes passwords, PINs and badge numbers."""

    def __init__(self, key: bytes, *, memory_kib: int, passes: int) -> None:
        self._key = hashlib.sha256(key).digest()
        self._argon = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody = self._argon.hash(secrets.token_hex())

    def keyed(self, kind: str, secret: str) -> bytes:
        """The hash of a badge or PIN under the key."""
        return hmac.digest(self._key, f"{kind}:{secret}".encode(), "sha256")

    def badge(self, number: str) -> bytes:
        """The hash by which a badge is found."""
        return self.keyed("badge", number)

    async def hash_password(self, password: str) -> str:
        """The hash to store; ``TimeoutError`` when too many wait."""
        return await self._in_turn(self._argon.hash, password)

    async def hash_pin(self, pin: str) -> str:
        """The hash to store; ``TimeoutError`` when too many wait."""
        return await self._in_turn(self._argon.hash, self.keyed("pin", pin).hex())

    async def verify_password(self, stored: str | None, password: str) -> bool:
        """True when it is the password; takes as long when there is none. ``TimeoutError`` when too many wait."""
        return await self._in_turn(self._verify, stored, password)

    async def verify_pin(self, stored: str | None, pin: str) -> bool:
        """True when it is the PIN; takes as long when there is none. ``TimeoutError`` when too many wait."""
        return await self._in_turn(self._verify, stored, self.keyed("pin", pin).hex())

    def _verify(self, stored: str | None, secret: str) -> bool:
        try:
            return self._argon.verify(stored or self._nobody, secret) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        async with asyncio.timeout(PATIENCE_S):
            await self._turns.acquire()
        try:
            return await asyncio.to_thread(work, *args, **kwargs)
        finally:
            self._turns.release()
