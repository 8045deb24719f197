"""orders that the ERP cancels, and operations that go on after their final confirmation

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None
STATES = "state IN ('received', 'accepted', 'refused'{more})"


def upgrade() -> None:
    op.add_column('erp_order', sa.Column('cancel', sa.Uuid(), nullable=True))
    op.drop_constraint(op.f('ck_erp_order_state'), 'erp_order')
    op.create_check_constraint(op.f('ck_erp_order_state'), 'erp_order', STATES.format(more=", 'cancelled'"))
    op.add_column('confirmation', sa.Column('reopens', sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f('ck_confirmation_reopens'), 'confirmation',
        "reopens IS NULL OR op IS NOT NULL AND NOT final AND good = 0 AND rework = 0 AND scrap = '[]'"
    )
    op.drop_index('uq_confirmation_final', table_name='confirmation')
    op.create_index(
        'uq_confirmation_reopens', 'confirmation', ['reopens'], unique=True,
        postgresql_where=sa.text('reopens IS NOT NULL')
    )


def downgrade() -> None:
    op.drop_index('uq_confirmation_reopens', table_name='confirmation')
    op.drop_constraint(op.f('ck_confirmation_reopens'), 'confirmation')
    op.drop_column('confirmation', 'reopens')
    op.execute(
        "DELETE FROM delivery WHERE position IN (SELECT c.position FROM confirmation c JOIN confirmation later"
        " ON later.job = c.job AND later.final AND later.position > c.position WHERE c.final)"
    )
    op.execute(
        "DELETE FROM confirmation c USING confirmation later"
        " WHERE c.final AND later.final AND later.job = c.job AND later.position > c.position"
    )
    op.create_index('uq_confirmation_final', 'confirmation', ['job'], unique=True, postgresql_where=sa.text('final'))
    op.execute("UPDATE erp_order SET state = CASE WHEN work_order IS NULL THEN 'received' ELSE 'accepted' END"
               " WHERE state = 'cancelled'")
    op.drop_constraint(op.f('ck_erp_order_state'), 'erp_order')
    op.create_check_constraint(op.f('ck_erp_order_state'), 'erp_order', STATES.format(more=''))
    op.drop_column('erp_order', 'cancel')
