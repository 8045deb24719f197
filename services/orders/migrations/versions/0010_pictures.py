"""pictures: an item's picture is one that is kept

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key(op.f('fk_item_picture_media'), 'item', 'media', ['picture'], ['id'])


def downgrade() -> None:
    op.drop_constraint(op.f('fk_item_picture_media'), 'item', type_='foreignkey')
