"""What of notifications reaches whom by which channel, quiet hours, and from what a session was opened.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOTICE_SETTING = """
CREATE TABLE chengdan.notice_setting (
    user_id uuid NOT NULL,
    kind text NOT NULL,
    in_app boolean NOT NULL,
    toast boolean,
    PRIMARY KEY (user_id, kind)
)
"""
NOTICE_SETTING_MUTED = "CREATE INDEX notice_setting_muted ON chengdan.notice_setting (kind) WHERE NOT in_app"
QUIET_HOURS = """
CREATE TABLE chengdan.quiet_hours (
    user_id uuid PRIMARY KEY,
    starts smallint NOT NULL,
    ends smallint NOT NULL
)
"""
SESSION_AGENT = "ALTER TABLE chengdan.session ADD COLUMN agent text NOT NULL DEFAULT ''"
NOTIFICATION_UNREAD = (
    "CREATE INDEX notification_unread ON chengdan.notification (user_id, id) WHERE read_at IS NULL"
)


def upgrade() -> None:
    for statement in (
        NOTICE_SETTING,
        NOTICE_SETTING_MUTED,
        QUIET_HOURS,
        SESSION_AGENT,
        NOTIFICATION_UNREAD,
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX chengdan.notification_unread")
    op.execute("ALTER TABLE chengdan.session DROP COLUMN agent")
    op.execute("DROP TABLE chengdan.quiet_hours")
    op.execute("DROP TABLE chengdan.notice_setting")
