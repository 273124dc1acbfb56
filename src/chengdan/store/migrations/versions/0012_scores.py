"""Scores: where records stand, how they stood day by day, whose score is due, and what history says of the weights.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE chengdan.score (
        score text NOT NULL,
        record_id uuid NOT NULL,
        at timestamptz NOT NULL,
        value smallint,
        color text,
        known real NOT NULL,
        figures jsonb NOT NULL,
        PRIMARY KEY (score, record_id)
    )
    """,
    """
    CREATE TABLE chengdan.score_day (
        score text NOT NULL,
        day date NOT NULL,
        record_id uuid NOT NULL,
        value smallint,
        color text,
        PRIMARY KEY (record_id, score, day)
    )
    """,
    "CREATE INDEX score_day_ix ON chengdan.score_day (score, day)",
    """
    CREATE TABLE chengdan.score_due (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        object text NOT NULL,
        record_id uuid NOT NULL
    )
    """,
    """
    CREATE TABLE chengdan.score_state (
        score text PRIMARY KEY,
        definition text NOT NULL,
        computed_at timestamptz NOT NULL,
        calibrated_at timestamptz,
        evidence jsonb NOT NULL DEFAULT '{}'
    )
    """,
    """
    CREATE TABLE chengdan.pace (
        object text NOT NULL,
        stage text NOT NULL,
        days numeric NOT NULL,
        records bigint NOT NULL,
        PRIMARY KEY (object, stage)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for name in ("pace", "score_state", "score_due", "score_day", "score"):
        op.execute(f"DROP TABLE chengdan.{name}")
