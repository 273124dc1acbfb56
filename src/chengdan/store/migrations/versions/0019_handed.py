"""What a hand-over moved from whom to whom, so that it can be taken back.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

HANDED = """
CREATE TABLE chengdan.handed (
    job uuid NOT NULL,
    object text NOT NULL,
    record_id uuid NOT NULL,
    field text NOT NULL,
    old_user uuid NOT NULL,
    new_user uuid,
    old_team uuid,
    PRIMARY KEY (job, record_id, field)
)
"""


def upgrade() -> None:
    op.execute(HANDED)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.handed")
