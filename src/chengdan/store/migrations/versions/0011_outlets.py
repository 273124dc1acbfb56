"""Outlets for notifications, what leaves through them, and digests by e-mail.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OUTLET = """
CREATE TABLE chengdan.outlet (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    address bytea NOT NULL,
    host text NOT NULL,
    secret bytea,
    locale text NOT NULL,
    active boolean NOT NULL,
    kinds text[] NOT NULL,
    urgent_only boolean NOT NULL,
    teams uuid[] NOT NULL,
    roles text[] NOT NULL,
    people uuid[] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    lease uuid,
    leased_until timestamptz
)
"""
DELIVERY = """
CREATE TABLE chengdan.delivery (
    id uuid PRIMARY KEY,
    outlet uuid,
    user_id uuid,
    kind text NOT NULL,
    subject text NOT NULL,
    object text NOT NULL DEFAULT '',
    record_id uuid,
    zh text NOT NULL,
    en text NOT NULL,
    urgent boolean NOT NULL,
    people uuid[] NOT NULL,
    count integer NOT NULL DEFAULT 1,
    at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    answer text NOT NULL DEFAULT '',
    sent_at timestamptz,
    body jsonb
)
"""
DELIVERY_DUE = (
    "CREATE INDEX delivery_due ON chengdan.delivery (outlet, due_at) WHERE state IN ('waiting', 'sending')"
)
DELIVERY_SUBJECT = "CREATE INDEX delivery_subject ON chengdan.delivery (outlet, kind, subject, id)"
DELIVERY_OUTLET = "CREATE INDEX delivery_outlet ON chengdan.delivery (outlet, id)"
DELIVERY_DEAD = "CREATE INDEX delivery_dead ON chengdan.delivery (id) WHERE state = 'dead'"
DIGEST = """
CREATE TABLE chengdan.digest (
    user_id uuid PRIMARY KEY,
    every text NOT NULL,
    minute smallint NOT NULL,
    weekday smallint NOT NULL,
    since timestamptz NOT NULL,
    next_at timestamptz NOT NULL
)
"""
DIGEST_NEXT = "CREATE INDEX digest_next ON chengdan.digest (next_at)"
PASSED_ON = "ALTER TABLE chengdan.notification ADD COLUMN passed_on boolean NOT NULL DEFAULT true"
NOT_PASSED_ON = "ALTER TABLE chengdan.notification ALTER COLUMN passed_on SET DEFAULT false"
NOTIFICATION_LEFT = "CREATE INDEX notification_left ON chengdan.notification (id) WHERE NOT passed_on"
CHANNELS = (
    "ALTER TABLE chengdan.notice_setting ADD COLUMN chat boolean NOT NULL DEFAULT true, "
    "ADD COLUMN digest boolean NOT NULL DEFAULT true"
)


def upgrade() -> None:
    for statement in (
        OUTLET,
        DELIVERY,
        DELIVERY_DUE,
        DELIVERY_SUBJECT,
        DELIVERY_OUTLET,
        DELIVERY_DEAD,
        DIGEST,
        DIGEST_NEXT,
        PASSED_ON,
        NOT_PASSED_ON,
        NOTIFICATION_LEFT,
        CHANNELS,
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE chengdan.notice_setting DROP COLUMN chat, DROP COLUMN digest")
    op.execute("ALTER TABLE chengdan.notification DROP COLUMN passed_on")
    for table in ("digest", "delivery", "outlet"):
        op.execute(f"DROP TABLE chengdan.{table}")
