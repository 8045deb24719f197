"""defects and their counts

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import create_plumbing, drop_plumbing

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table('defect',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_defect'))
    )
    op.create_table('defect_count',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('machine', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('defect', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint('business_date', 'item', 'machine', 'defect', name=op.f('pk_defect_count'))
    )
    op.create_table('known_item',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_known_item'))
    )
    op.create_table('known_machine',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_known_machine'))
    )
    op.create_table('output_count',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('machine', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('good', sa.Numeric(), nullable=False),
        sa.Column('scrap', sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint('business_date', 'item', 'machine', name=op.f('pk_output_count'))
    )


def downgrade() -> None:
    op.drop_table('output_count')
    op.drop_table('known_machine')
    op.drop_table('known_item')
    op.drop_table('defect_count')
    op.drop_table('defect')
    drop_plumbing()
