"""units of measure, what items convert, and the decimals of jobs' quantities; flags of what was made without an order

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import create_unit_copies

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_unit_copies()
    op.add_column('item', sa.Column('unit_conversions', postgresql.JSONB(), server_default='[]', nullable=False))
    op.add_column('job', sa.Column('decimals', sa.Integer(), nullable=True))
    # numbered pieces are whole; before a ratio there are other pieces than the item's, in whatever unit
    op.execute(
        'UPDATE job SET decimals = 0 FROM item WHERE item.code = job.item AND item.serial_tracked'
    )
    op.execute(
        'WITH RECURSIVE other (job) AS (SELECT predecessor FROM job_predecessor WHERE ratio <> 1'
        ' UNION SELECT p.predecessor FROM job_predecessor p JOIN other ON other.job = p.job)'
        ' UPDATE job SET decimals = 6 FROM other WHERE other.job = job.id'
    )


def downgrade() -> None:
    op.drop_column('job', 'decimals')
    op.drop_column('item', 'unit_conversions')
    op.drop_table('unit')
