"""who comes again without having gone, and handover notes of all machines

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attendance', sa.Column('again_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.create_index('ix_handover_at', 'handover', ['at', 'id'])


def downgrade() -> None:
    op.drop_index('ix_handover_at', 'handover')
    op.drop_column('attendance', 'again_at')
