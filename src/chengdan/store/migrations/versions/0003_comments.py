"""Comments on records, and who follows them.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMMENT = """
CREATE TABLE chengdan.comment (
    id uuid PRIMARY KEY,
    object text NOT NULL,
    record_id uuid NOT NULL,
    author uuid NOT NULL,
    at timestamptz NOT NULL,
    text text NOT NULL,
    mentions uuid[] NOT NULL DEFAULT '{}',
    edited_at timestamptz,
    removed_at timestamptz
)
"""
COMMENT_RECORD = "CREATE INDEX comment_record ON chengdan.comment (record_id, id)"
FOLLOWER = """
CREATE TABLE chengdan.follower (
    object text NOT NULL,
    record_id uuid NOT NULL,
    user_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (record_id, user_id)
)
"""


def upgrade() -> None:
    for statement in (COMMENT, COMMENT_RECORD, FOLLOWER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.follower")
    op.execute("DROP TABLE chengdan.comment")
