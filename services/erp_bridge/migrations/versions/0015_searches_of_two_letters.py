"""searches of one or two letters by an index

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from shared.kit.revision_steps import create_search_letters, drop_search_letters

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_search_letters()
    op.execute(
        'CREATE INDEX ix_erp_order_letters ON erp_order USING gin'
        ' (search_letters(search_text(external_id, number, item, customer, sales_order)))'
    )


def downgrade() -> None:
    op.drop_index('ix_erp_order_letters', 'erp_order')
    drop_search_letters()
