"""pictures of defects

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('media',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('sha256', sa.LargeBinary(), nullable=False),
        sa.Column('type', sa.String(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=True),
        sa.Column('height', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('added_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('added_by', sa.String(), nullable=False),
        sa.CheckConstraint("type IN ('image/png', 'image/jpeg', 'image/webp', 'application/pdf')", name=op.f('ck_media_type')),
        sa.CheckConstraint('size = octet_length(content) AND size BETWEEN 1 AND 5242880', name=op.f('ck_media_size')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
        sa.UniqueConstraint('sha256', name=op.f('uq_media_sha256'))
    )
    # pictures are compressed already
    op.execute('ALTER TABLE media ALTER COLUMN content SET STORAGE EXTERNAL')
    op.add_column('defect', sa.Column('picture', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_defect_picture_media'), 'defect', 'media', ['picture'], ['id'])


def downgrade() -> None:
    op.drop_column('defect', 'picture')
    op.drop_table('media')
