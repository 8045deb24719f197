"""pieces of an operation that are with its subcontractor

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order_operation', sa.Column('sent', sa.Numeric(), server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('work_order_operation', 'sent')
