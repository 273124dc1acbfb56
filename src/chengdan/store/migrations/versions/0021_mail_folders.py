"""Up to which message each folder of a mailbox was read: the inbox, and the folder of what was sent by other programs.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UP = (
    "CREATE TABLE chengdan.mail_folder (account uuid NOT NULL, name text NOT NULL, uid_validity bigint NOT NULL, "
    "uid_next bigint NOT NULL, PRIMARY KEY (account, name))",
    "INSERT INTO chengdan.mail_folder (account, name, uid_validity, uid_next) "
    "SELECT id, 'INBOX', uid_validity, uid_next FROM chengdan.mail_account WHERE uid_validity IS NOT NULL",
    "ALTER TABLE chengdan.mail_account DROP COLUMN uid_validity, DROP COLUMN uid_next, "
    "ADD COLUMN takes_sent boolean NOT NULL DEFAULT true",
)
DOWN = (
    "ALTER TABLE chengdan.mail_account DROP COLUMN takes_sent, ADD COLUMN uid_validity bigint, "
    "ADD COLUMN uid_next bigint NOT NULL DEFAULT 0",
    "UPDATE chengdan.mail_account a SET uid_validity = f.uid_validity, uid_next = f.uid_next "
    "FROM chengdan.mail_folder f WHERE f.account = a.id AND f.name = 'INBOX'",
    "DROP TABLE chengdan.mail_folder",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
