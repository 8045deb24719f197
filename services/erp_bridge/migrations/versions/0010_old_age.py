"""indexes by which requests read no more as the years go by; orders are counted as they move

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

SEARCH_TEXT = (
    'CREATE FUNCTION search_text(a varchar, b varchar, c varchar, d varchar, e varchar) RETURNS text'
    ' LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '
    + ' || chr(10) || '.join(f"coalesce({one}, '')" for one in 'abcde')
    + ' $$'
)
NEW = (
    'ix_erp_order_state ON erp_order (state, received_at, external_id)',
    'ix_erp_order_text ON erp_order USING gin (search_text(external_id, number, item, customer, sales_order) gin_trgm_ops)',
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
    count_by('erp_order_count', 'erp_order')
    for index in NEW:
        op.execute(f'CREATE INDEX {index}')


def downgrade() -> None:
    for index in NEW:
        op.execute(f'DROP INDEX {index.partition(" ")[0]}')
    op.execute('DROP FUNCTION erp_order_count CASCADE')
    op.drop_table('erp_order_count')
    op.execute('DROP FUNCTION search_text')
    op.execute('DROP EXTENSION pg_trgm')
