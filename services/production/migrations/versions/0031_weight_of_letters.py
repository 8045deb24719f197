"""a list is walked for letters that many have, not for others

Revision ID: 0031
Revises: 0030
"""

from shared.kit.revision_steps import unweigh_search_letters, weigh_search_letters

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    weigh_search_letters()


def downgrade() -> None:
    unweigh_search_letters()
