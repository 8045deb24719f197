"""the audit trail

Revision ID: 0002
Revises: 0001
"""

from shared.kit.revision_steps import create_audit_trail, drop_audit_trail

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_audit_trail()


def downgrade() -> None:
    drop_audit_trail()
