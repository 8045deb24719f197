"""short sessions in which a tablet sends queued work

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f('ck_session_method'), 'session')
    op.create_check_constraint(op.f('ck_session_method'), 'session', "method IN ('password', 'pin', 'badge', 'replay')")


def downgrade() -> None:
    op.execute("DELETE FROM session WHERE method = 'replay'")
    op.drop_constraint(op.f('ck_session_method'), 'session')
    op.create_check_constraint(op.f('ck_session_method'), 'session', "method IN ('password', 'pin', 'badge')")
