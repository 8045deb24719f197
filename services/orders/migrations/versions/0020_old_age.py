"""indexes by which requests read no more as the years go by; orders are counted as they move

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

SEARCH_TEXT = (
    'CREATE FUNCTION search_text(a varchar, b varchar, c varchar, d varchar, e varchar) RETURNS text'
    ' LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '
    + ' || chr(10) || '.join(f"coalesce({one}, '')" for one in 'abcde')
    + ' $$'
)
NEW = (
    'ix_work_order_due ON work_order (due_at, number)',
    'ix_work_order_item_due ON work_order (item, due_at, number)',
    'ix_work_order_customer ON work_order (customer, due_at, number)',
    'ix_work_order_priority ON work_order (priority, number)',
    'ix_work_order_quantity ON work_order (quantity, number)',
    'ix_work_order_created ON work_order (created_at, number)',
    'ix_work_order_released ON work_order (released_at) WHERE released_at IS NOT NULL',
    'ix_work_order_text ON work_order USING gin (search_text(number, external_id, item, customer, sales_order) gin_trgm_ops)',
    'ix_change_request_state ON change_request (state, id)',
)
OLD = (
    'ix_work_order_operation_instruction ON work_order_operation (instruction)',
    "ix_change_request_open ON change_request (id) WHERE state = 'proposed'",
)


def count_by(count: str, table: str) -> None:
    """Keep the number of rows in each state in the table ``count``, whatever writes them."""
    op.create_table(
        count,
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('part', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('orders', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('state', 'part', name=op.f(f'pk_{count}')),
    )
    op.execute(f'INSERT INTO {count} SELECT state, 0, count(*) FROM {table} GROUP BY state')
    add = (
        f'INSERT INTO {count} VALUES (%s.state, pg_backend_pid() %% 128, %s)'
        f' ON CONFLICT (state, part) DO UPDATE SET orders = {count}.orders + excluded.orders'
    )
    op.execute(
        f'CREATE FUNCTION {count}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF TG_OP <> 'INSERT' THEN {add % ('OLD', -1)}; END IF;"
        f" IF TG_OP <> 'DELETE' THEN {add % ('NEW', 1)}; END IF; RETURN NULL; END $$"
    )
    call = f'FOR EACH ROW %s EXECUTE FUNCTION {count}()'
    op.execute(f"CREATE TRIGGER {count} AFTER INSERT OR DELETE ON {table} {call % ''}")
    changed = 'WHEN (OLD.state <> NEW.state)'
    op.execute(f'CREATE TRIGGER {count}_again AFTER UPDATE OF state ON {table} {call % changed}')


def upgrade() -> None:
    op.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    op.execute(SEARCH_TEXT)
    count_by('work_order_count', 'work_order')
    op.drop_index('ix_work_order_item', 'work_order')
    op.create_index('ix_work_order_item', 'work_order', ['item', 'number'])
    for index in NEW:
        op.execute(f'CREATE INDEX {index}')
    for index in OLD:
        op.execute(f'DROP INDEX {index.partition(" ")[0]}')


def downgrade() -> None:
    for index in OLD:
        op.execute(f'CREATE INDEX {index}')
    for index in NEW:
        op.execute(f'DROP INDEX {index.partition(" ")[0]}')
    op.drop_index('ix_work_order_item', 'work_order')
    op.create_index('ix_work_order_item', 'work_order', ['item'])
    op.execute('DROP FUNCTION work_order_count CASCADE')
    op.drop_table('work_order_count')
    op.execute('DROP FUNCTION search_text')
    op.execute('DROP EXTENSION pg_trgm')
