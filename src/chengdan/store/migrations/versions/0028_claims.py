"""What somebody claimed from public pools is found by an index.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX IF NOT EXISTS event_claimed ON chengdan.event (actor, at) WHERE kind = 'pool.claimed'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.event_claimed")
