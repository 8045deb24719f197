"""one calendar with validity, release times of jobs, touches of attendance and crews, stops of jobs, flags of clocks

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)
TEXT = sqlmodel.sql.sqltypes.AutoString()
FLAGGED = ('unassigned', 'handover', 'andon_call')


def upgrade() -> None:
    op.add_column('shift', sa.Column('earlier', postgresql.JSONB(), server_default='[]', nullable=False))
    op.add_column('shift', sa.Column('version', sa.Integer(), server_default='0', nullable=False))
    op.create_table('calendar',
        sa.Column('code', TEXT, nullable=False),
        sa.Column('name', postgresql.JSONB(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('days_off', postgresql.JSONB(), nullable=False),
        sa.Column('overtime', postgresql.JSONB(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_calendar'))
    )
    op.add_column('job', sa.Column('released_at', INSTANT, nullable=True))
    # a job was made when its order was released; its id (UUIDv7) begins with the milliseconds of that moment
    op.execute(
        "UPDATE job SET released_at = to_timestamp("
        "('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0)"
    )
    op.create_table('job_stop',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('reason', TEXT, nullable=True),
        sa.Column('begins', INSTANT, nullable=False),
        sa.Column('ends', INSTANT, nullable=True),
        sa.CheckConstraint('ends IS NULL OR ends >= begins', name=op.f('ck_job_stop_order')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_stop_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_job_stop'))
    )
    op.create_index('uq_job_stop_open', 'job_stop', ['job'], unique=True, postgresql_where=sa.text('ends IS NULL'))
    op.create_index('ix_job_stop_job', 'job_stop', ['job', 'begins'])
    op.execute(
        "INSERT INTO job_stop (id, job, reason, begins, ends) SELECT m.id, m.job, m.reason, m.begins, m.ends"
        " FROM machine_state m JOIN job j ON j.id = m.job"
        " WHERE m.state = 'stopped' AND (m.ends IS NOT NULL OR j.state = 'paused')"
    )
    op.create_table('job_touch',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('pauses', sa.Boolean(), nullable=False),
        sa.Column('reason', TEXT, nullable=True),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('person', TEXT, nullable=False),
        sa.Column('device', TEXT, nullable=True),
        sa.Column('recorded_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_job_touch_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_job_touch'))
    )
    op.create_index('ix_job_touch_job', 'job_touch', ['job', 'at'])
    op.create_table('crew_touch',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('job', sa.Uuid(), nullable=False),
        sa.Column('person', TEXT, nullable=False),
        sa.Column('joins', sa.Boolean(), nullable=False),
        sa.Column('machine', TEXT, nullable=True),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('cause', TEXT, nullable=True),
        sa.Column('device', TEXT, nullable=True),
        sa.Column('recorded_by', TEXT, nullable=False),
        sa.Column('recorded_at', INSTANT, nullable=False),
        sa.CheckConstraint("cause IN ('went', 'job_ended', 'back')", name=op.f('ck_crew_touch_cause')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_crew_touch_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_crew_touch'))
    )
    op.create_index('ix_crew_touch_job', 'crew_touch', ['job', 'person', 'at'])
    op.create_index('ix_crew_touch_person', 'crew_touch', ['person', 'at'])
    op.create_table('attendance_touch',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person', TEXT, nullable=False),
        sa.Column('comes', sa.Boolean(), nullable=False),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('device', TEXT, nullable=True),
        sa.Column('recorded_by', TEXT, nullable=False),
        sa.Column('recorded_at', INSTANT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_touch'))
    )
    op.create_index('ix_attendance_touch_person', 'attendance_touch', ['person', 'at'])
    for table in FLAGGED:
        op.add_column(table, sa.Column('flags', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False))
    op.add_column('review', sa.Column('device_enrolled_at', INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column('review', 'device_enrolled_at')
    for table in FLAGGED:
        op.drop_column(table, 'flags')
    for table in ('attendance_touch', 'crew_touch', 'job_touch', 'job_stop', 'calendar'):
        op.drop_table(table)
    op.drop_column('job', 'released_at')
    op.drop_column('shift', 'version')
    op.drop_column('shift', 'earlier')
