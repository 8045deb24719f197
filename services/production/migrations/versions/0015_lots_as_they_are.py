"""lots as they are: what they served, when they could be used, where their numbered pieces went, what they lost

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

KINDS = "'received', 'produced', 'consumed', 'drawn', 'split', 'merged', 'shipped', 'counted'"
STATES = "'in_stock', 'consumed', 'shipped', 'void'"


def upgrade() -> None:
    op.create_table(
        'job_shortage',
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('line', sa.String(), nullable=False),
        sa.Column('items', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('pieces', sa.Numeric(), nullable=False),
        sa.CheckConstraint('pieces > 0', name=op.f('ck_job_shortage_pieces')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_shortage_job')),
        sa.PrimaryKeyConstraint('job', 'line', name=op.f('pk_job_shortage')),
    )
    op.add_column('job_supply', sa.Column('spared', sa.Numeric(), nullable=False, server_default='0'))
    op.drop_constraint(op.f('pk_job_supply'), 'job_supply')
    op.create_primary_key(op.f('pk_job_supply'), 'job_supply', ['job', 'lot', 'line'])
    _check('job_supply', 'amounts', 'scanned >= 0 AND drawn >= 0 AND spared >= 0')
    op.create_index('ix_job_supply_lot', 'job_supply', ['lot'])
    now = sa.text('now()')
    moment = postgresql.TIMESTAMP(timezone=True)
    op.add_column('lot', sa.Column('available_from', moment, nullable=False, server_default=now))
    op.execute('UPDATE lot SET available_from = created_at')
    op.drop_index('ix_lot_supplier_lot', table_name='lot')
    op.drop_index('ix_lot_item', table_name='lot')
    op.create_index('ix_lot_item', 'lot', ['item', 'created_at', 'code'])
    op.create_index('ix_lot_between', 'lot', ['number', 'op'], postgresql_where=sa.text('op IS NOT NULL'))
    op.create_index('ix_lot_code_lower', 'lot', [sa.text('lower(code)')])
    in_stock = sa.text('op IS NULL AND remaining > 0')
    op.create_index('ix_lot_stock', 'lot', ['item', 'expires_on', 'available_from'], postgresql_where=in_stock)
    has_one = sa.text('supplier_lot IS NOT NULL')
    op.create_index('ix_lot_supplier_lot_lower', 'lot', [sa.text('lower(supplier_lot)')], postgresql_where=has_one)
    op.add_column('movement', sa.Column('line', sa.String(), nullable=True))
    _check('movement', 'kind', f"kind IN ({KINDS}, 'recovered')")
    op.add_column('serial', sa.Column('job', sa.Uuid(), nullable=True))
    op.add_column('serial', sa.Column('assumed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('serial', 'result', nullable=True)
    _check('serial', 'state', f"state IN ({STATES}, 'missing')")
    op.create_check_constraint(op.f('ck_serial_consumed'), 'serial', "job IS NULL OR state = 'consumed'")
    op.create_index('ix_serial_code_lower', 'serial', [sa.text('lower(code)')])
    op.create_foreign_key(op.f('fk_serial_job'), 'serial', 'job', ['job'], ['id'])


def downgrade() -> None:
    op.drop_constraint(op.f('fk_serial_job'), 'serial', type_='foreignkey')
    op.drop_index('ix_serial_code_lower', table_name='serial')
    op.drop_constraint(op.f('ck_serial_consumed'), 'serial', type_='check')
    _check('serial', 'state', f'state IN ({STATES})')
    op.alter_column('serial', 'result', nullable=False)
    op.drop_column('serial', 'assumed')
    op.drop_column('serial', 'job')
    _check('movement', 'kind', f'kind IN ({KINDS})')
    op.drop_column('movement', 'line')
    op.drop_index('ix_lot_supplier_lot_lower', table_name='lot')
    op.drop_index('ix_lot_stock', table_name='lot')
    op.drop_index('ix_lot_code_lower', table_name='lot')
    op.drop_index('ix_lot_between', table_name='lot')
    op.drop_index('ix_lot_item', table_name='lot')
    op.create_index('ix_lot_item', 'lot', ['item', 'expires_on', 'created_at', 'code'])
    has_one = sa.text('supplier_lot IS NOT NULL')
    op.create_index('ix_lot_supplier_lot', 'lot', ['supplier_lot'], postgresql_where=has_one)
    op.drop_column('lot', 'available_from')
    op.drop_index('ix_job_supply_lot', table_name='job_supply')
    _check('job_supply', 'amounts', 'scanned >= 0 AND drawn >= 0')
    op.drop_constraint(op.f('pk_job_supply'), 'job_supply')
    op.create_primary_key(op.f('pk_job_supply'), 'job_supply', ['job', 'lot'])
    op.drop_column('job_supply', 'spared')
    op.drop_table('job_shortage')


def _check(table: str, name: str, condition: str) -> None:
    """The constraint is this condition from now on."""
    op.drop_constraint(op.f(f'ck_{table}_{name}'), table, type_='check')
    op.create_check_constraint(op.f(f'ck_{table}_{name}'), table, condition)
