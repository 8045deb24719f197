"""what an order was released by: standard times, tools, materials, revisions

Revision ID: standards
Revises: changes
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'standards'
down_revision = 'changes'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order', sa.Column('routing_revision', sa.Integer(), nullable=True))
    op.add_column('work_order', sa.Column('bom_revision', sa.Integer(), nullable=True))
    op.add_column('work_order', sa.Column('materials', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.alter_column('work_order', 'materials', server_default=None)
    op.add_column('work_order_operation', sa.Column('tool', sa.String(), nullable=True))
    op.add_column('work_order_operation', sa.Column('lead_time_d', sa.Numeric(), nullable=True))
    for name in ('setup_s', 'piece_s'):
        op.add_column('work_order_operation', sa.Column(name, sa.Numeric(), server_default='0', nullable=False))
        op.alter_column('work_order_operation', name, server_default=None)


def downgrade() -> None:
    for name in ('piece_s', 'setup_s', 'lead_time_d', 'tool'):
        op.drop_column('work_order_operation', name)
    for name in ('materials', 'bom_revision', 'routing_revision'):
        op.drop_column('work_order', name)
