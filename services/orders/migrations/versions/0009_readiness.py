"""readiness: code rules, measured runs, recorded days, and rows of files that did not come in

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('code_rule',
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('rule', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('kind', name=op.f('pk_code_rule'))
    )
    op.create_table('measured_run',
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('item', sa.String(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=False),
        sa.Column('machine', sa.String(), nullable=True),
        sa.Column('running_since', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('seconds', sa.Numeric(), nullable=False),
        sa.Column('pieces', sa.Numeric(), nullable=False),
        sa.Column('finished_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint('seconds >= 0', name=op.f('ck_measured_run_seconds')),
        sa.PrimaryKeyConstraint('job', name=op.f('pk_measured_run'))
    )
    op.create_index('ix_measured_run_operation', 'measured_run', ['item', 'op', 'finished_at'], unique=False)
    op.create_table('recorded_day',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('results', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('business_date', name=op.f('pk_recorded_day'))
    )
    op.create_table('rejected_row',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('file', sa.String(), nullable=False),
        sa.Column('row', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('errors', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rejected_row'))
    )
    op.create_index('ix_rejected_row_file', 'rejected_row', ['kind', 'file'], unique=False)


def downgrade() -> None:
    op.drop_table('rejected_row')
    op.drop_table('recorded_day')
    op.drop_table('measured_run')
    op.drop_table('code_rule')
