"""Links by which somebody sets a password of their own, once.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PASSWORD_LINK = """
CREATE TABLE chengdan.password_link (
    user_id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
)
"""


def upgrade() -> None:
    op.execute(PASSWORD_LINK)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.password_link")
