"""Finding who looked at a record: an index over the records that an event of looking names.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX event_viewed ON chengdan.event USING gin ((data -> 'records')) WHERE kind = 'record.viewed'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.event_viewed")
