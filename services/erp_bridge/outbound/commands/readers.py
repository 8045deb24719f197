"""ERPs that poll the ledger: how far each has come."""

from sqlalchemy import text

from shared.kit.database import Transaction

NOTE = text("""
    INSERT INTO confirmation_reader AS r (reader, position, read_at) VALUES (:reader, :position, :now)
    ON CONFLICT (reader) DO UPDATE SET position = excluded.position, read_at = excluded.read_at
    WHERE r.position <> excluded.position OR r.read_at < excluded.read_at - interval '15 seconds'
""")
"""One that polls without end is written down a few times a minute."""


async def note_reader(tx: Transaction, position: int) -> None:
    """Remember the last confirmation that was given to who asks."""
    await tx.session.execute(NOTE, {"reader": tx.actor.person, "position": position, "now": tx.now})
