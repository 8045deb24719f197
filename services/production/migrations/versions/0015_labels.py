"""labels with their prints, templates and printers

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('label_template',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('items', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('width_mm', sa.Numeric(), nullable=False),
        sa.Column('height_mm', sa.Numeric(), nullable=False),
        sa.Column('details', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=True),
        sa.Column('with_code', sa.Boolean(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('lot', 'tag', 'box')", name=op.f('ck_label_template_kind')),
        sa.CheckConstraint('width_mm > 0 AND height_mm > 0', name=op.f('ck_label_template_size')),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_label_template'))
    )
    op.create_table('printer',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('host', sa.String(), nullable=False),
        sa.Column('port', sa.Integer(), nullable=False),
        sa.Column('dpi', sa.Integer(), nullable=False),
        sa.Column('font', sa.String(), nullable=True),
        sa.Column('machines', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('port BETWEEN 1 AND 65535', name=op.f('ck_printer_port')),
        sa.CheckConstraint('dpi IN (203, 300, 600)', name=op.f('ck_printer_dpi')),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_printer'))
    )
    op.create_table('label',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('template', sa.String(), nullable=True),
        sa.Column('lot', sa.String(), nullable=True),
        sa.Column('job', sa.Uuid(), nullable=True),
        sa.Column('machine', sa.String(), nullable=True),
        sa.Column('item', sa.String(), nullable=False),
        sa.Column('quantity', sa.Numeric(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('width_mm', sa.Numeric(), nullable=False),
        sa.Column('height_mm', sa.Numeric(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('lot', 'tag', 'box')", name=op.f('ck_label_kind')),
        sa.CheckConstraint('lot IS NOT NULL OR job IS NOT NULL', name=op.f('ck_label_of_something')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_label_job')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_label'))
    )
    op.create_index('ix_label_lot', 'label', ['lot', 'id'], postgresql_where=sa.text('lot IS NOT NULL'))
    op.create_index('ix_label_job', 'label', ['job', 'id'], postgresql_where=sa.text('job IS NOT NULL'))
    op.create_table('label_print',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('label', sa.Uuid(), nullable=False),
        sa.Column('printer', sa.String(), nullable=True),
        sa.Column('copies', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('error', sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed', 'page')", name=op.f('ck_label_print_state')),
        sa.CheckConstraint("(state = 'page') = (printer IS NULL)", name=op.f('ck_label_print_page')),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f('ck_label_print_error')),
        sa.CheckConstraint('copies BETWEEN 1 AND 500', name=op.f('ck_label_print_copies')),
        sa.ForeignKeyConstraint(['label'], ['label.id'], name=op.f('fk_label_print_label')),
        sa.ForeignKeyConstraint(['printer'], ['printer.code'], name=op.f('fk_label_print_printer')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_label_print'))
    )
    op.create_index('ix_label_print_label', 'label_print', ['label', 'id'])


def downgrade() -> None:
    op.drop_table('label_print')
    op.drop_table('label')
    op.drop_table('printer')
    op.drop_table('label_template')
