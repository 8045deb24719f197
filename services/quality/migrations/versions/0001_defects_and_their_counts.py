"""defects and their counts

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('defect',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_defect'))
    )
    op.create_table('defect_count',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('machine', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('defect', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint('business_date', 'item', 'machine', 'defect', name=op.f('pk_defect_count'))
    )
    op.create_table('idempotency',
        sa.Column('key', sa.UUID(), nullable=False),
        sa.Column('fingerprint', postgresql.BYTEA(), nullable=False),
        sa.Column('answer', postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_idempotency'))
    )
    op.create_table('inbox',
        sa.Column('stream', sa.Text(), nullable=False),
        sa.Column('aggregate', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.UUID(), nullable=False),
        sa.Column('applied_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.CheckConstraint('version > 0', name=op.f('ck_inbox_version')),
        sa.PrimaryKeyConstraint('stream', 'aggregate', name=op.f('pk_inbox'))
    )
    op.create_table('known_item',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_known_item'))
    )
    op.create_table('known_machine',
        sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_known_machine'))
    )
    op.create_table('outbox',
        sa.Column('position', sa.BIGINT(), sa.Identity(always=True), nullable=False),
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('aggregate', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('time', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('body', postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column('traceparent', sa.Text(), nullable=True),
        sa.Column('published_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint('version > 0', name=op.f('ck_outbox_version')),
        sa.PrimaryKeyConstraint('position', name=op.f('pk_outbox')),
        sa.UniqueConstraint('aggregate', 'version', name=op.f('uq_outbox_aggregate')),
        sa.UniqueConstraint('id', name=op.f('uq_outbox_id'))
    )
    op.create_index('ix_outbox_unpublished', 'outbox', ['position'], unique=False, postgresql_where=sa.text('published_at IS NULL'))
    op.create_table('output_count',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('machine', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('good', sa.Numeric(), nullable=False),
        sa.Column('scrap', sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint('business_date', 'item', 'machine', name=op.f('pk_output_count'))
    )
    op.create_table('parked_event',
        sa.Column('id', sa.UUID(), nullable=False),
        sa.Column('stream', sa.Text(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('aggregate', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('time', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('body', postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('parked_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('replayed_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('replayed_by', sa.Text(), nullable=True),
        sa.CheckConstraint('(replayed_at IS NULL) = (replayed_by IS NULL)', name=op.f('ck_parked_event_replayed')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_parked_event'))
    )
    op.create_index('ix_parked_event_waiting', 'parked_event', ['stream', 'aggregate'], unique=False, postgresql_where=sa.text('replayed_at IS NULL'))


def downgrade() -> None:
    op.drop_index('ix_parked_event_waiting', table_name='parked_event', postgresql_where=sa.text('replayed_at IS NULL'))
    op.drop_table('parked_event')
    op.drop_table('output_count')
    op.drop_index('ix_outbox_unpublished', table_name='outbox', postgresql_where=sa.text('published_at IS NULL'))
    op.drop_table('outbox')
    op.drop_table('known_machine')
    op.drop_table('known_item')
    op.drop_table('inbox')
    op.drop_table('idempotency')
    op.drop_table('defect_count')
    op.drop_table('defect')
