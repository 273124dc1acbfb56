"""How many attempts at a job were lost to what may pass by itself.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE chengdan.job ADD COLUMN IF NOT EXISTS lost_attempts integer NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE chengdan.job DROP COLUMN lost_attempts")
