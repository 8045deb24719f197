"""what a tablet could not do waits for a leader, and flagged results for somebody who looks at them

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('command', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('person', sa.String(), nullable=True),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('sent_by', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('received_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('problem', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('machine', sa.String(), nullable=True),
        sa.Column('job', sa.Uuid(), nullable=True),
        sa.Column('resolution', sa.String(), nullable=True),
        sa.Column('resolved_by', sa.String(), nullable=True),
        sa.Column('resolved_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('done_body', postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=True),
        sa.Column('outcome', postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("resolution IN ('accepted', 'corrected', 'assigned', 'dismissed')", name=op.f('ck_review_resolution')),
        sa.CheckConstraint('(resolution IS NULL) = (resolved_at IS NULL)', name=op.f('ck_review_resolved_at')),
        sa.CheckConstraint('(resolution IS NULL) = (resolved_by IS NULL)', name=op.f('ck_review_resolved_by')),
        sa.CheckConstraint("resolution IS NULL OR resolution = 'accepted' OR reason IS NOT NULL", name=op.f('ck_review_reason')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_review_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
        sa.UniqueConstraint('command', name=op.f('uq_review_command'))
    )
    op.create_index('ix_review_open', 'review', ['id'], postgresql_where=sa.text('resolution IS NULL'))
    op.create_index('ix_review_machine', 'review', ['machine', 'id'])
    op.create_table('result_acknowledgement',
        sa.Column('result', sa.Uuid(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['result'], ['result.id'], name=op.f('fk_result_acknowledgement_result')),
        sa.PrimaryKeyConstraint('result', name=op.f('pk_result_acknowledgement'))
    )
    op.create_index('ix_result_flagged', 'result', ['id'], postgresql_where=sa.text("flags <> '{}'"))


def downgrade() -> None:
    op.drop_index('ix_result_flagged', 'result')
    op.drop_table('result_acknowledgement')
    op.drop_table('review')
