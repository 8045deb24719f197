"""pieces that reports have sent back through operations which had not reported them yet

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'return_due',
        sa.Column('result', sa.Uuid(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('pieces', sa.Numeric(), nullable=False),
        sa.CheckConstraint('pieces > 0', name=op.f('ck_return_due_pieces')),
        sa.ForeignKeyConstraint(['result'], ['result.id'], name=op.f('fk_return_due_result_result')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_return_due_job_job')),
        sa.PrimaryKeyConstraint('result', 'job', name=op.f('pk_return_due')),
    )
    op.create_index('ix_return_due_job', 'return_due', ['job', 'result'])
    op.add_column('job', sa.Column('returns_due', sa.Numeric(), server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('job', 'returns_due')
    op.drop_table('return_due')
