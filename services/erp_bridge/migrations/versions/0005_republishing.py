"""requests for publishing present states again

Revision ID: 0005
Revises: 0004
"""

from shared.kit.revision_steps import create_republish_requests, drop_republish_requests

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_republish_requests()


def downgrade() -> None:
    drop_republish_requests()
