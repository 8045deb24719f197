"""confirmations of an order's changed quantity, which belong to no operation

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None
OF_AN_OPERATION = ('op', 'job', 'total_good', 'total_scrap', 'total_rework')


def upgrade() -> None:
    for column in OF_AN_OPERATION:
        op.alter_column('confirmation', column, nullable=True)
    op.create_check_constraint(
        op.f('ck_confirmation_operation'), 'confirmation',
        "op IS NOT NULL AND job IS NOT NULL AND num_nulls(total_good, total_scrap, total_rework) = 0"
        " OR num_nonnulls(op, job, total_good, total_scrap, total_rework) = 0 AND good = 0 AND rework = 0 AND scrap = '[]'"
        " AND NOT final AND order_quantity IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f('ck_confirmation_operation'), 'confirmation')
    op.execute('DELETE FROM delivery WHERE position IN (SELECT position FROM confirmation WHERE op IS NULL)')
    op.execute('DELETE FROM confirmation WHERE op IS NULL')
    for column in OF_AN_OPERATION:
        op.alter_column('confirmation', column, nullable=False)
