"""Thousands of open orders, written into the orders database at once: what a busy shop has after a season."""

import asyncpg

ITEMS = """
INSERT INTO item (code, name, kind, unit, active, version, updated_at, supply, unit_conversions, lot_tracked,
serial_tracked)
SELECT code, jsonb_build_object('ko', ko, 'en', en), 'finished', 'EA', true, 1, now(), 'make', '[]', false, false FROM
(VALUES
  ('HB1001', '마운팅 브라켓', 'mounting bracket'), ('HB1002', '힌지 브라켓', 'hinge bracket'), ('HB2001', '보강 ASSY',
  'reinforcement assembly'),
  ('HB2002', '크로스멤버 ASSY', 'cross member assembly'), ('HB3001', '커버 플레이트', 'cover plate')) AS i (code, ko, en)
ON CONFLICT DO NOTHING
"""
ORDERS = """
INSERT INTO work_order (id, number, item, quantity, due_at, priority, state, held_from, reason, customer, sales_order,
created_at, released_at, started_at, version, changes_open)
SELECT gen_random_uuid(), 'B-' || lpad(n::text, 5, '0'), (ARRAY['HB1001', 'HB1002', 'HB2001', 'HB2002', 'HB3001'])[1 + n
% 5], 100 * (1 + n % 40),
  now() + make_interval(mins => (n * 7919) % 43200 - 1440), (ARRAY[10, 50, 50, 50, 90])[1 + n % 5], s.state,
  CASE s.state WHEN 'on_hold' THEN 'released' END, CASE s.state WHEN 'on_hold' THEN '초품 불합격' END,
  (ARRAY['한미', '대성오토텍', '㈜금강모터스', '서연', 'Seoyon E-Hwa'])[1 + (n / 5) % 5], 'SO-' || (7000 + n / 3), now() -
  interval '9 days',
  CASE WHEN s.state NOT IN ('draft', 'planned') THEN now() - interval '2 days' END, CASE s.state WHEN 'in_progress' THEN
  now() - interval '1 day' END, 1, 0
FROM generate_series($1::int, $2::int) AS n,
LATERAL (SELECT (ARRAY['draft', 'planned', 'released', 'released', 'released',
'in_progress', 'in_progress', 'in_progress', 'on_hold', 'released'])[1 + (n * 31) % 10] AS state) AS s
"""
OPERATIONS = """
INSERT INTO work_order_operation (work_order, op, name, work_center, machine, planned, state, good, scrap, rework,
predecessors, ratio, skip, setup_s, piece_s)
SELECT o.id, op * 10, jsonb_build_object('ko', '공정 ' || op, 'en', 'operation ' || op), NULL, 'PR' || (100 + op * 10),
o.quantity, 'waiting',
  CASE o.state WHEN 'in_progress' THEN trunc(o.quantity / op) ELSE 0 END, CASE o.state WHEN 'in_progress' THEN op % 3
  ELSE 0 END, 0, '[]', 1, false, 1200, op
FROM work_order AS o, LATERAL generate_series(1, CASE WHEN o.item LIKE 'HB2%' THEN 6 ELSE 2 END) AS op
WHERE o.number LIKE 'B-%' AND o.state NOT IN ('draft', 'planned')
  AND substr(o.number, 3)::int BETWEEN $1::int AND $2::int
"""


async def fill_order_book(database_url: str, orders: int, first: int = 1) -> None:
    """Write the open orders number ``first`` to ``orders`` of five items, in all open states, some late."""
    connection = await asyncpg.connect(database_url, timeout=5)
    try:
        await connection.execute(ITEMS)
        await connection.execute(ORDERS, first, orders)
        await connection.execute(OPERATIONS, first, orders)
        await connection.execute("ANALYZE work_order, work_order_operation, item")
    finally:
        await connection.close()
