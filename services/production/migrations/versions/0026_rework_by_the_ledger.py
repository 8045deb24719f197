"""what waits to be reworked is what was found less what was reworked, as the reports say, in whatever order they come

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', 'scrap >= 0 AND rework >= 0')


def downgrade() -> None:
    op.execute('UPDATE job SET rework_in = 0 WHERE rework_in < 0')
    op.drop_constraint(op.f('ck_job_counts'), 'job')
    op.create_check_constraint(op.f('ck_job_counts'), 'job', 'scrap >= 0 AND rework >= 0 AND rework_in >= 0')
