"""The job queue in a schema of its own, and the rows that imports refused until they are handed back.

Revision ID: 0002
Revises: 0001
"""

from typing import Any

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSED_ROW = """
CREATE TABLE chengdan.refused_row (
    job uuid NOT NULL REFERENCES chengdan.job ON DELETE CASCADE,
    line bigint NOT NULL,
    cells text[] NOT NULL,
    code text NOT NULL,
    message text NOT NULL,
    hint text NOT NULL,
    PRIMARY KEY (job, line)
)
"""


def upgrade() -> None:
    connection: Any = op.get_bind().connection.driver_connection
    connection.execute("CREATE SCHEMA procrastinate")
    connection.execute("SET LOCAL search_path = procrastinate")
    connection.execute(SchemaManager.get_schema())
    connection.execute("SET LOCAL search_path = public")
    connection.execute(REFUSED_ROW)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.refused_row")
    op.execute("DROP SCHEMA procrastinate CASCADE")
