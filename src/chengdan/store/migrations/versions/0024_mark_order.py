"""The last marks of a record are found by the order in which they were left.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS mark_order ON chengdan.mark (record_id, id)")


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.mark_order")
