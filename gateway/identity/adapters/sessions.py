"""The actors behind bearer tokens: read from the database every few seconds, from memory in between.

Whatever is revoked ends at once in this process, and in another replica within ``fresh_s``. Without the database,
sessions that were good go on for ``STALE_S``: the floor does not notice a restart of PostgreSQL. The shop's clock
counts as well: in the played past of a demo, hours of it go by within seconds.
"""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from gateway.identity.adapters.hashing import API_KEY_PREFIX, SESSION_PREFIX, digest
from gateway.identity.domain import REPLAY_ROLES, prolonged
from shared.kit.auth import Actor
from shared.kit.database import Database
from shared.kit.problem import Problem, is_unavailable

log = structlog.get_logger(__name__)

STALE_S = 55.0
RETRY_S = 1.0
AT_MOST = 10_000

SESSION = """
    SELECT s.id, s.person, s.device, s.method, s.created_at, s.expires_at, d.enrolled_at,
           CASE WHEN s.method = 'replay' THEN $3 ELSE p.roles END AS roles,
           s.device IS NOT NULL AND coalesce(d.last_seen_at < $2::timestamptz - interval '1 minute', true) AS seen
    FROM session s JOIN person p ON p.code = s.person LEFT JOIN device d ON d.id = s.device
    WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND p.active AND d.revoked_at IS NULL
"""
PROLONG = "UPDATE session SET expires_at = $2 WHERE id = $1 AND ended_at IS NULL"
SEEN = "UPDATE device SET last_seen_at = $2 WHERE id = $1"
API_KEY = "SELECT name, roles FROM api_key WHERE key_hash = $1 AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class CachedActor:
    """An actor, and until when (monotonic seconds) it is believed, or without the database at most; and until when by
    the shop's clock."""

    actor: Actor
    fresh_until: float
    stale_until: float
    shop_until: datetime


class Sessions:
    """The actors of sessions and API keys."""

    def __init__(self, database: Database, site: str, *, fresh_s: float) -> None:
        self._database = database
        self._site = site
        self._fresh_s = fresh_s
        self._known: dict[str, CachedActor] = {}
        self._loading: dict[str, asyncio.Task[Actor | None]] = {}
        self._generation = 0

    def remembered(self, token: str) -> Actor | None:
        """The actor of ``token`` from memory; None when the database has to be asked."""
        known = self._known.get(token)
        if known is None or known.fresh_until <= time.monotonic() or known.shop_until <= self._database.clock():
            return None
        return known.actor

    def require(self, token: str) -> Actor:
        """The actor of a token that ``find`` was just asked for; a 401 problem when it has none."""
        known = self._known.get(token)
        if known is None:
            raise Problem(401, "no_session")
        return known.actor

    async def find(self, token: str) -> Actor | None:
        """The actor of ``token``; None when it is no session or key of ours (any more)."""
        if not token.startswith((SESSION_PREFIX, API_KEY_PREFIX)):
            return None
        actor = self.remembered(token)
        if actor is not None:
            return actor
        loading = self._loading.get(token)
        if loading is None:
            loading = self._loading[token] = asyncio.create_task(self._load(token))
            loading.add_done_callback(lambda _: self._loading.pop(token, None))
        return await asyncio.shield(loading)

    def forget(self) -> None:
        """Ask the database again: somebody's rights have changed."""
        self._known = {token: replace(known, fresh_until=0, stale_until=0) for token, known in self._known.items()}
        self._loading.clear()
        self._generation += 1

    async def _load(self, token: str) -> Actor | None:
        generation = self._generation
        try:
            found = await (self._session(token) if token.startswith(SESSION_PREFIX) else self._api_key(token))
        except Exception as error:
            known, now = self._known.get(token), time.monotonic()
            if is_unavailable(error) and known is not None and known.stale_until > now:
                log.warning("session believed without the database", error=type(error).__name__)
                again = min(now + RETRY_S, known.stale_until)
                self._known[token] = CachedActor(known.actor, again, known.stale_until, self._shop_until(RETRY_S))
                return known.actor
            self._known.pop(token, None)
            raise
        if found is None:
            self._known.pop(token, None)
            return None
        actor, lifetime = found
        if generation != self._generation:
            return await self._load(token)
        if len(self._known) >= AT_MOST:
            del self._known[next(iter(self._known))]
        now, fresh = time.monotonic(), self._fresh_s
        fresh_until, stale_until = now + min(fresh, lifetime), now + min(fresh + STALE_S, lifetime)
        self._known[token] = CachedActor(actor, fresh_until, stale_until, self._shop_until(min(fresh, lifetime)))
        return actor

    def _shop_until(self, seconds: float) -> datetime:
        return self._database.clock() + timedelta(seconds=seconds)

    async def _session(self, token: str) -> tuple[Actor, float] | None:
        """The actor of a session, and how many seconds it still lives."""
        now = self._database.clock()
        pool = await self._database.pool()
        row = await pool.fetchrow(SESSION, digest(token), now, REPLAY_ROLES)
        if row is None:
            return None
        end = row["expires_at"]
        if later := prolonged(row["method"], row["created_at"], end, now):
            await pool.execute(PROLONG, row["id"], later)
            end = later
        if row["seen"]:
            await pool.execute(SEEN, row["device"], now)
        device = str(row["device"]) if row["device"] else None
        actor = Actor(row["person"], frozenset(row["roles"]), device, self._site, row["enrolled_at"])
        return actor, (end - now).total_seconds()

    async def _api_key(self, token: str) -> tuple[Actor, float] | None:
        pool = await self._database.pool()
        row = await pool.fetchrow(API_KEY, digest(token))
        if row is None:
            return None
        return Actor(f"api:{row['name']}", frozenset(row["roles"]), None, self._site), float("inf")
