"""Marks: what records leave behind on their way through their pipelines. Filled from the journal at the next start.

A new installation has the table from the beginning.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

from chengdan.store import system

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    system.mark.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.mark")
