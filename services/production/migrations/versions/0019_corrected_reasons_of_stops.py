"""reasons of stops are corrected, and keep what was said at first

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('was_state', 'was_reason', 'corrected_by'):
        op.add_column('machine_state', sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('machine_state', sa.Column('corrected_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f('ck_machine_state_corrected'),
        'machine_state',
        '(corrected_at IS NULL) = (corrected_by IS NULL) AND (corrected_at IS NULL) = (was_state IS NULL)',
    )


def downgrade() -> None:
    op.drop_constraint(op.f('ck_machine_state_corrected'), 'machine_state')
    for name in ('was_state', 'was_reason', 'corrected_by', 'corrected_at'):
        op.drop_column('machine_state', name)
