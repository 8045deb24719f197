"""products: BOMs, routings in revisions, tools, areas, skills, calendars

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

STRING = sqlmodel.sql.sqltypes.AutoString
JSONB = postgresql.JSONB(astext_type=sa.Text())
INSTANT = postgresql.TIMESTAMP(timezone=True)


def definition(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(name,
        sa.Column('code', STRING(length=60), nullable=False),
        sa.Column('name', JSONB, nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', INSTANT, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint('code', name=op.f(f'pk_{name}'))
    )


def document(name: str) -> None:
    op.create_table(f'{name}_revision',
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('effective_from', sa.Date(), nullable=False),
        sa.Column('effective_to', sa.Date(), nullable=True),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.Column('item', STRING(), nullable=False),
        sa.CheckConstraint('effective_to >= effective_from - 1', name=op.f(f'ck_{name}_revision_in_order')),
        sa.ForeignKeyConstraint(['item'], [f'{name}.item'], name=op.f(f'fk_{name}_revision_item')),
        sa.PrimaryKeyConstraint('revision', 'item', name=op.f(f'pk_{name}_revision'))
    )


def upgrade() -> None:
    definition('area')
    definition('skill')
    definition('calendar',
        sa.Column('days_off', JSONB, nullable=False),
        sa.Column('overtime', JSONB, nullable=False),
    )
    definition('tool',
        sa.Column('kind', STRING(), nullable=False),
        sa.Column('cavities', sa.Integer(), nullable=False),
        sa.Column('life_shots', sa.Integer(), nullable=True),
        sa.Column('maintenance_shots', sa.Integer(), nullable=True),
        sa.Column('shots', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('die', 'mould', 'jig', 'gauge', 'other')", name=op.f('ck_tool_kind')),
        sa.CheckConstraint('cavities > 0 AND life_shots > 0 AND maintenance_shots > 0 AND shots >= 0', name=op.f('ck_tool_positive')),
    )
    op.create_table('person_skills',
        sa.Column('person', STRING(length=60), nullable=False),
        sa.Column('skills', JSONB, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', INSTANT, nullable=False),
        sa.PrimaryKeyConstraint('person', name=op.f('pk_person_skills'))
    )
    op.add_column('work_center', sa.Column('area', STRING(), nullable=True))
    op.create_foreign_key(op.f('fk_work_center_area'), 'work_center', 'area', ['area'], ['code'])

    op.add_column('item', sa.Column('supply', STRING(), nullable=True))
    op.execute("UPDATE item SET supply = CASE WHEN kind IN ('semi', 'finished') THEN 'make' ELSE 'buy' END")
    op.alter_column('item', 'supply', nullable=False)
    op.add_column('item', sa.Column('unit_conversions', JSONB, nullable=False, server_default='[]'))
    op.alter_column('item', 'unit_conversions', server_default=None)
    op.add_column('item', sa.Column('lot_tracked', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('item', 'lot_tracked', server_default=None)
    op.add_column('item', sa.Column('shelf_life_d', sa.Integer(), nullable=True))
    op.add_column('item', sa.Column('lot_size', JSONB, nullable=True))
    op.add_column('item', sa.Column('picture', sa.Uuid(), nullable=True))
    op.add_column('item', sa.Column('note', STRING(), nullable=True))
    op.create_check_constraint(op.f('ck_item_supply'), 'item', "supply IN ('make', 'buy')")
    op.create_check_constraint(op.f('ck_item_shelf_life'), 'item', 'shelf_life_d > 0')

    op.create_table('bom',
        sa.Column('item', STRING(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['item'], ['item.code'], name=op.f('fk_bom_item')),
        sa.PrimaryKeyConstraint('item', name=op.f('pk_bom'))
    )
    document('bom')
    op.create_table('bom_line',
        sa.Column('item', STRING(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('component', STRING(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('scrap_pct', sa.Numeric(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=True),
        sa.Column('alternates', JSONB, nullable=False),
        sa.CheckConstraint('quantity > 0 AND scrap_pct >= 0', name=op.f('ck_bom_line_positive')),
        sa.ForeignKeyConstraint(['component'], ['item.code'], name=op.f('fk_bom_line_component')),
        sa.ForeignKeyConstraint(['item', 'revision'], ['bom_revision.item', 'bom_revision.revision'], name=op.f('fk_bom_line_item')),
        sa.PrimaryKeyConstraint('item', 'revision', 'place', name=op.f('pk_bom_line'))
    )
    op.create_index('ix_bom_line_component', 'bom_line', ['component'], unique=False)

    document('routing')
    op.execute(
        "INSERT INTO routing_revision (item, revision, effective_from, created_at)"
        " SELECT item, 1, (updated_at AT TIME ZONE 'UTC')::date, updated_at FROM routing"
    )
    op.add_column('routing_operation', sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
    op.alter_column('routing_operation', 'revision', server_default=None)
    op.drop_constraint('fk_routing_operation_item', 'routing_operation', type_='foreignkey')
    op.drop_constraint('pk_routing_operation', 'routing_operation', type_='primary')
    op.create_primary_key(op.f('pk_routing_operation'), 'routing_operation', ['item', 'revision', 'op'])
    op.create_foreign_key(op.f('fk_routing_operation_item'), 'routing_operation', 'routing_revision', ['item', 'revision'], ['item', 'revision'])
    op.add_column('routing_operation', sa.Column('machines', JSONB, nullable=False, server_default='[]'))
    op.alter_column('routing_operation', 'machines', server_default=None)
    op.add_column('routing_operation', sa.Column('tool', STRING(), nullable=True))
    op.create_foreign_key(op.f('fk_routing_operation_tool'), 'routing_operation', 'tool', ['tool'], ['code'])
    op.add_column('routing_operation', sa.Column('run_s_per_batch', sa.Numeric(), nullable=True))
    op.add_column('routing_operation', sa.Column('batch_size', sa.Numeric(), nullable=True))
    op.add_column('routing_operation', sa.Column('predecessors', JSONB, nullable=True))
    op.add_column('routing_operation', sa.Column('ratio', sa.Numeric(), nullable=False, server_default='1'))
    op.alter_column('routing_operation', 'ratio', server_default=None)
    op.add_column('routing_operation', sa.Column('instruction', STRING(), nullable=True))
    op.add_column('routing_operation', sa.Column('self_inspection', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('routing_operation', 'self_inspection', server_default=None)
    op.create_check_constraint(op.f('ck_routing_operation_batch'), 'routing_operation', '(run_s_per_batch IS NULL) = (batch_size IS NULL) AND batch_size > 0')
    op.create_check_constraint(op.f('ck_routing_operation_ratio'), 'routing_operation', 'ratio > 0')


def downgrade() -> None:
    op.execute(
        "DELETE FROM routing_operation o WHERE revision <> (SELECT max(revision) FROM routing_operation n WHERE n.item = o.item)"
    )
    op.drop_constraint('fk_routing_operation_item', 'routing_operation', type_='foreignkey')
    op.drop_constraint('pk_routing_operation', 'routing_operation', type_='primary')
    for column in ('revision', 'machines', 'tool', 'run_s_per_batch', 'batch_size', 'predecessors', 'ratio', 'instruction', 'self_inspection'):
        op.drop_column('routing_operation', column)
    op.create_primary_key(op.f('pk_routing_operation'), 'routing_operation', ['item', 'op'])
    op.create_foreign_key(op.f('fk_routing_operation_item'), 'routing_operation', 'routing', ['item'], ['item'], ondelete='CASCADE')
    for table in ('routing_revision', 'bom_line', 'bom_revision', 'bom'):
        op.drop_table(table)
    for column in ('supply', 'unit_conversions', 'lot_tracked', 'shelf_life_d', 'lot_size', 'picture', 'note'):
        op.drop_column('item', column)
    op.drop_column('work_center', 'area')
    for table in ('person_skills', 'tool', 'calendar', 'skill', 'area'):
        op.drop_table(table)
