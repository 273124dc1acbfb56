"""The marks of a record are found in the order in which they were left, and in that in which they happened.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UP = (
    "ALTER TABLE chengdan.mark DROP CONSTRAINT mark_pkey",
    "ALTER TABLE chengdan.mark ADD CONSTRAINT mark_pkey PRIMARY KEY (record_id, id)",
    "DROP INDEX IF EXISTS chengdan.mark_record",
    "CREATE INDEX mark_record ON chengdan.mark (record_id, at, id)",
)
DOWN = (
    "ALTER TABLE chengdan.mark DROP CONSTRAINT mark_pkey",
    "ALTER TABLE chengdan.mark ADD CONSTRAINT mark_pkey PRIMARY KEY (id)",
    "DROP INDEX chengdan.mark_record",
    "CREATE INDEX mark_record ON chengdan.mark (object, record_id, at, id)",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
