"""The last mark of a kind of a record is found at once, however many marks the record has.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UP = (
    "DROP INDEX IF EXISTS chengdan.mark_record",
    "CREATE INDEX IF NOT EXISTS mark_kind ON chengdan.mark (record_id, kind, id, name)",
)
DOWN = (
    "DROP INDEX chengdan.mark_kind",
    "CREATE INDEX mark_record ON chengdan.mark (record_id, at, id)",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
