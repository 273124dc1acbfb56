"""Signatures: which paper under a record is signed for which deliverable, by whom and how; and the certificates of seals.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SIGNATURES = """
CREATE TABLE chengdan.signature (
    id uuid PRIMARY KEY,
    object text NOT NULL,
    record_id uuid NOT NULL,
    deliverable text NOT NULL,
    file_id uuid NOT NULL,
    method text NOT NULL,
    state text NOT NULL,
    fingerprint text NOT NULL,
    signer text NOT NULL DEFAULT '',
    document text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL
);
CREATE INDEX signature_record ON chengdan.signature (record_id);
CREATE TABLE chengdan.seal_certificate (
    hash bytea PRIMARY KEY,
    certificate bytea NOT NULL,
    created_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute(SIGNATURES)


def downgrade() -> None:
    op.execute("DROP TABLE chengdan.seal_certificate; DROP TABLE chengdan.signature")
