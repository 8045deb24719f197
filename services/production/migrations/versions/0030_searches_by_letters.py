"""searches of lots by an index of letters

Revision ID: 0030
Revises: 0029
"""

from alembic import op

from shared.kit.revision_steps import create_search_letters, drop_search_letters

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_search_letters()
    op.execute(
        'CREATE INDEX ix_lot_letters ON lot USING gin (search_letters(search_text(code, item, supplier_lot, supplier, number)))'
        ' WITH (gin_pending_list_limit = 64) WHERE op IS NULL'
    )
    # the planner takes no statistics from an index that has a part of the rows
    op.execute('CREATE STATISTICS lot_letters ON (search_letters(search_text(code, item, supplier_lot, supplier, number))) FROM lot')
    op.drop_index('ix_lot_text', 'lot')


def downgrade() -> None:
    op.execute(
        'CREATE INDEX ix_lot_text ON lot USING gin (search_text(code, item, supplier_lot, supplier, number) gin_trgm_ops)'
        ' WHERE op IS NULL'
    )
    op.execute('DROP STATISTICS lot_letters')
    op.drop_index('ix_lot_letters', 'lot')
    drop_search_letters()
