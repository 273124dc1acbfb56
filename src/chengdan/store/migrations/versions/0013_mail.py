"""Mail: accounts with sealed secrets, what waits to be sent, where messages came from, and what tracked links tell.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACCOUNT = """
CREATE TABLE chengdan.mail_account (
    id uuid PRIMARY KEY,
    owner uuid NOT NULL,
    team uuid,
    address text NOT NULL,
    name text NOT NULL,
    signature text NOT NULL DEFAULT '',
    username text NOT NULL DEFAULT '',
    auth text NOT NULL DEFAULT 'password',
    secret bytea,
    token_url text NOT NULL DEFAULT '',
    client_id text NOT NULL DEFAULT '',
    smtp_host text NOT NULL DEFAULT '',
    smtp_port integer NOT NULL DEFAULT 465,
    smtp_security text NOT NULL DEFAULT 'tls',
    imap_host text NOT NULL DEFAULT '',
    imap_port integer NOT NULL DEFAULT 993,
    imap_security text NOT NULL DEFAULT 'tls',
    webhook_secret bytea,
    plus_addresses boolean NOT NULL DEFAULT false,
    offers_strangers boolean NOT NULL DEFAULT true,
    uid_validity bigint,
    uid_next bigint NOT NULL DEFAULT 0,
    checked_at timestamptz,
    failure jsonb,
    failures integer NOT NULL DEFAULT 0,
    held_until timestamptz,
    created_at timestamptz NOT NULL
)
"""
ACCOUNT_ADDRESS = "CREATE UNIQUE INDEX mail_account_address ON chengdan.mail_account (lower(address))"
ACCOUNT_OWNER = "CREATE INDEX mail_account_owner ON chengdan.mail_account (owner)"
OUTGOING = """
CREATE TABLE chengdan.mail_outgoing (
    email uuid PRIMARY KEY,
    account uuid NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    held_until timestamptz,
    queued_at timestamptz NOT NULL
)
"""
OUTGOING_DUE = (
    "CREATE INDEX mail_outgoing_due ON chengdan.mail_outgoing (due_at) WHERE state IN ('waiting', 'handing')"
)
SOURCE = """
CREATE TABLE chengdan.mail_source (
    email uuid PRIMARY KEY,
    account uuid NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL
)
"""
SEEN = """
CREATE TABLE chengdan.mail_seen (
    account uuid NOT NULL,
    message_id text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (account, message_id)
)
"""
STRANGER = """
CREATE TABLE chengdan.mail_stranger (
    id uuid PRIMARY KEY,
    account uuid NOT NULL,
    sender text NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL,
    raw bytea NOT NULL
)
"""
STRANGER_ACCOUNT = "CREATE INDEX mail_stranger_account ON chengdan.mail_stranger (account, at)"
HIT = """
CREATE TABLE chengdan.mail_hit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    link uuid NOT NULL,
    email uuid NOT NULL,
    at timestamptz NOT NULL,
    method text NOT NULL,
    agent text NOT NULL,
    network text NOT NULL,
    verdict text
)
"""
HIT_EMAIL = "CREATE INDEX mail_hit_email ON chengdan.mail_hit (email, at)"
HIT_OPEN = "CREATE INDEX mail_hit_open ON chengdan.mail_hit (at) WHERE verdict IS NULL"
PAGE_VIEW = """
CREATE TABLE chengdan.mail_page_view (
    visit uuid NOT NULL,
    page integer NOT NULL,
    link uuid NOT NULL,
    email uuid NOT NULL,
    at timestamptz NOT NULL,
    seconds integer NOT NULL,
    PRIMARY KEY (visit, page)
)
"""
PAGE_VIEW_EMAIL = "CREATE INDEX mail_page_view_email ON chengdan.mail_page_view (email)"
TABLES = ("page_view", "hit", "stranger", "seen", "source", "outgoing", "account")


def upgrade() -> None:
    for statement in (
        ACCOUNT,
        ACCOUNT_ADDRESS,
        ACCOUNT_OWNER,
        OUTGOING,
        OUTGOING_DUE,
        SOURCE,
        SEEN,
        STRANGER,
        STRANGER_ACCOUNT,
        HIT,
        HIT_EMAIL,
        HIT_OPEN,
        PAGE_VIEW,
        PAGE_VIEW_EMAIL,
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE chengdan.mail_{table}")
