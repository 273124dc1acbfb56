"""Gates passed by exception are found by an index.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX IF NOT EXISTS event_exception ON chengdan.event (object, at) "
        "WHERE kind IN ('gate.overridden', 'signature.vouched')"
    )


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.event_exception")
