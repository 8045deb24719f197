"""pieces that go out to a subcontractor again; what is reworked in the shop did not come back by that

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

REWORKED = (
    'SELECT r.job, sum(r.good + r.scrap + r.rework) AS pieces FROM result r JOIN job j ON j.id = r.job'
    ' WHERE r.reworked AND j.subcontract GROUP BY r.job'
)
AGAIN = """
UPDATE sending SET reworked = least(quantity, greatest(0, again.pieces - again.later)) FROM (
  SELECT s.id, least(sum(s.quantity) OVER whole - j.planned, j.rework_in) AS pieces,
    coalesce(sum(s.quantity) OVER (PARTITION BY s.job ORDER BY s.id DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS later
  FROM sending s JOIN job j ON j.id = s.job WINDOW whole AS (PARTITION BY s.job)
) AS again WHERE again.id = sending.id AND again.pieces > again.later
"""
"""What was sent beyond the plan went again, the last pieces of it, as far as pieces were found to be reworked."""
TAKEN = 'SELECT job, sum(reworked) AS pieces FROM sending WHERE reworked > 0 GROUP BY job'


def upgrade() -> None:
    op.add_column('sending', sa.Column('reworked', sa.Numeric(), server_default='0', nullable=False))
    op.create_check_constraint(op.f('ck_sending_reworked'), 'sending', 'reworked BETWEEN 0 AND quantity')
    # found so far, as what was reworked is put back
    op.execute('CREATE TEMPORARY TABLE counted ON COMMIT DROP AS SELECT id, sent, rework_in FROM job WHERE subcontract')
    reworked = f'FROM ({REWORKED}) AS r WHERE r.job = job.id'
    op.execute(f'UPDATE job SET sent = sent + r.pieces, rework_in = rework_in + r.pieces {reworked}')
    op.execute(AGAIN)
    op.execute(f'UPDATE job SET rework_in = rework_in - r.pieces {reworked}')
    op.execute(f'UPDATE job SET rework_in = rework_in - s.pieces FROM ({TAKEN}) AS s WHERE s.job = job.id')
    op.execute(
        'INSERT INTO republish_request (kind, ids)'
        " SELECT 'job', array_agg(id::text) FROM counted c JOIN job j USING (id)"
        ' WHERE (c.sent, c.rework_in) IS DISTINCT FROM (j.sent, j.rework_in) HAVING count(*) > 0'
    )


def downgrade() -> None:
    op.execute(f'UPDATE job SET rework_in = rework_in + s.pieces FROM ({TAKEN}) AS s WHERE s.job = job.id')
    op.execute(f'UPDATE job SET sent = sent - r.pieces FROM ({REWORKED}) AS r WHERE r.job = job.id')
    op.drop_constraint(op.f('ck_sending_reworked'), 'sending')
    op.drop_column('sending', 'reworked')
