"""pieces made without an order, and what one shift tells the next

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unassigned',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('machine', sa.String(), nullable=False),
        sa.Column('item', sa.String(), nullable=True),
        sa.Column('good', sa.Numeric(), nullable=False),
        sa.Column('scrap', sa.Numeric(), nullable=False),
        sa.Column('scrap_by_defect', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('note', sa.String(), nullable=True),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('recorded_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('shift', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=True),
        sa.Column('result', sa.Uuid(), nullable=True),
        sa.Column('resolved_by', sa.String(), nullable=True),
        sa.Column('resolved_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'assigned', 'dismissed')", name=op.f('ck_unassigned_state')),
        sa.CheckConstraint('good > 0 OR scrap > 0', name=op.f('ck_unassigned_something')),
        sa.CheckConstraint("(state = 'assigned') = (result IS NOT NULL AND job IS NOT NULL)", name=op.f('ck_unassigned_assigned')),
        sa.CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name=op.f('ck_unassigned_resolved_at')),
        sa.CheckConstraint('(resolved_at IS NULL) = (resolved_by IS NULL)', name=op.f('ck_unassigned_resolved_by')),
        sa.CheckConstraint("state <> 'dismissed' OR reason IS NOT NULL", name=op.f('ck_unassigned_reason')),
        sa.ForeignKeyConstraint(['machine'], ['machine.code'], name=op.f('fk_unassigned_machine')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_unassigned_job')),
        sa.ForeignKeyConstraint(['result'], ['result.id'], name=op.f('fk_unassigned_result')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unassigned')),
        sa.UniqueConstraint('result', name=op.f('uq_unassigned_result'))
    )
    op.create_index('ix_unassigned_open', 'unassigned', ['id'], postgresql_where=sa.text("state = 'open'"))
    op.create_table('handover',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('machine', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('recorded_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('shift', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['machine'], ['machine.code'], name=op.f('fk_handover_machine')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    op.create_index('ix_handover_machine', 'handover', ['machine', 'at', 'id'])
    op.create_table('handover_reader',
        sa.Column('handover', sa.Uuid(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['handover'], ['handover.id'], name=op.f('fk_handover_reader_handover')),
        sa.PrimaryKeyConstraint('handover', 'person', name=op.f('pk_handover_reader'))
    )


def downgrade() -> None:
    op.drop_table('handover_reader')
    op.drop_table('handover')
    op.drop_table('unassigned')
