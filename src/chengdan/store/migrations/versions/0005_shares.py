"""Shares that end by themselves, and shares with a whole team: `grantee` is the id of a user or of a team.

A new installation has the table in this form from the beginning.

Revision ID: 0005
Revises: 0004
"""

from alembic import op
from sqlalchemy import inspect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = {column["name"] for column in inspect(op.get_bind()).get_columns("share", schema="chengdan")}
    if "user_id" in columns:
        op.execute("ALTER TABLE chengdan.share RENAME COLUMN user_id TO grantee")
    op.execute("ALTER TABLE chengdan.share ADD COLUMN IF NOT EXISTS until timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE chengdan.share DROP COLUMN until")
    op.execute("ALTER TABLE chengdan.share RENAME COLUMN grantee TO user_id")
