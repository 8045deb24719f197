"""the secret before a rotation

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('webhook', sa.Column('former_secret', sa.String(), nullable=True))
    op.add_column('webhook', sa.Column('former_until', sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f('ck_webhook_former'), 'webhook', '(former_secret IS NULL) = (former_until IS NULL)'
    )


def downgrade() -> None:
    op.drop_constraint(op.f('ck_webhook_former'), 'webhook', type_='check')
    op.drop_column('webhook', 'former_until')
    op.drop_column('webhook', 'former_secret')
