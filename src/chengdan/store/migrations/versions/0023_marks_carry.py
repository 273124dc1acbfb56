"""Marks carry what the earlier ones of their record say. They are made again from the journal at the next start.

A new installation has the columns from the beginning.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UP = (
    "TRUNCATE chengdan.mark",
    "ALTER TABLE chengdan.mark ADD COLUMN IF NOT EXISTS visit integer NOT NULL, ADD COLUMN IF NOT EXISTS since timestamptz, "
    "ADD COLUMN IF NOT EXISTS again boolean NOT NULL, ADD COLUMN IF NOT EXISTS bounced boolean NOT NULL, "
    "ADD COLUMN IF NOT EXISTS after text, ADD COLUMN IF NOT EXISTS after_at timestamptz",
    "CREATE INDEX IF NOT EXISTS mark_at ON chengdan.mark (object, at)",
)
DOWN = (
    "DROP INDEX chengdan.mark_at",
    "ALTER TABLE chengdan.mark DROP COLUMN visit, DROP COLUMN since, DROP COLUMN again, DROP COLUMN bounced, "
    "DROP COLUMN after, DROP COLUMN after_at",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
