"""the counts of months, kept with those of days

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

COUNTS = {
    'output_month': ('output_count', ('item', 'machine'), ('good', 'scrap')),
    'defect_month': ('defect_count', ('defect',), ('quantity',)),
}


def upgrade() -> None:
    for month, (day, keys, counts) in COUNTS.items():
        op.create_table(
            month,
            sa.Column('month', sa.Date(), nullable=False),
            *(sa.Column(key, sa.String(), nullable=False) for key in keys),
            *(sa.Column(count, sa.Numeric(), nullable=False) for count in counts),
            sa.PrimaryKeyConstraint('month', *keys, name=op.f(f'pk_{month}')),
        )
        named = ', '.join(keys)
        sums = ', '.join(f'sum({count})' for count in counts)
        add_up = f"SELECT date_trunc('month', business_date)::date AS month, {named}, {sums}"
        op.execute(f'INSERT INTO {month} {add_up} FROM {day} GROUP BY 1, {named}')
        added = ', '.join(f'{count} = {month}.{count} + excluded.{count}' for count in counts)
        less = ', '.join(f'-{count}' for count in counts)
        columns = ', '.join(('business_date', *keys, *counts))
        changes = {
            'insert': 'after',
            'update': f"(SELECT {columns} FROM after UNION ALL SELECT business_date, {named}, {less} FROM before) AS changed",
        }
        for what, source in changes.items():
            name = f'{month}_by_{what}'
            # in the order of their keys, so that two who count lock them in the same order
            op.execute(
                f'CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO {month} {add_up}'
                f' FROM {source} GROUP BY 1, {named} ORDER BY 1, {named}'
                f' ON CONFLICT (month, {named}) DO UPDATE SET {added}; RETURN NULL; END $$'
            )
            seen = 'NEW TABLE AS after' + (' OLD TABLE AS before' if what == 'update' else '')
            op.execute(
                f'CREATE TRIGGER {name} AFTER {what} ON {day} REFERENCING {seen}'
                f' FOR EACH STATEMENT EXECUTE FUNCTION {name}()'
            )


def downgrade() -> None:
    for month in COUNTS:
        for what in ('insert', 'update'):
            op.execute(f'DROP FUNCTION {month}_by_{what} CASCADE')
        op.drop_table(month)
