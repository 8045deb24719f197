"""events that cannot be published, and those that failed when they were applied; instructions, which releases only name
from now on; and releases that were too large to be published

Revision ID: 0018
Revises: 0017
"""

import json

import sqlalchemy as sa
from alembic import op

from shared.kit.revision_steps import create_event_troubles, drop_event_troubles, request_republish

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

TOO_LARGE = sa.text(
    "SELECT position, body::text AS body FROM outbox WHERE published_at IS NULL"
    " AND type LIKE 'orders.work_order.released.%' AND octet_length(body::text) > 245760 ORDER BY position"
)
SHORTEN = sa.text("UPDATE outbox SET body = CAST(:body AS json) WHERE position = :position")
APPROVED = sa.text("SELECT code, revision FROM instruction_revision WHERE state = 'approved'")


def upgrade() -> None:
    create_event_troubles()
    shorten_releases()
    request_republish('instruction')


def shorten_releases() -> None:
    """Releases that no message can hold: what is told again anyway, instructions in force and names, is left out."""
    connection = op.get_bind()
    approved = {tuple(row) for row in connection.execute(APPROVED)}
    for row in connection.execute(TOO_LARGE).all():
        body = json.loads(row.body)
        for operation in body['operations']:
            instruction = operation.get('instruction')
            if instruction and (instruction['code'], instruction['revision']) in approved:
                instruction.update(title=None, pages=None)
        for material in body.get('materials', ()):
            material['name'] = {}
        connection.execute(SHORTEN, {'position': row.position, 'body': json.dumps(body, ensure_ascii=False)})


def downgrade() -> None:
    drop_event_troubles()
