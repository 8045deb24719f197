"""files of orders that were imported, and ERPs that poll the confirmations

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'import_run',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('file', sa.String(), nullable=False),
        sa.Column('at', sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('summary', postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run')),
    )
    op.create_index('ix_import_run_at', 'import_run', ['at', 'id'])
    op.create_table(
        'import_row',
        sa.Column('run', sa.Uuid(), nullable=False),
        sa.Column('row', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('verdict', sa.String(), nullable=False),
        sa.Column('errors', postgresql.JSONB(), nullable=False),
        sa.Column('changes', postgresql.JSONB(), nullable=False),
        sa.Column('cells', postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(['run'], ['import_run.id'], name=op.f('fk_import_row_run_import_run')),
        sa.PrimaryKeyConstraint('run', 'row', name=op.f('pk_import_row')),
    )
    op.create_table(
        'confirmation_reader',
        sa.Column('reader', sa.String(), nullable=False),
        sa.Column('position', sa.BigInteger(), nullable=False),
        sa.Column('read_at', sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('reader', name=op.f('pk_confirmation_reader')),
    )


def downgrade() -> None:
    op.drop_table('confirmation_reader')
    op.drop_table('import_row')
    op.drop_index('ix_import_run_at', table_name='import_run')
    op.drop_table('import_run')
