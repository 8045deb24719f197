"""a list is walked for letters that many have, not for others

Revision ID: 0017
Revises: 0016
"""

from shared.kit.revision_steps import unweigh_search_letters, weigh_search_letters

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    weigh_search_letters()


def downgrade() -> None:
    unweigh_search_letters()
