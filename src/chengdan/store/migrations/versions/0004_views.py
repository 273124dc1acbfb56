"""Views that people save and share, and which view of an object each person starts with.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SAVED_VIEW = """
CREATE TABLE chengdan.saved_view (
    id uuid PRIMARY KEY,
    object text NOT NULL,
    owner uuid NOT NULL,
    name text NOT NULL,
    definition jsonb NOT NULL,
    shared text NOT NULL DEFAULT 'none' CHECK (shared IN ('none', 'team', 'everyone')),
    team uuid,
    version integer NOT NULL DEFAULT 1,
    saved_at timestamptz NOT NULL,
    UNIQUE (owner, object, name)
)
"""
SHARED = "CREATE INDEX saved_view_shared ON chengdan.saved_view (object) WHERE shared <> 'none'"
DEFAULT_VIEW = """
CREATE TABLE chengdan.default_view (
    user_id uuid NOT NULL,
    object text NOT NULL,
    view text NOT NULL,
    PRIMARY KEY (user_id, object)
)
"""


def upgrade() -> None:
    for statement in (SAVED_VIEW, SHARED, DEFAULT_VIEW):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.default_view")
    op.execute("DROP TABLE chengdan.saved_view")
