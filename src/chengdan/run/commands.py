"""Commands: everything that may be done to records, as typed values that `run.action` applies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Create:
    """Create a record of `object`. `values` are raw input by field; `override_reason` and `reason` as in Move."""

    object: str
    values: Mapping[str, Any]
    reason: str = ""
    override_reason: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change fields of a record. `version` is the one the writer saw; None only for bulk work and rules."""

    object: str
    id: UUID
    version: int | None
    changes: Mapping[str, Any]
    reason: str = ""
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Move a record to stage `to`. `reason` goes on without soft deliverables, `override_reason` without hard ones."""

    object: str
    id: UUID
    version: int | None
    to: str
    reason: str = ""
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    object: str
    id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    object: str
    id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Repoint:
    """Let an archived record refer to what another one was merged into. That is no edit: no rule hears of it, no lock forbids it."""

    object: str
    id: UUID
    field: str
    target: UUID | None


@dataclass(frozen=True, slots=True)
class Tick:
    """Mark a checklist sub-step as done, or as not done."""

    object: str
    id: UUID
    name: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """Tell of work on a sub-step: scheduled, started, interrupted …; `complete` also ticks it."""

    object: str
    id: UUID
    name: str
    transition: str


@dataclass(frozen=True, slots=True)
class Attach:
    """File an uploaded file under a record as `kind`."""

    object: str
    id: UUID
    file: UUID
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Detach:
    """Take a file off its record."""

    file: UUID


@dataclass(frozen=True, slots=True)
class Sign:
    """File an uploaded paper as what proves a signature. `found`: there is a signature on it.

    `method` is `scan` or `drawn`; `fingerprint` that of the form's content; `document` the hash of what was shown to the
    signer; `address` a hash of where they were; `device` what their browser called itself.
    """

    object: str
    id: UUID
    deliverable: str
    file: UUID
    found: bool
    method: str = "scan"
    fingerprint: str = ""
    signer: str = ""
    document: str = ""
    address: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Vouch:
    """Answer for a filed paper on which no signature was found."""

    object: str
    id: UUID
    signature: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Merge the record `source` into `target`: chosen `values` are set, children re-pointed, the source archived."""

    object: str
    target: UUID
    source: UUID
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """Let a user or a team see a record (act `read`) or also change it (act `update`), for good or `until` an instant.

    A team's share reaches its members, and whoever leads it or a team above it.
    """

    object: str
    id: UUID
    grantee: UUID
    act: str = "read"
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unshare:
    object: str
    id: UUID
    grantee: UUID


@dataclass(frozen=True, slots=True)
class Comment:
    """Write a comment on a record; `mentions` are told of it. A retry with the same `comment` writes nothing more."""

    object: str
    id: UUID
    text: str
    mentions: tuple[UUID, ...] = ()
    comment: UUID | None = None


@dataclass(frozen=True, slots=True)
class EditComment:
    """Replace the text of one's own comment."""

    object: str
    id: UUID
    comment: UUID
    text: str
    mentions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveComment:
    """Take one's own comment away."""

    object: str
    id: UUID
    comment: UUID


@dataclass(frozen=True, slots=True)
class Follow:
    """Be told of a record's comments and moves from now on, or (`on` false) no longer."""

    object: str
    id: UUID
    on: bool = True


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle the `conflict` of a record: `share` it with the others, `hand_over` to `person`, or by one's word, with a reason,
    that it is `done`, that it is to be borne (`ignore`), or that it is not settled after all (`reopen`)."""

    object: str
    id: UUID
    conflict: UUID
    how: str
    reason: str = ""
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Take a record out of its pool, for oneself or for `person`."""

    object: str
    id: UUID
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Give a record back into its pool, with a note why."""

    object: str
    id: UUID
    note: str


Command = (
    Create
    | Update
    | Move
    | Archive
    | Restore
    | Tick
    | Work
    | Attach
    | Detach
    | Sign
    | Vouch
    | Merge
    | Repoint
    | Share
    | Unshare
    | Comment
    | EditComment
    | RemoveComment
    | Follow
    | Settle
    | Claim
    | Release
)
