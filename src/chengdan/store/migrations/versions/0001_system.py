"""The system tables, the schemas and the job queue.

Revision ID: 0001
Revises:
"""

from alembic import op

from chengdan.store import system

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS data")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    system.metadata.create_all(op.get_bind(), checkfirst=False)
    op.execute("CREATE TABLE chengdan.event_elsewhen PARTITION OF chengdan.event DEFAULT")


def downgrade() -> None:
    op.execute("DROP SCHEMA data CASCADE")
    system.metadata.drop_all(op.get_bind())
