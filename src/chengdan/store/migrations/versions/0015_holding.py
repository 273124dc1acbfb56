"""Since when somebody holds a record of an object with a public pool, or nobody does.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE chengdan.holding (
        object text NOT NULL,
        record_id uuid PRIMARY KEY,
        holder uuid,
        former uuid,
        since timestamptz NOT NULL,
        how text NOT NULL,
        note text NOT NULL DEFAULT '',
        warned_at timestamptz
    )
    """,
    "CREATE INDEX holding_pool ON chengdan.holding (object, since) WHERE holder IS NULL",
    "CREATE INDEX holding_holder ON chengdan.holding (holder, since)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.holding")
