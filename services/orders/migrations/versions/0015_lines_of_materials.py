"""an order's materials by line of the BOM: a component may stand at several operations

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence('work_order_material_line')))
    given = sa.text("nextval('work_order_material_line')")
    op.add_column('work_order_material', sa.Column('line', sa.Integer(), nullable=False, server_default=given))
    op.execute(
        'UPDATE work_order_material AS m SET line = n.line FROM ('
        'SELECT work_order, component, row_number() OVER (PARTITION BY work_order ORDER BY op, component) - 1 AS line'
        ' FROM work_order_material) AS n WHERE n.work_order = m.work_order AND n.component = m.component'
    )
    op.drop_constraint(op.f('pk_work_order_material'), 'work_order_material')
    op.create_primary_key(op.f('pk_work_order_material'), 'work_order_material', ['work_order', 'line'])


def downgrade() -> None:
    op.drop_constraint(op.f('pk_work_order_material'), 'work_order_material')
    op.create_primary_key(op.f('pk_work_order_material'), 'work_order_material', ['work_order', 'component'])
    op.drop_column('work_order_material', 'line')
    op.execute(sa.schema.DropSequence(sa.Sequence('work_order_material_line')))
