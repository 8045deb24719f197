"""what an operation was released by: standard times, tools

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order_operation', sa.Column('tool', sa.String(), nullable=True))
    op.add_column('work_order_operation', sa.Column('lead_time_d', sa.Numeric(), nullable=True))
    for name in ('setup_s', 'piece_s'):
        op.add_column('work_order_operation', sa.Column(name, sa.Numeric(), server_default='0', nullable=False))
        op.alter_column('work_order_operation', name, server_default=None)


def downgrade() -> None:
    for name in ('piece_s', 'setup_s', 'lead_time_d', 'tool'):
        op.drop_column('work_order_operation', name)
