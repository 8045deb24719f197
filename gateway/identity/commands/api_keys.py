"""Keys of systems."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from gateway.identity.adapters.hashing import API_KEY_PREFIX, digest, new_token
from gateway.identity.schemas import ApiKeyIn, ApiKeyOut, NewApiKey
from gateway.identity.tables import ApiKey
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable


async def create_api_key(tx: Transaction, body: ApiKeyIn) -> NewApiKey:
    """A key for a system; 422 while another one has the name."""
    taken = select(col(ApiKey.id)).where(col(ApiKey.name) == body.name, col(ApiKey.revoked_at).is_(None))
    if (await tx.session.execute(taken)).first():
        raise unprocessable("name", "name_taken")
    secret = new_token(API_KEY_PREFIX)
    key = ApiKey(
        id=new_id(),
        name=body.name,
        roles=sorted(set(body.roles)),
        key_hash=digest(secret),
        created_at=tx.now,
        created_by=tx.actor.person,
    )
    tx.session.add(key)
    tx.audit("create", f"api_key/{key.id}", [("name", None, key.name), ("roles", None, key.roles)])
    return NewApiKey(id=key.id, name=key.name, roles=key.roles, key=secret)


async def revoke_api_key(tx: Transaction, key_id: UUID) -> ApiKeyOut:
    """End a key. Done once more it stays as it is."""
    key = await tx.session.get(ApiKey, key_id, with_for_update=True)
    if key is None:
        raise Problem(404, "not_found")
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = tx.now, tx.actor.person
        tx.audit("revoke", f"api_key/{key_id}")
    return ApiKeyOut.model_validate(key, from_attributes=True)
