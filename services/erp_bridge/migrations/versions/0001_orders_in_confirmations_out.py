"""orders in, confirmations out

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import create_plumbing, drop_plumbing

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table('confirmation',
        sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('good', sa.Numeric(), nullable=False),
        sa.Column('scrap', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('rework', sa.Numeric(), nullable=False),
        sa.Column('started_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('finished_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('final', sa.Boolean(), nullable=False),
        sa.Column('total_good', sa.Numeric(), nullable=False),
        sa.Column('total_scrap', sa.Numeric(), nullable=False),
        sa.Column('total_rework', sa.Numeric(), nullable=False),
        sa.Column('recorded_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("NOT final OR (good = 0 AND rework = 0 AND scrap = '[]')", name=op.f('ck_confirmation_final')),
        sa.CheckConstraint('position > 0', name=op.f('ck_confirmation_position')),
        sa.PrimaryKeyConstraint('position', name=op.f('pk_confirmation')),
        sa.UniqueConstraint('id', name=op.f('uq_confirmation_id'))
    )
    op.create_index('uq_confirmation_final', 'confirmation', ['job'], unique=True, postgresql_where=sa.text('final'))
    op.create_table('erp_order',
        sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('due_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('priority', sa.Integer(), nullable=False),
        sa.Column('customer', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('sales_order', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('work_order', sa.Uuid(), nullable=True),
        sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('work_order_state', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('received_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("source IN ('http', 'file')", name=op.f('ck_erp_order_source')),
        sa.CheckConstraint("state <> 'accepted' OR work_order IS NOT NULL", name=op.f('ck_erp_order_accepted')),
        sa.CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name=op.f('ck_erp_order_refused')),
        sa.CheckConstraint("state IN ('received', 'accepted', 'refused')", name=op.f('ck_erp_order_state')),
        sa.CheckConstraint('(work_order IS NULL) = (number IS NULL)', name=op.f('ck_erp_order_work_order')),
        sa.CheckConstraint('(work_order IS NULL) = (work_order_state IS NULL)', name=op.f('ck_erp_order_work_order_state')),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_erp_order_quantity')),
        sa.PrimaryKeyConstraint('external_id', name=op.f('pk_erp_order'))
    )
    op.create_index('ix_erp_order_received', 'erp_order', ['received_at', 'external_id'], unique=False)
    op.create_table('known_item',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_known_item'))
    )
    op.create_table('ledger',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('last', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_ledger_single')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger'))
    )
    op.create_table('webhook',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('url', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('events', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('removed_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('rests_until', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('delivered', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('failures >= 0 AND delivered >= 0', name=op.f('ck_webhook_counts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook'))
    )
    op.create_table('delivery',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('webhook', sa.Uuid(), nullable=False),
        sa.Column('position', sa.BigInteger(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('first_attempt_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('next_attempt_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('last_error', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('delivered_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name=op.f('ck_delivery_delivered')),
        sa.CheckConstraint("state <> 'parked' OR last_error IS NOT NULL", name=op.f('ck_delivery_parked')),
        sa.CheckConstraint("state = 'pending' OR next_attempt_at IS NULL", name=op.f('ck_delivery_next_attempt')),
        sa.CheckConstraint("state IN ('pending', 'delivered', 'parked')", name=op.f('ck_delivery_state')),
        sa.CheckConstraint('(attempts = 0) = (first_attempt_at IS NULL)', name=op.f('ck_delivery_first_attempt')),
        sa.ForeignKeyConstraint(['position'], ['confirmation.position'], name=op.f('fk_delivery_position')),
        sa.ForeignKeyConstraint(['webhook'], ['webhook.id'], name=op.f('fk_delivery_webhook')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
        sa.UniqueConstraint('webhook', 'position', name=op.f('uq_delivery_webhook'))
    )
    op.create_index('ix_delivery_parked', 'delivery', ['position'], unique=False, postgresql_where=sa.text("state = 'parked'"))
    op.create_index('ix_delivery_pending', 'delivery', ['webhook', 'position'], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_index('ix_delivery_position', 'delivery', ['position', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_delivery_position', table_name='delivery')
    op.drop_index('ix_delivery_pending', table_name='delivery', postgresql_where=sa.text("state = 'pending'"))
    op.drop_index('ix_delivery_parked', table_name='delivery', postgresql_where=sa.text("state = 'parked'"))
    op.drop_table('delivery')
    op.drop_table('webhook')
    op.drop_table('ledger')
    op.drop_table('known_item')
    op.drop_index('ix_erp_order_received', table_name='erp_order')
    op.drop_table('erp_order')
    op.drop_index('uq_confirmation_final', table_name='confirmation', postgresql_where=sa.text('final'))
    op.drop_table('confirmation')
    drop_plumbing()
