"""Whether a history that was loaded at once is whole.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE chengdan.load (begun_at timestamptz NOT NULL, ended_at timestamptz)")


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.load")
