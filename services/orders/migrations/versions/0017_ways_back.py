"""pieces that wait for rework, the revisions of a reconciliation, and why an operation was taken up again

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work_order_operation', sa.Column('rework_in', sa.Numeric(), server_default='0', nullable=False))
    # what waits is not known before the floor's next event: as much as can wait, which is taken for begun
    op.execute(
        "UPDATE work_order_operation SET rework_in = least(rework, greatest(planned - good - scrap, 0))"
        " WHERE rework > 0 AND state NOT IN ('done', 'skipped', 'cancelled')"
    )
    op.add_column('work_order_milestone', sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('work_order_reconciliation', sa.Column('revision', sa.Integer(), server_default='1', nullable=False))
    op.add_column('work_order_reconciliation', sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_check_constraint(op.f('ck_work_order_reconciliation_revision'), 'work_order_reconciliation', 'revision > 0')
    op.drop_constraint(op.f('pk_work_order_reconciliation'), 'work_order_reconciliation')
    op.create_primary_key(
        op.f('pk_work_order_reconciliation'), 'work_order_reconciliation', ['work_order', 'revision']
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM work_order_reconciliation r WHERE EXISTS (SELECT FROM work_order_reconciliation later"
        " WHERE later.work_order = r.work_order AND later.revision > r.revision)"
    )
    op.drop_constraint(op.f('pk_work_order_reconciliation'), 'work_order_reconciliation')
    op.create_primary_key(op.f('pk_work_order_reconciliation'), 'work_order_reconciliation', ['work_order'])
    op.drop_constraint(op.f('ck_work_order_reconciliation_revision'), 'work_order_reconciliation')
    op.drop_column('work_order_reconciliation', 'reason')
    op.drop_column('work_order_reconciliation', 'revision')
    op.drop_column('work_order_milestone', 'reason')
    op.drop_column('work_order_operation', 'rework_in')
