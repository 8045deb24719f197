"""Setting a shop up: the one-time link and the first admin."""

from sqlalchemy import delete

from gateway.identity.adapters.hashing import SETUP_PREFIX, digest, new_token
from gateway.identity.commands.people import audited, check_unused
from gateway.identity.domain import SETUP_LIFETIME, code_of_login
from gateway.identity.queries import needs_setup
from gateway.identity.schemas import Setup
from gateway.identity.tables import Person, SetupToken
from shared.kit.audit import differences
from shared.kit.database import Database, Transaction
from shared.kit.problem import Problem

FIRST_ADMIN_ROLES = ["admin", "leader", "planner", "quality"]
"""Whoever sets a shop up may do all of the office's work, until there are others."""


async def issue_setup_token(database: Database) -> str | None:
    """A new token for the set-up link, good for 15 minutes; earlier ones end.

    None when somebody can administer already.
    """

    async def issue(tx: Transaction) -> str | None:
        await tx.session.execute(delete(SetupToken))
        if not await needs_setup(tx.session):
            return None
        token = new_token(SETUP_PREFIX)
        tx.session.add(SetupToken(token_hash=digest(token), expires_at=tx.now + SETUP_LIFETIME))
        return token

    return await database.run(issue)


async def set_up(tx: Transaction, body: Setup, password_hash: str) -> Person:
    """Make the first admin; 403 for a wrong or old token, 409 when somebody administers already."""
    if not await needs_setup(tx.session):
        raise Problem(409, "already_set_up")
    token = await tx.session.get(SetupToken, digest(body.token), with_for_update=True)
    if token is None or token.expires_at <= tx.now:
        raise Problem(403, "setup_link_invalid")
    await tx.session.delete(token)
    code = body.code or code_of_login(body.login)
    await check_unused(tx, code, body.login, None)
    person = Person(
        code=code,
        name=body.name,
        roles=FIRST_ADMIN_ROLES,
        languages=[],
        login=body.login,
        password_hash=password_hash,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(person)
    await tx.session.flush()
    tx.audit("set_up", f"person/{code}", differences({}, audited(person)))
    return person
