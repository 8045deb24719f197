"""up to where a consumer agrees with its publishers, and how often an event was told again

Revision ID: 0022
Revises: 0020
"""

from shared.kit.revision_steps import create_agreement, drop_agreement

revision = '0022'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_agreement()


def downgrade() -> None:
    drop_agreement()
