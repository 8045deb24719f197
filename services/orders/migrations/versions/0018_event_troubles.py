"""events that cannot be published, and those that failed when they were applied; instructions, which releases only name
from now on; and releases that were too large to be published

Revision ID: 0018
Revises: 0014
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.kit.revision_steps import create_event_troubles, drop_event_troubles, request_republish

revision = '0018'
down_revision = '0014'
branch_labels = None
depends_on = None

TOO_LARGE = sa.text(
    "SELECT position, body::text AS body FROM outbox WHERE published_at IS NULL"
    " AND type LIKE 'orders.work_order.released.%' AND octet_length(body::text) > 245760 ORDER BY position"
)
SHORTEN = sa.text("UPDATE outbox SET body = CAST(:body AS json) WHERE position = :position")
COUNT_UP = sa.text("UPDATE instruction SET version = version + 1 WHERE code = :code RETURNING version")
TELL = sa.text(
    "INSERT INTO outbox (id, type, aggregate, version, time, body) VALUES (gen_random_uuid(),"
    " 'orders.instruction.changed.v1', :aggregate, :version, now(), CAST(:body AS json))"
)


def upgrade() -> None:
    create_event_troubles()
    shorten_releases()
    request_republish('instruction')


def shorten_releases() -> None:
    """Releases that no message can hold: their instructions are told by events of their own, names are left out."""
    connection = op.get_bind()
    told: set[tuple[str, int]] = set()
    for row in connection.execute(TOO_LARGE).all():
        body = json.loads(row.body)
        for operation in body['operations']:
            instruction = operation.get('instruction')
            if not instruction:
                continue
            revision_ = (instruction['code'], instruction['revision'])
            if revision_ not in told:
                told.add(revision_)
                tell(connection, instruction)
            instruction.update(title=None, pages=None)
        for material in body.get('materials', ()):
            material['name'] = {}
        connection.execute(SHORTEN, {'position': row.position, 'body': json.dumps(body, ensure_ascii=False)})


def tell(connection: sa.Connection, instruction: dict[str, Any]) -> None:
    pages = [{'text': page['text'], 'media_id': page.get('media_id', page.get('media'))} for page in instruction['pages']]
    body = {**instruction, 'state': 'approved', 'pages': pages}
    version = connection.execute(COUNT_UP, {'code': instruction['code']}).scalar_one()
    connection.execute(
        TELL,
        {
            'aggregate': f"instruction/{instruction['code']}",
            'version': version,
            'body': json.dumps(body, ensure_ascii=False),
        },
    )


def downgrade() -> None:
    drop_event_troubles()
