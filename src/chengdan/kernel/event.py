"""Events: the facts that every change leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class EventKind(StrEnum):
    CREATED = "record.created"
    UPDATED = "record.updated"
    MOVED = "record.moved"
    ARCHIVED = "record.archived"
    RESTORED = "record.restored"
    MERGED = "record.merged"
    SHARED = "record.shared"
    UNSHARED = "record.unshared"
    SUBSTEP_DONE = "substep.done"
    SUBSTEP_UNDONE = "substep.undone"
    SUBSTEP_WORKED = "substep.worked"
    FILE_ATTACHED = "file.attached"
    FILE_REMOVED = "file.removed"
    COMMENT_ADDED = "comment.added"
    COMMENT_EDITED = "comment.edited"
    COMMENT_REMOVED = "comment.removed"
    FOLLOWED = "record.followed"
    UNFOLLOWED = "record.unfollowed"
    SCORED = "record.scored"
    SIGNATURE_ASKED = "signature.asked"
    SIGNED = "signature.given"
    SIGNATURE_MISSING = "signature.missing"
    SIGNATURE_VOUCHED = "signature.vouched"
    GATE_BLOCKED = "gate.blocked"
    GATE_OVERRIDDEN = "gate.overridden"
    RULE_FIRED = "rule.fired"
    NOTIFIED = "person.notified"
    TIMER_SET = "timer.set"
    TIMER_CANCELLED = "timer.cancelled"
    TIMER_FIRED = "timer.fired"
    CONFLICT_FOUND = "conflict.found"
    CONFLICT_SETTLED = "conflict.settled"
    CLAIMED = "pool.claimed"
    POOLED = "pool.entered"
    VIEWED = "record.viewed"
    HANDED_OVER = "person.handed_over"
    SNAPSHOT_PUBLISHED = "snapshot.published"
    LOGGED_IN = "session.opened"
    SESSIONS_ENDED = "session.ended"
    PASSWORD_LINKED = "password.linked"
    PASSWORD_SET = "password.set"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"
    OUTLET_CHANGED = "outlet.changed"
    MAIL_ACCOUNT_CHANGED = "mail.account_changed"
    MAIL_SENT = "mail.sent"
    MAIL_RECEIVED = "mail.received"
    MAIL_OPENED = "mail.opened"
    MAIL_LINK_FOLLOWED = "mail.link_followed"
    MAIL_DOCUMENT_VIEWED = "mail.document_viewed"
    MAIL_BOUNCED = "mail.bounced"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: what happened (`kind`, `data`) to which record, and through what (`cause`: `http`, `import/<job>`, `rule/<name>` …).

    The journal adds who, when, the sequence number and the snapshot version.
    """

    kind: EventKind
    object: str = ""
    record: UUID | None = None
    data: Mapping[str, Any] | None = None
    cause: str = ""
