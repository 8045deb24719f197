"""requests for publishing present states again

Revision ID: 0004
Revises: 0003
"""

from shared.kit.revision_steps import create_republish_requests, drop_republish_requests

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_republish_requests()


def downgrade() -> None:
    drop_republish_requests()
