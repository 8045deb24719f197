"""up to where a consumer agrees with its publishers, and how often an event was told again

Revision ID: 0011
Revises: 0009
"""

from shared.kit.revision_steps import create_agreement, drop_agreement

revision = '0011'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_agreement()


def downgrade() -> None:
    drop_agreement()
