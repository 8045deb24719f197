"""events that cannot be published, and those that failed when they were applied

Revision ID: 0008
Revises: 0007
"""

from shared.kit.revision_steps import create_event_troubles, drop_event_troubles

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_troubles()


def downgrade() -> None:
    drop_event_troubles()
