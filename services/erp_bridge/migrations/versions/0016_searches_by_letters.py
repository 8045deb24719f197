"""searches of any length by the index of letters

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_erp_order_text', 'erp_order')


def downgrade() -> None:
    op.execute(
        'CREATE INDEX ix_erp_order_text ON erp_order USING gin'
        ' (search_text(external_id, number, item, customer, sales_order) gin_trgm_ops) WITH (gin_pending_list_limit = 64)'
    )
