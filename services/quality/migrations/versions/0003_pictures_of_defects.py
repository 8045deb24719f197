"""pictures of defects

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.kit.revision_steps import create_media

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_media()
    op.add_column('defect', sa.Column('picture', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_defect_picture_media'), 'defect', 'media', ['picture'], ['id'])


def downgrade() -> None:
    op.drop_column('defect', 'picture')
    op.drop_table('media')
