"""Persons in events: a pseudonymous id stands for the code that a shop chose; only the gateway's table of people leads
back.

Every service of a site comes to the same id without asking another one.
"""

import hmac
from typing import overload
from uuid import UUID

from pydantic import SecretStr

REMEMBERED = 4096


class Pseudonyms:
    """The ids of a site's persons: UUIDs (RFC 9562, version 8) of HMAC-SHA-256 over the code with the site's key.

    Without the key nobody can try codes out.
    """

    def __init__(self, key: SecretStr) -> None:
        if not key.get_secret_value():
            raise ValueError("pseudonym_key is missing: persons would be known by their codes in events")
        self._key = key.get_secret_value().encode()
        self._ids: dict[str, UUID] = {}

    @overload
    def id_of(self, code: str) -> UUID: ...
    @overload
    def id_of(self, code: None) -> None: ...
    def id_of(self, code: str | None) -> UUID | None:
        """The id of the person with this code."""
        if code is None:
            return None
        known = self._ids.get(code)
        if known is None:
            if len(self._ids) >= REMEMBERED:
                self._ids.clear()
            known = self._ids[code] = self._made(code)
        return known

    def stored(self, person: str | None) -> tuple[str | None, UUID | None]:
        """The code, where it is known, and the id of a person who was stored by an event:
        by id, before v0.2 by code."""
        try:
            return None, None if person is None else UUID(person)
        except ValueError:
            return person, self.id_of(person)

    def _made(self, code: str) -> UUID:
        digest = bytearray(hmac.digest(self._key, code.encode(), "sha256")[:16])
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        return UUID(bytes=bytes(digest))
