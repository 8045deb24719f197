"""items: serial numbers and how lots are numbered; told again, for those who keep what lots need

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

TELL_AGAIN = """
WITH changed AS (UPDATE item SET version = version + 1 RETURNING *)
INSERT INTO outbox (id, type, aggregate, version, time, body)
SELECT gen_random_uuid(), 'orders.item.defined.v1', 'item/' || code, version, now(), json_build_object(
  'code', code, 'name', name, 'kind', kind, 'unit', unit, 'box_quantity', trim_scale(box_quantity)::text, 'active', active,
  'lot_tracked', lot_tracked, 'serial_tracked', serial_tracked, 'shelf_life_d', shelf_life_d, 'lot_rule', lot_rule, 'picture', picture)
FROM changed ORDER BY code
"""
"""Whether an item is tracked by lot was known before, and told to nobody."""


def upgrade() -> None:
    op.add_column('item', sa.Column('serial_tracked', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('item', 'serial_tracked', server_default=None)
    op.add_column('item', sa.Column('lot_rule', sa.String(), nullable=True))
    op.execute(TELL_AGAIN)


def downgrade() -> None:
    op.drop_column('item', 'lot_rule')
    op.drop_column('item', 'serial_tracked')
