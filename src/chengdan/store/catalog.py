"""The catalog: published snapshots as the manifests they were made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[tuple[Any, ...]]
CHANNEL = "chengdan_snapshot"
PUBLISH_LOCK = 7_061_117


def latest_version(connection: Connection) -> int:
    """The version in force; 0 before the first."""
    row = connection.execute("SELECT coalesce(max(version), 0) FROM chengdan.snapshot").fetchone()
    return int(row[0]) if row else 0


def files_of(connection: Connection, version: int) -> Mapping[str, str]:
    """The manifests of a version, to the byte as they were published; empty when there is no such version."""
    row = connection.execute("SELECT files FROM chengdan.snapshot WHERE version = %s", (version,)).fetchone()
    return dict(row[0]) if row else {}


def store(
    connection: Connection, version: int, files: Mapping[str, str], by: UUID | None, note: str, at: datetime
) -> None:
    """Keep a version and tell the other processes when the transaction commits."""
    connection.execute(
        "INSERT INTO chengdan.snapshot (version, files, published_by, note, published_at) VALUES (%s, %s, %s, %s, %s)",
        (version, Jsonb(dict(files)), by, note, at),
    )
    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(version)))


def lock(connection: Connection) -> None:
    """One publication at a time, until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (PUBLISH_LOCK,))
