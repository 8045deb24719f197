"""mappings that are kept, runs of imports and what they changed

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_mapping',
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('mapping', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('kind', 'name', name=op.f('pk_import_mapping'))
    )
    op.create_table('import_run',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('file', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('mode', sa.String(), nullable=False),
        sa.Column('summary', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('undone_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('undone_by', sa.String(), nullable=True),
        sa.Column('reason', sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('applied', 'undone')", name=op.f('ck_import_run_state')),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL) AND (undone_at IS NULL) = (undone_by IS NULL)", name=op.f('ck_import_run_undone')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    op.create_index('ix_import_run_at', 'import_run', ['at', 'id'], unique=False)
    op.create_table('import_change',
        sa.Column('run', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(['run'], ['import_run.id'], name=op.f('fk_import_change_run')),
        sa.PrimaryKeyConstraint('run', 'position', name=op.f('pk_import_change'))
    )
    op.create_index('ix_import_change_key', 'import_change', ['kind', 'key'], unique=False)


def downgrade() -> None:
    op.drop_table('import_change')
    op.drop_table('import_run')
    op.drop_table('import_mapping')
