"""The trail of a person is found by an index.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS event_actor ON chengdan.event (actor, xid, seq)")


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.event_actor")
