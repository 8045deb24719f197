"""events that cannot be published, and those that failed when they were applied

Revision ID: 0005
Revises: 0004
"""

from shared.kit.revision_steps import create_event_troubles, drop_event_troubles

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_troubles()


def downgrade() -> None:
    drop_event_troubles()
