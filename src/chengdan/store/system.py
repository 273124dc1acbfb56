"""The system's own tables (schema `chengdan`), beside the tables of the objects (schema `data`)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SCHEMA = "chengdan"
metadata = MetaData(schema=SCHEMA)
added = MetaData(schema=SCHEMA)
"""Tables that migrations after the first one make."""


Instant = DateTime(timezone=True)

snapshot = Table(
    "snapshot",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False, server_default=func.now()),
    Column("published_by", Uuid),
    Column("note", Text, nullable=False, server_default=""),
    Column("files", JSONB, nullable=False),
)

event_seq = Sequence("event_seq", metadata=metadata)
"""Without a cache per connection: the events of a record must be numbered in the order in which they happened."""

EXCEPTIONAL = "kind IN ('gate.overridden', 'signature.vouched')"
"""Which events tell of a gate passed by exception; word for word in a statement that is to use their index."""

event = Table(
    "event",
    metadata,
    Column("seq", BigInteger, event_seq, nullable=False, server_default=event_seq.next_value()),
    Column("at", Instant, nullable=False, server_default=func.clock_timestamp()),
    Column("actor", Uuid),
    Column("cause", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("record_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("xid", BigInteger, nullable=False, server_default=text("chengdan.transaction_id()")),
    Index("event_record", "record_id", "seq"),
    Index("event_xid", "xid"),
    Index("event_actor", "actor", "xid", "seq"),
    Index("event_claimed", "actor", "at", postgresql_where=text("kind = 'pool.claimed'")),
    Index("event_exception", "object", "at", postgresql_where=text(EXCEPTIONAL)),
    postgresql_partition_by="RANGE (at)",
)

mark = Table(
    "mark",
    metadata,
    Column("id", BigInteger, Identity(), nullable=False),
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("met", ARRAY(Text)),
    Column("without", ARRAY(Text)),
    Column("actor", Uuid),
    Column("resource", Text),
    Column("visit", Integer, nullable=False),
    Column("since", Instant),
    Column("again", Boolean, nullable=False),
    Column("bounced", Boolean, nullable=False),
    Column("after", Text),
    Column("after_at", Instant),
    PrimaryKeyConstraint("record_id", "id"),
    Index("mark_kind", "record_id", "kind", "id", "name"),
    Index("mark_at", "object", "at"),
)
"""What records left behind on their way through their pipelines (see `kernel.mark`); derived from the events.

A mark carries what the record's earlier ones say, so that no report goes through them in their order: `visit` is the number
of the stay that it begins or belongs to, `since` when the record had entered a stage before, `again` whether there was one of
its kind and name, `bounced` whether it leads straight back to where the stage before was entered from, `after` and `after_at`
the one before it among stages entered and sub-steps done.
"""

seal = Table(
    "seal",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("xid_from", BigInteger, nullable=False),
    Column("xid_to", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

timer = Table(
    "timer",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("rule", Text, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    UniqueConstraint("record_id", "key", name="timer_record_key"),
    Index("timer_due", "due_at"),
)

share = Table(
    "share",
    metadata,
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("grantee", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("shared_by", Uuid, nullable=False),
    Column("shared_at", Instant, nullable=False, server_default=func.now()),
    Column("until", Instant),
    PrimaryKeyConstraint("grantee", "object", "record_id"),
    Index("share_record", "record_id"),
)

file = Table(
    "file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mime", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),
    Column("thumbnail", Text),
    Column("object", Text),
    Column("record_id", Uuid),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    Column("created_by", Uuid, nullable=False),
    Column("removed_at", Instant),
    Index("file_record", "record_id", "kind"),
)

notification = Table(
    "notification",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False, server_default=func.now()),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("object", Text, nullable=False),
    Column("record_id", Uuid),
    Column("rule", Text, nullable=False, server_default=""),
    Column("read_at", Instant),
    Index("notification_user", "user_id", "id"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
)

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("result", JSONB, nullable=False, server_default="{}"),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("cancel", Boolean, nullable=False, server_default="false"),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    Column("finished_at", Instant),
    Column("lost_attempts", Integer, nullable=False, server_default="0"),
    Index("job_owner", "owner", "created_at"),
)

likeness = Table(
    "likeness",
    added,
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("field", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("grams", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("record_id", "field"),
    Index("likeness_key", "object", "field", "key"),
)
"""The comparable form of every value by which records may be the same (see `kernel.likeness`)."""

conflict = Table(
    "conflict",
    added,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("other_id", Uuid),
    Column("subject", Text, nullable=False),
    Column("people", ARRAY(Uuid), nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Uuid),
    Column("how", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("name", "record_id", "subject", name="conflict_once"),
    Index("conflict_other", "other_id"),
    Index("conflict_record", "record_id"),
    Index("conflict_state", "state", "found_at"),
)

holding = Table(
    "holding",
    added,
    Column("object", Text, nullable=False),
    Column("record_id", Uuid, primary_key=True),
    Column("holder", Uuid),
    Column("former", Uuid),
    Column("since", Instant, nullable=False),
    Column("how", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("warned_at", Instant),
    Index("holding_pool", "object", "since", postgresql_where=text("holder IS NULL")),
    Index("holding_holder", "holder", "since"),
)
"""Since when somebody holds a record of an object with a pool, or nobody does, and how that came about. A record that never
changed hands has no row."""

reading = Table(
    "reading",
    added,
    Column("name", Text, primary_key=True),
    Column("xid", BigInteger, nullable=False),
    Column("swept_on", Date),
)
"""How far a follower of the journal has read, and on which day it last looked at everything."""

load = Table(
    "load",
    added,
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""A history that was loaded at once (see `store.loads`)."""

import_mapping = Table(
    "import_mapping",
    metadata,
    Column("name", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("mapping", JSONB, nullable=False),
    Column("saved_at", Instant, nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("object", "owner", "name"),
)

TextArray = ARRAY(Text)
