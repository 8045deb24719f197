"""searches of one or two letters by an index

Revision ID: 0026
Revises: 0025
"""

from alembic import op

from shared.kit.revision_steps import create_search_letters, drop_search_letters

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_search_letters()
    op.execute(
        'CREATE INDEX ix_work_order_letters ON work_order USING gin'
        ' (search_letters(search_text(number, external_id, item, customer, sales_order))) WITH (gin_pending_list_limit = 64)'
    )
    op.execute('ALTER INDEX ix_work_order_text SET (gin_pending_list_limit = 64)')
    op.execute("SELECT gin_clean_pending_list('ix_work_order_text')")


def downgrade() -> None:
    op.execute('ALTER INDEX ix_work_order_text RESET (gin_pending_list_limit)')
    op.drop_index('ix_work_order_letters', 'work_order')
    drop_search_letters()
