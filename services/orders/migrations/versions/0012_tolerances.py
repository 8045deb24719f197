"""tolerances of an order's own

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order', sa.Column('over_tolerance_pct', sa.Numeric(), nullable=True))
    op.add_column('work_order', sa.Column('under_tolerance_pct', sa.Numeric(), nullable=True))


def downgrade() -> None:
    op.drop_column('work_order', 'under_tolerance_pct')
    op.drop_column('work_order', 'over_tolerance_pct')
