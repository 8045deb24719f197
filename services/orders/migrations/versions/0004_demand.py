"""demand: an order's parent, and what covers a parent's need

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order', sa.Column('parent', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_work_order_parent'), 'work_order', 'work_order', ['parent'], ['id'])
    op.create_index(op.f('ix_work_order_parent'), 'work_order', ['parent'], unique=False)
    op.create_table('order_peg',
        sa.Column('parent', sa.Uuid(), nullable=False),
        sa.Column('supply', sa.Uuid(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_order_peg_quantity')),
        sa.ForeignKeyConstraint(['parent'], ['work_order.id'], name=op.f('fk_order_peg_parent')),
        sa.ForeignKeyConstraint(['supply'], ['work_order.id'], name=op.f('fk_order_peg_supply')),
        sa.PrimaryKeyConstraint('parent', 'supply', name=op.f('pk_order_peg'))
    )
    op.create_index('ix_order_peg_supply', 'order_peg', ['supply'], unique=False)


def downgrade() -> None:
    op.drop_table('order_peg')
    op.drop_column('work_order', 'parent')
