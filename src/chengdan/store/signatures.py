"""Signatures filed under records, and the certificates of seals."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, LiteralString
from uuid import UUID

from chengdan.kernel.gate import Signature
from chengdan.store.connection import Connection
from chengdan.store.unit import Unit

SIGNED, UNSIGNED, VOUCHED = "signed", "unsigned", "vouched"
"""A signature was found or drawn; none was found; none was found but somebody answers for it."""

INSERT: LiteralString = (
    "INSERT INTO chengdan.signature (id, object, record_id, deliverable, file_id, method, state, fingerprint, signer, document, "
    "address, device, created_at, created_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
VOUCH: LiteralString = (
    "UPDATE chengdan.signature SET state = 'vouched', reason = %s WHERE id = %s AND record_id = %s AND state = 'unsigned' "
    "RETURNING deliverable, file_id"
)
TRAVEL: LiteralString = "UPDATE chengdan.signature SET record_id = %s WHERE record_id = %s"
_VALID: LiteralString = (
    "SELECT s.record_id, s.deliverable, s.state <> 'unsigned', s.fingerprint FROM chengdan.signature s "
    "JOIN chengdan.file f ON f.id = s.file_id AND f.record_id = s.record_id AND f.removed_at IS NULL "
    "WHERE s.record_id = ANY(%s)"
)
_LATEST: LiteralString = (
    "SELECT DISTINCT ON (s.deliverable) s.deliverable, s.id, s.method, s.state, s.signer, s.reason, s.created_at, s.file_id, "
    "f.name FROM chengdan.signature s JOIN chengdan.file f ON f.id = s.file_id AND f.record_id = s.record_id "
    "AND f.removed_at IS NULL WHERE s.record_id = %s "
    "ORDER BY s.deliverable, s.state = 'unsigned', s.created_at DESC"
)
_CERTIFY: LiteralString = "INSERT INTO chengdan.seal_certificate (hash, certificate, created_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Kept:
    """The signature that stands for a deliverable: how it came, its state, and the paper it is on."""

    deliverable: str
    id: UUID
    method: str
    state: str
    signer: str
    reason: str
    at: datetime
    file: UUID
    name: str

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "method": self.method,
            "state": self.state,
            "signer": self.signer,
            "reason": self.reason,
            "at": self.at,
            "file": {"id": self.file, "name": self.name, "url": f"/api/files/{self.file}"},
        }


def signatures_of(unit: Unit, record: UUID) -> Mapping[str, Sequence[Signature]]:
    """The signatures under a record, by deliverable."""
    ahead = unit.work.signatures.get(record)
    if ahead is None:
        preload_signatures(unit, [record])
        ahead = unit.work.signatures.pop(record)
    return ahead


def preload_signatures(unit: Unit, ids: Collection[UUID], bare: Iterable[UUID] = ()) -> None:
    """Let the unit know the signatures under `ids`, and that the `bare` have none; for batches that file none themselves."""
    found: dict[UUID, dict[str, list[Signature]]] = {id: defaultdict(list) for id in (*ids, *bare)}
    if ids:
        for record, deliverable, valid, fingerprint in unit.execute(_VALID, (list(ids),)).fetchall():
            found[record][deliverable].append(Signature(valid, fingerprint))
    unit.work.signatures.update(found)


def latest(reader: Unit, record: UUID) -> dict[str, Kept]:
    """The newest signature for each deliverable of a record, those that count before others."""
    return {
        kept.deliverable: kept
        for kept in (Kept(*row) for row in reader.execute(_LATEST, (record,)).fetchall())
    }


def certify(unit: Unit, certificate: bytes) -> None:
    """Keep the certificate of a seal among those of this installation."""
    unit.later(_CERTIFY, (sha256(certificate).digest(), certificate, unit.now))


def certificates(connection: Connection) -> list[bytes]:
    """The certificates of this installation's seals, the oldest first."""
    rows = connection.execute(
        "SELECT certificate FROM chengdan.seal_certificate ORDER BY created_at LIMIT 100"
    )
    return [bytes(row[0]) for row in rows.fetchall()]
