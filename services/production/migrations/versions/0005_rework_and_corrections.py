"""rework that goes back to an earlier operation, and corrections of results

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ALL = 'good {0} 0 AND scrap {0} 0 AND rework {0} 0'


def upgrade() -> None:
    op.add_column('result', sa.Column('rework_op', sa.Integer(), nullable=True))
    op.add_column('result', sa.Column('reworked', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('result', sa.Column('corrects', sa.UUID(), nullable=True))
    op.add_column('result', sa.Column('returned_by', sa.UUID(), nullable=True))
    op.create_foreign_key(op.f('fk_result_corrects'), 'result', 'result', ['corrects'], ['id'])
    op.create_foreign_key(op.f('fk_result_returned_by'), 'result', 'result', ['returned_by'], ['id'])
    op.create_unique_constraint(op.f('uq_result_corrects'), 'result', ['corrects'])
    op.create_index('ix_result_returned_by', 'result', ['returned_by'], postgresql_where=sa.text('returned_by IS NOT NULL'))
    op.drop_constraint(op.f('ck_result_sign'), 'result')
    op.create_check_constraint(
        op.f('ck_result_sign'), 'result',
        f"CASE WHEN (reverses IS NULL) = (returned_by IS NULL) THEN {ALL.format('>=')} ELSE {ALL.format('<=')} END",
    )
    op.create_check_constraint(op.f('ck_result_returned'), 'result', 'returned_by IS NULL OR (scrap = 0 AND rework = 0)')
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', 'scrap >= 0 AND rework >= 0 AND rework_in >= 0')


def downgrade() -> None:
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', 'good >= 0 AND scrap >= 0 AND rework >= 0 AND rework_in >= 0')
    op.drop_constraint(op.f('ck_result_returned'), 'result')
    op.drop_constraint(op.f('ck_result_sign'), 'result')
    op.create_check_constraint(
        op.f('ck_result_sign'), 'result',
        f"(reverses IS NULL AND {ALL.format('>=')}) OR (reverses IS NOT NULL AND {ALL.format('<=')})",
    )
    for name in ('returned_by', 'corrects', 'reworked', 'rework_op'):
        op.drop_column('result', name)
