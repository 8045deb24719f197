"""the times that shifts had before, closed days of calendars, and calendars for the floor

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import request_republish

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('shift', sa.Column('earlier', postgresql.JSONB(), server_default='[]', nullable=False))
    op.add_column('calendar', sa.Column('closed', postgresql.JSONB(), nullable=True))
    # no event of a calendar was published so far: their versions begin with the first one
    op.execute('UPDATE calendar SET version = 0')
    request_republish('calendar')


def downgrade() -> None:
    op.execute('UPDATE calendar SET version = greatest(version, 1)')
    op.drop_column('calendar', 'closed')
    op.drop_column('shift', 'earlier')
