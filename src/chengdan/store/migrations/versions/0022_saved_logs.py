"""Mappings are kept for event logs too: `kind` says which a mapping is for.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UP = (
    "ALTER TABLE chengdan.import_mapping ADD COLUMN kind text NOT NULL DEFAULT 'table'",
    "ALTER TABLE chengdan.import_mapping DROP CONSTRAINT import_mapping_pkey, "
    "ADD PRIMARY KEY (kind, object, owner, name)",
)
DOWN = (
    "DELETE FROM chengdan.import_mapping WHERE kind <> 'table'",
    "ALTER TABLE chengdan.import_mapping DROP CONSTRAINT import_mapping_pkey, "
    "ADD PRIMARY KEY (object, owner, name)",
    "ALTER TABLE chengdan.import_mapping DROP COLUMN kind",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
