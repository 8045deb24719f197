"""indexes by which requests read no more as the years go by; the flagged results that wait for somebody as a list

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

JOB_RANK = (
    'CREATE FUNCTION job_rank(state varchar) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS'
    " $$ SELECT CASE state WHEN 'running' THEN 0 WHEN 'paused' THEN 1 WHEN 'ready' THEN 2 WHEN 'blocked' THEN 3"
    " WHEN 'waiting' THEN 4 WHEN 'done' THEN 5 WHEN 'skipped' THEN 6 WHEN 'cancelled' THEN 7 END $$"
)
SEARCH_TEXT = (
    'CREATE FUNCTION search_text(a varchar, b varchar, c varchar, d varchar, e varchar) RETURNS text'
    ' LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '
    + ' || chr(10) || '.join(f"coalesce({one}, '')" for one in 'abcde')
    + ' $$'
)
NEW = (
    'ix_result_shift ON result (business_date, shift, machine)',
    'ix_result_at ON result (at, machine)',
    'ix_job_order ON job (job_rank(state), priority, due_at, id)',
    'ix_job_machine ON job (coalesce(machine, planned_machine), job_rank(state), priority, due_at, id)',
    'ix_job_work_center ON job (work_center, job_rank(state), priority, due_at, id)',
    "ix_crew_time_span ON crew_time USING gist (tstzrange(begins, ends, '[]'))",
    "ix_attendance_span ON attendance USING gist (tstzrange(begins, ends, '[]'))",
    "ix_machine_state_job ON machine_state (job, begins) WHERE job IS NOT NULL AND state IN ('stopped', 'setup')",
    'ix_lot_left ON lot (created_at DESC, code DESC)'
    ' WHERE op IS NULL AND (remaining > 0 OR hold_reason IS NOT NULL)',
    'ix_lot_text ON lot USING gin (search_text(code, item, supplier_lot, supplier, number) gin_trgm_ops) WHERE op IS NULL',
    "ix_movement_rare ON movement (kind, id) WHERE kind NOT IN ('produced', 'consumed', 'drawn')",
    'ix_serial_code ON serial (code, item)',
    'ix_sending_supplier ON sending (supplier, at) WHERE supplier IS NOT NULL',
    'ix_unassigned_state ON unassigned (state, id)',
    'ix_unassigned_machine ON unassigned (machine, id)',
    'ix_andon_call_machine ON andon_call (machine, id)',
    'ix_review_person ON review (person, id)',
)
OLD = (
    'ix_result_work_order ON result (work_order, id)',
    'ix_result_machine_shift ON result (machine, business_date, shift)',
    "ix_result_flagged ON result (id) WHERE flags <> '{}'",
    "ix_job_open ON job (planned_machine, priority, due_at) WHERE state NOT IN ('done', 'skipped', 'cancelled')",
    'ix_crew_time_begins ON crew_time (begins)',
    'ix_attendance_begins ON attendance (begins)',
    "ix_unassigned_open ON unassigned (id) WHERE state = 'open'",
)
ONCE = (('result', 'reverses'), ('result', 'corrects'), ('movement', 'reverses'))
"""References that most rows have not: what has none needs no entry."""
FUNCTIONS = {
    'result_is_to_check': 'INSERT INTO result_to_check VALUES (NEW.id)',
    'result_is_taken_back': 'DELETE FROM result_to_check WHERE result = NEW.reverses',
    'result_is_checked': 'DELETE FROM result_to_check WHERE result = NEW.result',
}
TRIGGERS = {
    'result_is_to_check': "result FOR EACH ROW WHEN (NEW.flags <> '{}')",
    'result_is_taken_back': 'result FOR EACH ROW WHEN (NEW.reverses IS NOT NULL)',
    'result_is_checked': 'result_acknowledgement FOR EACH ROW',
}
"""A result that takes another one back may be flagged itself: the list is as that of all flagged results was."""


def upgrade() -> None:
    op.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    op.execute(SEARCH_TEXT)
    op.execute(JOB_RANK)
    op.create_table(
        'result_to_check',
        sa.Column('result', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['result'], ['result.id'], name=op.f('fk_result_to_check_result')),
        sa.PrimaryKeyConstraint('result', name=op.f('pk_result_to_check')),
    )
    op.execute(
        "INSERT INTO result_to_check SELECT id FROM result r WHERE flags <> '{}'"
        " AND NOT EXISTS (SELECT FROM result_acknowledgement a WHERE a.result = r.id)"
        " AND NOT EXISTS (SELECT FROM result back WHERE back.reverses = r.id)"
    )
    for name, statement in FUNCTIONS.items():
        body = f'BEGIN {statement}; RETURN NULL; END'
        op.execute(f'CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$')
        op.execute(f'CREATE TRIGGER {name} AFTER INSERT ON {TRIGGERS[name]} EXECUTE FUNCTION {name}()')
    for table, column in ONCE:
        op.drop_constraint(f'uq_{table}_{column}', table)
        op.execute(f'CREATE UNIQUE INDEX uq_{table}_{column} ON {table} ({column}) WHERE {column} IS NOT NULL')
    for index in NEW:
        op.execute(f'CREATE INDEX {index}')
    for index in OLD:
        op.execute(f'DROP INDEX {index.partition(" ")[0]}')


def downgrade() -> None:
    for index in OLD:
        op.execute(f'CREATE INDEX {index}')
    for index in NEW:
        op.execute(f'DROP INDEX {index.partition(" ")[0]}')
    for table, column in ONCE:
        op.drop_index(f'uq_{table}_{column}', table)
        op.create_unique_constraint(f'uq_{table}_{column}', table, [column])
    for name in FUNCTIONS:
        op.execute(f'DROP FUNCTION {name} CASCADE')
    op.drop_table('result_to_check')
    op.execute('DROP FUNCTION job_rank')
    op.execute('DROP FUNCTION search_text')
    op.execute('DROP EXTENSION pg_trgm')
