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
        ' (search_letters(search_text(external_id, number, item, customer, sales_order))) WITH (gin_pending_list_limit = 64)'
    )
    op.execute('ALTER INDEX ix_erp_order_text SET (gin_pending_list_limit = 64)')
    op.execute("SELECT gin_clean_pending_list('ix_erp_order_text')")


def downgrade() -> None:
    op.execute('ALTER INDEX ix_erp_order_text RESET (gin_pending_list_limit)')
    op.drop_index('ix_erp_order_letters', 'erp_order')
    drop_search_letters()
