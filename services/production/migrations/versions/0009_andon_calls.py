"""calls for help from the machines

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
    op.create_table('andon_call',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('machine', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('recorded_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('acknowledged_by', sa.String(), nullable=True),
        sa.Column('acknowledged_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('resolved_by', sa.String(), nullable=True),
        sa.Column('resolved_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('resolution', sa.String(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('material', 'maintenance', 'quality', 'supervisor')", name=op.f('ck_andon_call_kind')),
        sa.CheckConstraint("state IN ('open', 'acknowledged', 'resolved')", name=op.f('ck_andon_call_state')),
        sa.CheckConstraint('(acknowledged_at IS NULL) = (acknowledged_by IS NULL)', name=op.f('ck_andon_call_acknowledged')),
        sa.CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name=op.f('ck_andon_call_resolved_at')),
        sa.CheckConstraint('(resolved_at IS NULL) = (resolved_by IS NULL)', name=op.f('ck_andon_call_resolved_by')),
        sa.ForeignKeyConstraint(['machine'], ['machine.code'], name=op.f('fk_andon_call_machine')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_andon_call'))
    )
    op.create_index('uq_andon_call_open', 'andon_call', ['machine', 'kind'], unique=True, postgresql_where=sa.text("state <> 'resolved'"))


def downgrade() -> None:
    op.drop_table('andon_call')
