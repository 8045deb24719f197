"""import_progress: how far an import is, for every replica to tell

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_progress',
        sa.Column('key', sa.Uuid(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_import_progress')),
        prefixes=['UNLOGGED']
    )


def downgrade() -> None:
    op.drop_table('import_progress')
