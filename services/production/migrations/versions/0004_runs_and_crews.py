"""runs of jobs by phase, crews, and what an operation was released with

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)
PHASES = "phase IN ('setup', 'first_off', 'production')"
JOB = (
    sa.Column('under_tolerance_pct', sa.Numeric(), nullable=True),
    sa.Column('rework_in', sa.Numeric(), server_default='0', nullable=False),
    sa.Column('sent', sa.Numeric(), server_default='0', nullable=False),
    sa.Column('setup_s', sa.Numeric(), server_default='0', nullable=False),
    sa.Column('tool', sa.String(), nullable=True),
    sa.Column('self_inspection', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('subcontract', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('materials', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('phase', sa.String(), nullable=True),
    sa.Column('moved_at', INSTANT, nullable=True),
)
COUNTS = 'good >= 0 AND scrap >= 0 AND rework >= 0'


def upgrade() -> None:
    for column in JOB:
        op.add_column('job', column)
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', f'{COUNTS} AND rework_in >= 0')
    op.create_check_constraint(op.f('ck_job_phase'), 'job', PHASES)
    op.create_table('run',
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('job', sa.UUID(), nullable=False),
        sa.Column('machine', sa.String(), nullable=True),
        sa.Column('phase', sa.String(), nullable=False),
        sa.Column('begins', INSTANT, nullable=False),
        sa.Column('ends', INSTANT, nullable=True),
        sa.CheckConstraint('ends IS NULL OR ends >= begins', name=op.f('ck_run_order')),
        sa.CheckConstraint(PHASES, name=op.f('ck_run_phase')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_run_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_run'))
    )
    op.create_index('uq_run_open', 'run', ['job'], unique=True, postgresql_where=sa.text('ends IS NULL'))
    op.create_index('ix_run_job', 'run', ['job', 'begins'])
    op.create_index('ix_run_machine', 'run', ['machine', 'begins'])
    op.create_table('crew_time',
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('job', sa.UUID(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('machine', sa.String(), nullable=True),
        sa.Column('begins', INSTANT, nullable=False),
        sa.Column('ends', INSTANT, nullable=True),
        sa.CheckConstraint('ends IS NULL OR ends >= begins', name=op.f('ck_crew_time_order')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_crew_time_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_time'))
    )
    op.create_index('uq_crew_time_open', 'crew_time', ['job', 'person'], unique=True, postgresql_where=sa.text('ends IS NULL'))
    op.create_index('ix_crew_time_job', 'crew_time', ['job', 'person', 'begins'])
    op.create_index('ix_crew_time_begins', 'crew_time', ['begins'])
    op.execute("UPDATE job SET moved_at = coalesce(finished_at, started_at), phase = CASE WHEN state IN ('running', 'paused') THEN 'production' END")
    op.execute(
        "INSERT INTO run (id, job, machine, phase, begins)"
        " SELECT gen_random_uuid(), j.id, j.machine, 'production', coalesce(m.begins, j.started_at)"
        " FROM job j LEFT JOIN machine_state m ON m.job = j.id AND m.ends IS NULL WHERE j.state = 'running'"
    )


def downgrade() -> None:
    op.drop_table('crew_time')
    op.drop_table('run')
    op.drop_constraint(op.f('ck_job_phase'), 'job')
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', COUNTS)
    for column in reversed(JOB):
        op.drop_column('job', column.name)
