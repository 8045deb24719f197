"""requests for publishing present states again

Revision ID: 0014
Revises: 0013
"""

from shared.kit.revision_steps import create_republish_requests, drop_republish_requests

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_republish_requests()


def downgrade() -> None:
    drop_republish_requests()
