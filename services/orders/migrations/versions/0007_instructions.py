"""work instructions and media

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.kit.revision_steps import create_media

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_media()
    op.create_table('instruction',
        sa.Column('code', sa.String(length=60), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_instruction'))
    )
    op.create_table('instruction_revision',
        sa.Column('code', sa.String(length=60), nullable=False),
        sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('title', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('item', sa.String(length=60), nullable=True),
        sa.Column('op', sa.Integer(), nullable=True),
        sa.Column('pages', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('authors', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('written_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('submitted_by', sa.String(), nullable=True),
        sa.Column('submitted_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('approved_by', sa.String(), nullable=True),
        sa.Column('approved_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column('note', sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'approved', 'superseded', 'withdrawn')", name=op.f('ck_instruction_revision_state')),
        sa.CheckConstraint("state NOT IN ('approved', 'superseded') OR approved_by IS NOT NULL", name=op.f('ck_instruction_revision_approved')),
        sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_instruction_revision_approval')),
        sa.CheckConstraint('approved_by IS NULL OR approved_by <> ALL (authors)', name=op.f('ck_instruction_revision_four_eyes')),
        sa.ForeignKeyConstraint(['code'], ['instruction.code'], name=op.f('fk_instruction_revision_code_instruction')),
        sa.ForeignKeyConstraint(['item'], ['item.code'], name=op.f('fk_instruction_revision_item_item')),
        sa.PrimaryKeyConstraint('code', 'revision', name=op.f('pk_instruction_revision'))
    )
    op.create_index(op.f('ix_instruction_revision_item'), 'instruction_revision', ['item'], unique=False)
    op.create_index('uq_instruction_open', 'instruction_revision', ['code'], unique=True, postgresql_where=sa.text("state IN ('draft', 'in_review')"))
    op.create_index('uq_instruction_approved', 'instruction_revision', ['code'], unique=True, postgresql_where=sa.text("state = 'approved'"))
    op.create_table('instruction_reader',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('work_order', sa.UUID(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('op', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['code', 'revision'], ['instruction_revision.code', 'instruction_revision.revision'], name=op.f('fk_instruction_reader_code_instruction_revision')),
        sa.PrimaryKeyConstraint('code', 'revision', 'person', name=op.f('pk_instruction_reader'))
    )
    op.add_column('work_order_operation', sa.Column('instruction', sa.String(), nullable=True))
    op.add_column('work_order_operation', sa.Column('instruction_revision', sa.Integer(), nullable=True))
    op.create_check_constraint(op.f('ck_work_order_operation_instruction'), 'work_order_operation', '(instruction IS NULL) = (instruction_revision IS NULL)')
    op.create_index(op.f('ix_work_order_operation_instruction'), 'work_order_operation', ['instruction'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_work_order_operation_instruction'), table_name='work_order_operation')
    op.drop_constraint(op.f('ck_work_order_operation_instruction'), 'work_order_operation')
    op.drop_column('work_order_operation', 'instruction_revision')
    op.drop_column('work_order_operation', 'instruction')
    op.drop_table('instruction_reader')
    op.drop_table('instruction_revision')
    op.drop_table('instruction')
    op.drop_table('media')
