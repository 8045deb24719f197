"""split and merged orders, change requests, history and reconciliation

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order', sa.Column('split_from', sa.Uuid(), nullable=True))
    op.add_column('work_order', sa.Column('changes_open', sa.Integer(), server_default='0', nullable=False))
    op.alter_column('work_order', 'changes_open', server_default=None)
    op.create_check_constraint(op.f('ck_work_order_changes_open'), 'work_order', 'changes_open >= 0')
    op.create_foreign_key(op.f('fk_work_order_split_from'), 'work_order', 'work_order', ['split_from'], ['id'])
    op.create_index(op.f('ix_work_order_split_from'), 'work_order', ['split_from'], unique=False)
    op.drop_constraint(op.f('uq_work_order_external_id'), 'work_order', type_='unique')
    op.create_index('uq_work_order_external_id', 'work_order', ['external_id'], unique=True, postgresql_where=sa.text('split_from IS NULL'))
    op.create_index('ix_work_order_external_id', 'work_order', ['external_id'], unique=False)
    op.add_column('work_order_operation', sa.Column('predecessors', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(
        "UPDATE work_order_operation AS o SET predecessors = CASE WHEN d.previous IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(d.previous) END"
        " FROM (SELECT work_order, op, lag(op) OVER (PARTITION BY work_order ORDER BY op) AS previous FROM work_order_operation) AS d"
        " WHERE d.work_order = o.work_order AND d.op = o.op"
    )
    op.alter_column('work_order_operation', 'predecessors', nullable=False)
    op.add_column('work_order_operation', sa.Column('ratio', sa.Numeric(), server_default='1', nullable=False))
    op.alter_column('work_order_operation', 'ratio', server_default=None)
    op.add_column('work_order_operation', sa.Column('skip', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('work_order_operation', 'skip', server_default=None)
    op.add_column('work_order', sa.Column('routing_revision', sa.Integer(), nullable=True))
    op.add_column('work_order', sa.Column('bom_revision', sa.Integer(), nullable=True))
    op.create_table('work_order_material',
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('component', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('unit', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('scrap_pct', sa.Numeric(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['work_order'], ['work_order.id'], name=op.f('fk_work_order_material_work_order')),
        sa.PrimaryKeyConstraint('work_order', 'component', name=op.f('pk_work_order_material'))
    )
    op.create_table('work_order_milestone',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('person', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('machine', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(['work_order'], ['work_order.id'], name=op.f('fk_work_order_milestone_work_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_work_order_milestone'))
    )
    op.create_index('ix_work_order_milestone_at', 'work_order_milestone', ['work_order', 'at'], unique=False)
    op.create_table('work_order_reconciliation',
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('person', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('report', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(['work_order'], ['work_order.id'], name=op.f('fk_work_order_reconciliation_work_order')),
        sa.PrimaryKeyConstraint('work_order', name=op.f('pk_work_order_reconciliation'))
    )
    op.create_table('change_request',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('origin', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('wanted', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('erp_order', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column('difference', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('done', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('decided_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'applied', 'refused')", name=op.f('ck_change_request_state')),
        sa.CheckConstraint("origin IN ('person', 'erp')", name=op.f('ck_change_request_origin')),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_change_request_decided')),
        sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_change_request_decided_by')),
        sa.CheckConstraint("(origin = 'erp') = (erp_order IS NOT NULL)", name=op.f('ck_change_request_erp_order')),
        sa.ForeignKeyConstraint(['work_order'], ['work_order.id'], name=op.f('fk_change_request_work_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request'))
    )
    op.create_index('ix_change_request_work_order', 'change_request', ['work_order', 'id'], unique=False)
    op.create_index('ix_change_request_open', 'change_request', ['id'], unique=False, postgresql_where=sa.text("state = 'proposed'"))
    op.create_index('uq_change_request_erp', 'change_request', ['work_order'], unique=True, postgresql_where=sa.text("state = 'proposed' AND origin = 'erp'"))


def downgrade() -> None:
    op.drop_table('change_request')
    op.drop_table('work_order_reconciliation')
    op.drop_table('work_order_milestone')
    op.drop_table('work_order_material')
    op.drop_column('work_order', 'bom_revision')
    op.drop_column('work_order', 'routing_revision')
    op.drop_column('work_order_operation', 'skip')
    op.drop_column('work_order_operation', 'ratio')
    op.drop_column('work_order_operation', 'predecessors')
    op.drop_index('ix_work_order_external_id', table_name='work_order')
    op.drop_index('uq_work_order_external_id', table_name='work_order')
    op.create_unique_constraint(op.f('uq_work_order_external_id'), 'work_order', ['external_id'])
    op.drop_column('work_order', 'changes_open')
    op.drop_column('work_order', 'split_from')
