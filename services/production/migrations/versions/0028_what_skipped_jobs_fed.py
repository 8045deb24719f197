"""the operations that skipped ones have fed: pieces that are reported there all the same go on

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'job_bypass',
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('predecessor', sa.Uuid(), nullable=False),
        sa.Column('ratio', sa.Numeric(), nullable=False),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_bypass_job_job')),
        sa.ForeignKeyConstraint(['predecessor'], ['job.id'], name=op.f('fk_job_bypass_predecessor_job')),
        sa.PrimaryKeyConstraint('job', 'predecessor', name=op.f('pk_job_bypass')),
    )
    op.create_index('ix_job_bypass_predecessor', 'job_bypass', ['predecessor'])


def downgrade() -> None:
    op.drop_table('job_bypass')
