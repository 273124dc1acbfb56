"""Uploads: bytes into the blob store, a row that describes them, and reading both back within the viewer's reach."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO, LiteralString
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.kernel.pipeline import Deliverable
from chengdan.run.action import apply
from chengdan.run.commands import Attach, Sign
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.papers import Looked, look
from chengdan.run.replay import Once, answered
from chengdan.run.runtime import Runtime
from chengdan.store import idempotency
from chengdan.store.files import HEAD_BYTES, PDF_TYPE, check_upload, safe_name, thumbnail
from chengdan.store.unit import Unit

MAX_FILES = 500
INSERT_FILE: LiteralString = (
    "INSERT INTO chengdan.file (id, sha256, name, size, mime, kind, thumbnail, created_at, created_by) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_SELECT: LiteralString = (
    "SELECT f.id, f.name, f.size, f.mime, f.kind, f.created_at, f.created_by, u.name, f.sha256, f.thumbnail, f.object, "
    'f.record_id FROM chengdan.file f LEFT JOIN data."user" u ON u.id = f.created_by WHERE f.removed_at IS NULL AND '
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: what it is called, its size in bytes, its type by content, and where it is filed."""

    id: UUID
    name: str
    size: int
    mime: str
    kind: str
    created_at: datetime
    created_by: UUID
    author: str | None
    sha256: str
    thumbnail: str | None
    object: str | None
    record: UUID | None

    def as_json(self) -> dict[str, Any]:
        url = f"/api/files/{self.id}"
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "mime": self.mime,
            "kind": self.kind,
            "created_at": self.created_at,
            "created_by": {"id": self.created_by, "label": self.author},
            "url": url,
            "thumbnail_url": f"{url}/thumbnail" if self.thumbnail else None,
            "pages_url": f"{url}/pages" if self.mime == PDF_TYPE else None,
        }


@dataclass(frozen=True, slots=True)
class Filing:
    """Where an upload is to be filed."""

    object: str
    record: UUID
    kind: str = ""


def upload(
    runtime: Runtime,
    principal: Principal,
    name: str,
    stream: BinaryIO,
    filing: Filing | None,
    cause: str,
    key: str = "",
) -> StoredFile:
    """Check and keep an upload, and file it if asked; under an Idempotency-Key only once. A paper to be signed is looked at first.

    Raises the FILE and SCAN errors, NotFound, Forbidden, KeyReused; then nothing is filed.
    """
    name, limit = safe_name(name), runtime.config.max_upload_mb * 1024 * 1024
    head = stream.read(HEAD_BYTES)
    size = stream.seek(0, 2)
    mime = check_upload(head, name, size, max_bytes=limit)
    paper = _paper(runtime, principal, stream, filing)
    small = _thumbnail(runtime, stream, mime)
    stream.seek(0)
    stored = runtime.blobs.put(stream, name=name, max_bytes=limit)
    id = new_id()
    once = Once(key, _hash_of(name, stored.sha256, filing)) if key else None
    with runtime.unit(principal, cause) as unit:
        earlier = answered(unit, once) if once else None
        if earlier is None:
            kind = filing.kind if filing else ""
            row = (id, stored.sha256, name, stored.size, mime, kind, small, unit.now, unit.actor)
            unit.execute(INSERT_FILE, row)
            if filing is not None and paper is not None:
                item, looked = paper
                seen_as = looked.fingerprint
                apply(
                    unit, Sign(filing.object, filing.record, item.name, id, looked.found, fingerprint=seen_as)
                )
            elif filing is not None:
                apply(unit, Attach(filing.object, filing.record, id, kind))
            if once is not None:
                idempotency.remember(unit.connection, principal.user, once.key, str(id))
    with runtime.reader(principal) as reader:
        return find(reader, UUID(earlier) if earlier else id)


def _hash_of(name: str, sha256: str, filing: Filing | None) -> bytes:
    """What an upload asks for: which content under which name, and where to file it."""
    where = (filing.object, str(filing.record), filing.kind) if filing else ()
    return hashlib.sha256("\0".join((name, sha256, *where)).encode()).digest()


def _paper(
    runtime: Runtime, principal: Principal, stream: BinaryIO, filing: Filing | None
) -> tuple[Deliverable, Looked] | None:
    """What is seen on a paper that is filed as a signature; None for any other upload. Raises NotFound and the SCAN errors."""
    pipeline = runtime.snapshot.pipeline_of(filing.object) if filing else None
    item = pipeline.signatures.get(filing.kind) if filing and pipeline else None
    if filing is None or item is None:
        return None
    with runtime.reader(principal) as reader:
        seen(reader, filing.object, filing.record)
    stream.seek(0)
    return item, look(runtime.snapshot, item, filing.record, stream)


def _thumbnail(runtime: Runtime, stream: BinaryIO, mime: str) -> str | None:
    """The hash of a small picture of an image; None for anything else."""
    if not mime.startswith("image/"):
        return None
    stream.seek(0)
    small = thumbnail(stream)
    return runtime.blobs.put(BytesIO(small), name="thumbnail").sha256 if small else None


def find(reader: Unit, id: UUID) -> StoredFile:
    """A file that the viewer uploaded, or that lies under a record within reach. Raises NotFound."""
    row = reader.execute(_SELECT + "f.id = %s", (id,)).fetchone()
    if row is None:
        raise NotFound()
    file = StoredFile(*row)
    if file.object is not None and file.record is not None:
        seen(reader, file.object, file.record)
        if file.kind in reader.snapshot.access(reader.principal, file.object).hidden:
            raise NotFound()
    elif file.created_by != reader.principal.user:
        raise NotFound()
    return file


def files_of(reader: Unit, object: str, record: UUID) -> list[StoredFile]:
    """The files under a record, newest first, without those of hidden fields. Raises NotFound."""
    seen(reader, object, record)
    hidden = reader.snapshot.access(reader.principal, object).hidden
    rows = reader.execute(
        _SELECT + "f.record_id = %s ORDER BY f.created_at DESC LIMIT %s", (record, MAX_FILES)
    )
    files = [StoredFile(*row) for row in rows.fetchall()]
    return [file for file in files if file.kind not in hidden]
