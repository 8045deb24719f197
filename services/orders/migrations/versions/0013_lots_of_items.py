"""items: serial numbers and how lots are numbered

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('item', sa.Column('serial_tracked', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('item', 'serial_tracked', server_default=None)
    op.add_column('item', sa.Column('lot_rule', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('item', 'lot_rule')
    op.drop_column('item', 'serial_tracked')
