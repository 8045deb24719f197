"""units of measure, and what items convert

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import create_unit_copies

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_unit_copies()
    op.add_column('known_item', sa.Column('unit', sa.String(), nullable=True))
    op.add_column('known_item', sa.Column('unit_conversions', postgresql.JSONB(), server_default='[]', nullable=False))


def downgrade() -> None:
    op.drop_column('known_item', 'unit_conversions')
    op.drop_column('known_item', 'unit')
    op.drop_table('unit')
