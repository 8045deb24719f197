"""work instructions that jobs run on, and their confirmations

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('instruction',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('title', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('pages', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('code', 'revision', name=op.f('pk_instruction'))
    )
    op.create_table('instruction_confirmation',
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('device', sa.String(), nullable=True),
        sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('job', sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(['code', 'revision'], ['instruction.code', 'instruction.revision'], name=op.f('fk_instruction_confirmation_code_instruction')),
        sa.ForeignKeyConstraint(['job'], ['job.id'], name=op.f('fk_instruction_confirmation_job_job')),
        sa.PrimaryKeyConstraint('code', 'revision', 'person', name=op.f('pk_instruction_confirmation'))
    )
    op.add_column('job', sa.Column('instruction', sa.String(), nullable=True))
    op.add_column('job', sa.Column('instruction_revision', sa.Integer(), nullable=True))
    op.create_foreign_key(op.f('fk_job_instruction_instruction'), 'job', 'instruction', ['instruction', 'instruction_revision'], ['code', 'revision'])
    op.create_check_constraint(op.f('ck_job_instruction'), 'job', '(instruction IS NULL) = (instruction_revision IS NULL)')


def downgrade() -> None:
    op.drop_constraint(op.f('fk_job_instruction_instruction'), 'job')
    op.drop_constraint(op.f('ck_job_instruction'), 'job')
    op.drop_column('job', 'instruction_revision')
    op.drop_column('job', 'instruction')
    op.drop_table('instruction_confirmation')
    op.drop_table('instruction')
