"""changes after the release, parts of split orders, and the quantity that a confirmation belongs to

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


def upgrade() -> None:
    op.add_column('erp_order', sa.Column('asked', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_table('erp_order_part',
        sa.Column('work_order', sa.Uuid(), nullable=False),
        sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_erp_order_part_quantity')),
        sa.PrimaryKeyConstraint('work_order', name=op.f('pk_erp_order_part'))
    )
    op.create_index(op.f('ix_erp_order_part_external_id'), 'erp_order_part', ['external_id'], unique=False)
    op.execute(
        "INSERT INTO erp_order_part (work_order, external_id, number, quantity, state)"
        " SELECT work_order, external_id, number, quantity, work_order_state FROM erp_order WHERE work_order IS NOT NULL"
    )
    op.add_column('confirmation', sa.Column('order_quantity', sa.Numeric(), nullable=True))
    op.create_index('ix_confirmation_operation', 'confirmation', ['external_id', 'op'], unique=False)
    op.create_table('operation_job',
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=False),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint('job', name=op.f('pk_operation_job'))
    )
    op.create_index('ix_operation_job_operation', 'operation_job', ['external_id', 'op'], unique=False)


def downgrade() -> None:
    op.drop_table('operation_job')
    op.drop_index('ix_confirmation_operation', table_name='confirmation')
    op.drop_column('confirmation', 'order_quantity')
    op.drop_table('erp_order_part')
    op.drop_column('erp_order', 'asked')
