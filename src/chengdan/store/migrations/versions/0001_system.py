"""The system tables, the schemas and the job queue.

Revision ID: 0001
Revises:
"""

from alembic import op

from chengdan.store import sessions, system

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TRANSACTIONS_BEFORE = """
CREATE FUNCTION chengdan.transactions_before() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 0::bigint
"""
TRANSACTION_ID = """
CREATE FUNCTION chengdan.transaction_id() RETURNS bigint LANGUAGE sql VOLATILE
RETURN pg_current_xact_id()::text::bigint + chengdan.transactions_before()
"""
APPEND_ONLY = """
CREATE FUNCTION chengdan.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events and seals are only ever appended' USING ERRCODE = 'restrict_violation';
END $$
"""
EVENT_APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON chengdan.event
FOR EACH ROW EXECUTE FUNCTION chengdan.refuse_change()
"""
SEAL_APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON chengdan.seal
FOR EACH ROW EXECUTE FUNCTION chengdan.refuse_change()
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS data")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(TRANSACTIONS_BEFORE)
    op.execute(TRANSACTION_ID)
    for part in (system.metadata, sessions.metadata):
        part.create_all(op.get_bind(), checkfirst=False)
    op.execute("CREATE TABLE chengdan.event_elsewhen PARTITION OF chengdan.event DEFAULT")
    op.execute(APPEND_ONLY)
    op.execute(EVENT_APPEND_ONLY)
    op.execute(SEAL_APPEND_ONLY)


def downgrade() -> None:
    op.execute("DROP SCHEMA data CASCADE")
    for part in (sessions.metadata, system.metadata):
        part.drop_all(op.get_bind())
