"""units of measure; BOM quantities as they were written, also fractions and in other units

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import SHIPPED_UNITS, request_republish

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    units = op.create_table(
        'unit',
        sa.Column('code', sa.String(length=60), nullable=False),
        sa.Column('name', postgresql.JSONB(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column('decimals', sa.Integer(), nullable=False),
        sa.Column('aliases', postgresql.JSONB(), nullable=False),
        sa.CheckConstraint('decimals BETWEEN 0 AND 6', name=op.f('ck_unit_decimals')),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_unit')),
    )
    op.bulk_insert(
        units,
        [
            {
                'code': code,
                'name': dict(zip(('ko', 'en', 'vi'), names, strict=True)),
                'active': True,
                'version': 0,  # their first event is to be the first version
                'decimals': decimals,
                'aliases': list(aliases),
            }
            for code, names, decimals, aliases in SHIPPED_UNITS
        ],
    )
    op.alter_column('unit', 'updated_at', server_default=None)
    for column in ('written', 'unit', 'factor'):
        op.add_column('bom_line', sa.Column(column, sa.String(), nullable=True))
    op.add_column('work_order_material', sa.Column('exact', sa.String(), nullable=True))
    request_republish('unit')
    # items, for their conversions, unless they are about to be published again anyway
    op.execute(
        "INSERT INTO republish_request (kind) SELECT 'item' WHERE NOT EXISTS"
        " (SELECT FROM republish_request WHERE kind = 'item' AND ids IS NULL AND after IS NULL AND finished_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_column('work_order_material', 'exact')
    for column in ('written', 'unit', 'factor'):
        op.drop_column('bom_line', column)
    op.drop_table('unit')
