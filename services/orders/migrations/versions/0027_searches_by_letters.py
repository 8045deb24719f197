"""searches of any length by the index of letters

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_work_order_text', 'work_order')


def downgrade() -> None:
    op.execute(
        'CREATE INDEX ix_work_order_text ON work_order USING gin'
        ' (search_text(number, external_id, item, customer, sales_order) gin_trgm_ops) WITH (gin_pending_list_limit = 64)'
    )
