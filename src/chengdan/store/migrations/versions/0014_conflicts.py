"""Conflicts, the comparable forms of values that they are found by, and how far followers of the journal have read.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE chengdan.likeness (
        object text NOT NULL,
        record_id uuid NOT NULL,
        field text NOT NULL,
        key text NOT NULL,
        grams text[] NOT NULL DEFAULT '{}',
        PRIMARY KEY (record_id, field)
    )
    """,
    "CREATE INDEX likeness_key ON chengdan.likeness (object, field, key)",
    "CREATE INDEX likeness_near ON chengdan.likeness USING gin (grams)",
    """
    CREATE TABLE chengdan.conflict (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        object text NOT NULL,
        record_id uuid NOT NULL,
        other_id uuid,
        subject text NOT NULL,
        people uuid[] NOT NULL,
        facts jsonb NOT NULL,
        state text NOT NULL,
        found_at timestamptz NOT NULL,
        settled_at timestamptz,
        settled_by uuid,
        how text NOT NULL DEFAULT '',
        reason text NOT NULL DEFAULT '',
        CONSTRAINT conflict_once UNIQUE (name, record_id, subject)
    )
    """,
    "CREATE INDEX conflict_record ON chengdan.conflict (record_id)",
    "CREATE INDEX conflict_other ON chengdan.conflict (other_id)",
    "CREATE INDEX conflict_state ON chengdan.conflict (state, found_at)",
    "CREATE TABLE chengdan.reading (name text PRIMARY KEY, xid bigint NOT NULL, swept_on date)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("reading", "conflict", "likeness"):
        op.execute(f"DROP TABLE chengdan.{table}")
