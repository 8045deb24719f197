"""pieces at subcontractors, and who was there when

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table('sending',
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('job', sa.UUID(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('supplier', sa.String(), nullable=True),
        sa.Column('due_at', INSTANT, nullable=True),
        sa.Column('note', sa.String(), nullable=True),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('flags', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_sending_quantity')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_sending_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sending'))
    )
    op.create_index('ix_sending_job', 'sending', ['job', 'id'])
    op.create_table('attendance',
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('begins', INSTANT, nullable=False),
        sa.Column('ends', INSTANT, nullable=True),
        sa.CheckConstraint('ends IS NULL OR ends >= begins', name=op.f('ck_attendance_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance'))
    )
    op.create_index('uq_attendance_open', 'attendance', ['person'], unique=True, postgresql_where=sa.text('ends IS NULL'))
    op.create_index('ix_attendance_person', 'attendance', ['person', 'begins'])
    op.create_index('ix_attendance_begins', 'attendance', ['begins'])


def downgrade() -> None:
    op.drop_table('attendance')
    op.drop_table('sending')
