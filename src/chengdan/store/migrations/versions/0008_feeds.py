"""Calendar feeds: one secret address for each user, of which only a hash is kept.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FEED = """
CREATE TABLE chengdan.calendar_feed (
    user_id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    whose text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz
)
"""


def upgrade() -> None:
    op.execute(FEED)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.calendar_feed")
