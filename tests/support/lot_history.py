"""A long history of lots, written into the production database at once: what a shop has after years of tracing."""

import asyncpg

LEVELS = (25_000, 60_000, 60_000, 60_000, 60_000, 10_000)
"""Lots of each kind, from coils to what is shipped; each lot but a coil was made of four that were there at its
time."""
LOTS = """
INSERT INTO lot (code, item, unit, origin, came_in, remaining, supplier_lot, supplier, created_at)
SELECT 'L' || $1::int || '-' || n, 'LEVEL' || $1::int, 'EA', CASE WHEN $1 = 0 THEN 'received' ELSE 'produced' END, 400,
0,
  CASE WHEN $1 = 0 THEN 'H' || n END, CASE WHEN $1 = 0 THEN 'POSCO' END, '2022-01-01'::timestamptz + n *
  interval '1 minute'
FROM generate_series(0, $2::int - 1) AS n
"""
EDGES = """
INSERT INTO lot_edge (source, target, via, kind, quantity)
SELECT DISTINCT ON (source, target) 'L' || $1::int - 1 || '-' || (n::bigint * $3::int / $2::int + step) % $3::int AS
source, 'L' || $1::int || '-' || n AS target,
  gen_random_uuid(), 'made', 25 FROM generate_series(0, $2::int - 1) AS n, unnest(ARRAY[0, 1, 3, 7]) AS step
"""
DRUM = """
WITH drum AS (
  INSERT INTO lot (code, item, unit, origin, came_in, remaining, created_at)
  VALUES ('DRUM', 'GLUE', 'kg', 'received', 4000, 0, now()) RETURNING code
)
INSERT INTO lot_edge (source, target, via, kind, quantity)
SELECT drum.code, 'L' || $1::int || '-' || n, gen_random_uuid(), 'made', 1 FROM drum, generate_series(0, 3999) AS n
"""
"""A drum of glue that is in 4,000 finished lots."""
CONSUMPTIONS = """
INSERT INTO movement (id, lot, kind, quantity, other, serials, flags, person, at, recorded_at)
SELECT gen_random_uuid(), source, 'consumed', -25, target, '{}', '{}', 'P01', now(), now() FROM lot_edge
"""
SHIPMENTS = """
INSERT INTO movement (id, lot, kind, quantity, customer, reference, serials, flags, person, at, recorded_at)
SELECT gen_random_uuid(), code, 'shipped', -400, 'C' || row_number() OVER () % 40, 'D-1', '{}', '{}', 'P01', now(),
now() FROM lot WHERE item = $1
"""


async def fill_lot_history(url: str) -> int:
    """Fill it; how many consumptions there are."""
    connection = await asyncpg.connect(url, timeout=5, server_settings={"statement_timeout": "0"})
    try:
        for level, count in enumerate(LEVELS):
            await connection.execute(LOTS, level, count)
            if level:
                await connection.execute(EDGES, level, count, LEVELS[level - 1])
        await connection.execute(DRUM, len(LEVELS) - 1)
        await connection.execute(CONSUMPTIONS)
        await connection.execute(SHIPMENTS, f"LEVEL{len(LEVELS) - 1}")
        await connection.execute("ANALYZE lot, lot_edge, movement")
        return int(await connection.fetchval("SELECT count(*) FROM movement WHERE kind = 'consumed'"))
    finally:
        await connection.close()
