"""Public links: one thing shown to somebody without a log-in. Of a token only a hash is kept; visits are counted by the slot.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LINK = """
CREATE TABLE chengdan.public_link (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    purpose text NOT NULL,
    object text NOT NULL,
    record_id uuid NOT NULL,
    data jsonb NOT NULL,
    single boolean NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX public_link_record ON chengdan.public_link (record_id, purpose);
CREATE UNLOGGED TABLE chengdan.public_visit (
    key bytea NOT NULL,
    slot timestamptz NOT NULL,
    visits integer NOT NULL,
    PRIMARY KEY (key, slot)
);
"""


def upgrade() -> None:
    op.execute(LINK)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.public_visit; DROP TABLE chengdan.public_link")
