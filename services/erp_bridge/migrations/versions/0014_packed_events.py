"""events that were published long ago, packed

Revision ID: 0014
Revises: 0012
"""

from shared.kit.revision_steps import create_packed_events, drop_packed_events

revision = '0014'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_packed_events()


def downgrade() -> None:
    drop_packed_events()
