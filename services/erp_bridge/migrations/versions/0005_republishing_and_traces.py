"""requests for publishing present states again; the trace of a confirmation

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from shared.kit.revision_steps import create_republish_requests, drop_republish_requests

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_republish_requests()
    op.add_column('confirmation', sa.Column('traceparent', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('confirmation', 'traceparent')
    drop_republish_requests()
