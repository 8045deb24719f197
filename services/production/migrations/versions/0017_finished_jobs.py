"""jobs by the time of their finish, and the device's time of it, for who takes one up again

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('job', sa.Column('finish_made_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.create_index(
        'ix_job_finished', 'job', ['finished_at'], unique=False, postgresql_where=sa.text('finished_at IS NOT NULL')
    )


def downgrade() -> None:
    op.drop_index('ix_job_finished', table_name='job')
    op.drop_column('job', 'finish_made_at')
