"""Mail accounts that are closed, whose addresses others may use; and what somebody follows, found by who they are.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UP = (
    "ALTER TABLE chengdan.mail_account ADD COLUMN closed_at timestamptz",
    "DROP INDEX chengdan.mail_account_address",
    "CREATE UNIQUE INDEX mail_account_address ON chengdan.mail_account (lower(address)) WHERE closed_at IS NULL",
    "CREATE INDEX follower_user ON chengdan.follower (user_id, record_id)",
)
DOWN = (
    "DROP INDEX chengdan.follower_user",
    "DELETE FROM chengdan.mail_account WHERE closed_at IS NOT NULL",
    "DROP INDEX chengdan.mail_account_address",
    "CREATE UNIQUE INDEX mail_account_address ON chengdan.mail_account (lower(address))",
    "ALTER TABLE chengdan.mail_account DROP COLUMN closed_at",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
