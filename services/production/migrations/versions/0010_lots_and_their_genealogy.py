"""items, lots, their movements and their genealogy

Revision ID: 0010
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('item',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('box_quantity', sa.Numeric(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('lot_tracked', sa.Boolean(), nullable=False),
    sa.Column('serial_tracked', sa.Boolean(), nullable=False),
    sa.Column('shelf_life_d', sa.Integer(), nullable=True),
    sa.Column('lot_rule', sa.String(), nullable=True),
    sa.Column('picture', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_item'))
    )
    op.create_table('lot_number',
    sa.Column('prefix', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefix', name=op.f('pk_lot_number'))
    )
    op.create_table('lot',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('came_in', sa.Numeric(), nullable=False),
    sa.Column('remaining', sa.Numeric(), nullable=False),
    sa.Column('op', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('machine', sa.String(), nullable=True),
    sa.Column('job', sa.Uuid(), nullable=True),
    sa.Column('business_date', sa.Date(), nullable=True),
    sa.Column('shift', sa.String(), nullable=True),
    sa.Column('supplier_lot', sa.String(), nullable=True),
    sa.Column('supplier', sa.String(), nullable=True),
    sa.Column('produced_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('location', sa.String(), nullable=True),
    sa.Column('hold_reason', sa.String(), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.CheckConstraint("origin IN ('received', 'produced', 'split', 'merged', 'unreceived')", name=op.f('ck_lot_origin')),
    sa.CheckConstraint('job IS NULL OR business_date IS NOT NULL', name=op.f('ck_lot_job')),
    sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_lot_job')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_lot'))
    )
    op.create_index('ix_lot_item', 'lot', ['item', 'expires_on', 'created_at', 'code'], unique=False)
    op.create_index('ix_lot_newest', 'lot', [sa.literal_column('created_at DESC'), sa.literal_column('code DESC')], unique=False, postgresql_where=sa.text('op IS NULL'))
    op.create_index('ix_lot_supplier_lot', 'lot', ['supplier_lot'], unique=False, postgresql_where=sa.text('supplier_lot IS NOT NULL'))
    op.create_index('uq_lot_job_shift', 'lot', ['job', 'business_date', sa.literal_column("coalesce(shift, '')")], unique=True, postgresql_where=sa.text('job IS NOT NULL'))
    op.create_table('job_output',
    sa.Column('job', sa.Uuid(), nullable=False),
    sa.Column('lot', sa.String(), nullable=False),
    sa.Column('pieces', sa.Numeric(), nullable=False),
    sa.Column('reworked', sa.Numeric(), nullable=False),
    sa.Column('since', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('until', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.CheckConstraint('pieces >= 0 AND reworked >= 0', name=op.f('ck_job_output_amounts')),
    sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_output_job')),
    sa.ForeignKeyConstraint(['lot'], ['lot.code'], name=op.f('fk_job_output_lot')),
    sa.PrimaryKeyConstraint('job', 'lot', name=op.f('pk_job_output'))
    )
    op.create_index('ix_job_output_lot', 'job_output', ['lot'], unique=False)
    op.create_table('job_supply',
    sa.Column('job', sa.Uuid(), nullable=False),
    sa.Column('lot', sa.String(), nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('scanned', sa.Numeric(), nullable=False),
    sa.Column('drawn', sa.Numeric(), nullable=False),
    sa.Column('since', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.CheckConstraint('scanned >= 0 AND drawn >= 0', name=op.f('ck_job_supply_amounts')),
    sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_supply_job')),
    sa.ForeignKeyConstraint(['lot'], ['lot.code'], name=op.f('fk_job_supply_lot')),
    sa.PrimaryKeyConstraint('job', 'lot', name=op.f('pk_job_supply'))
    )
    op.create_table('lot_edge',
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('via', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('quantity', sa.Numeric(), nullable=False),
    sa.CheckConstraint("kind IN ('made', 'split', 'merged')", name=op.f('ck_lot_edge_kind')),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_lot_edge_quantity')),
    sa.CheckConstraint('source <> target', name=op.f('ck_lot_edge_loop')),
    sa.ForeignKeyConstraint(['source'], ['lot.code'], name=op.f('fk_lot_edge_source')),
    sa.ForeignKeyConstraint(['target'], ['lot.code'], name=op.f('fk_lot_edge_target')),
    sa.PrimaryKeyConstraint('source', 'target', 'via', name=op.f('pk_lot_edge'))
    )
    op.create_index('ix_lot_edge_target', 'lot_edge', ['target', 'source'], unique=False)
    op.create_index('ix_lot_edge_via', 'lot_edge', ['via'], unique=False)
    op.create_table('movement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lot', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('quantity', sa.Numeric(), nullable=False),
    sa.Column('pieces', sa.Numeric(), nullable=True),
    sa.Column('other', sa.String(), nullable=True),
    sa.Column('job', sa.Uuid(), nullable=True),
    sa.Column('result', sa.Uuid(), nullable=True),
    sa.Column('customer', sa.String(), nullable=True),
    sa.Column('reference', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('scanned', sa.String(), nullable=True),
    sa.Column('serials', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('flags', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=True),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('recorded_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(kind = 'produced') = (pieces IS NOT NULL)", name=op.f('ck_movement_pieces')),
    sa.CheckConstraint("(kind = 'shipped') = (customer IS NOT NULL)", name=op.f('ck_movement_customer')),
    sa.CheckConstraint("kind IN ('received', 'produced', 'consumed', 'drawn', 'split', 'merged', 'shipped', 'counted')", name=op.f('ck_movement_kind')),
    sa.CheckConstraint("quantity <> 0 OR kind IN ('counted', 'produced')", name=op.f('ck_movement_something')),
    sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_movement_job')),
    sa.ForeignKeyConstraint(['lot'], ['lot.code'], name=op.f('fk_movement_lot')),
    sa.ForeignKeyConstraint(['reverses'], ['movement.id'], name=op.f('fk_movement_reverses')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement')),
    sa.UniqueConstraint('reverses', name=op.f('uq_movement_reverses'))
    )
    op.create_index('ix_movement_flagged', 'movement', ['id'], unique=False, postgresql_where=sa.text("flags <> '{}'"))
    op.create_index('ix_movement_job', 'movement', ['job', 'id'], unique=False, postgresql_where=sa.text('job IS NOT NULL'))
    op.create_index('ix_movement_lot', 'movement', ['lot', 'id'], unique=False)
    op.create_index('ix_movement_result', 'movement', ['result'], unique=False, postgresql_where=sa.text('result IS NOT NULL'))
    op.create_table('serial',
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('lot', sa.String(), nullable=False),
    sa.Column('result', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.CheckConstraint("state IN ('in_stock', 'consumed', 'shipped', 'void')", name=op.f('ck_serial_state')),
    sa.ForeignKeyConstraint(['lot'], ['lot.code'], name=op.f('fk_serial_lot')),
    sa.PrimaryKeyConstraint('item', 'code', name=op.f('pk_serial'))
    )
    op.create_index('ix_serial_lot', 'serial', ['lot', 'code'], unique=False)
    op.create_index('ix_serial_result', 'serial', ['result'], unique=False)
    op.add_column('job', sa.Column('traced', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column('job', 'traced', server_default=None)


def downgrade() -> None:
    op.drop_column('job', 'traced')
    op.drop_index('ix_serial_result', table_name='serial')
    op.drop_index('ix_serial_lot', table_name='serial')
    op.drop_table('serial')
    op.drop_index('ix_movement_result', table_name='movement', postgresql_where=sa.text('result IS NOT NULL'))
    op.drop_index('ix_movement_lot', table_name='movement')
    op.drop_index('ix_movement_job', table_name='movement', postgresql_where=sa.text('job IS NOT NULL'))
    op.drop_index('ix_movement_flagged', table_name='movement', postgresql_where=sa.text("flags <> '{}'"))
    op.drop_table('movement')
    op.drop_index('ix_lot_edge_via', table_name='lot_edge')
    op.drop_index('ix_lot_edge_target', table_name='lot_edge')
    op.drop_table('lot_edge')
    op.drop_table('job_supply')
    op.drop_index('ix_job_output_lot', table_name='job_output')
    op.drop_table('job_output')
    op.drop_index('uq_lot_job_shift', table_name='lot', postgresql_where=sa.text('job IS NOT NULL'))
    op.drop_index('ix_lot_supplier_lot', table_name='lot', postgresql_where=sa.text('supplier_lot IS NOT NULL'))
    op.drop_index('ix_lot_newest', table_name='lot', postgresql_where=sa.text('op IS NULL'))
    op.drop_index('ix_lot_item', table_name='lot')
    op.drop_table('lot')
    op.drop_table('lot_number')
    op.drop_table('item')
