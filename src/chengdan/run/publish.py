"""Publishing: manifests → validate → plan → one transaction with DDL, catalog and event, live in every process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.json import dumps_text
from chengdan.kernel.calendar import WorkCalendar
from chengdan.kernel.event import EventKind
from chengdan.kernel.manifest import Definitions
from chengdan.kernel.plan import Difference, differences
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate import build
from chengdan.store import catalog, ddl, journal, numbering, rollups
from chengdan.store.edition import Edition
from chengdan.store.tables import SCHEMA, tables_of

Connection = psycopg.Connection[tuple[Any, ...]]
EMPTY = Snapshot(Definitions())


class PublishConflict(ChengdanError):
    """Somebody published in between."""

    code = "PUBLISH-001"
    status = 409
    zh = "第 {current} 版已由他人发布，您的修改基于第 {based_on} 版。"
    en = "Version {current} was published meanwhile; yours is based on version {based_on}."
    hint_zh = "重新生成计划后再发布。"
    hint_en = "Plan again, then publish."


class DatabaseBusy(ChengdanError):
    code = "PUBLISH-002"
    status = 503
    zh = "数据表正忙，没能在 5 秒内加锁。"
    en = "A table is busy; it could not be locked within 5 seconds."
    hint_zh = "稍后再发布。"
    hint_en = "Publish again in a moment."


@dataclass(frozen=True)
class Plan:
    """What publishing would do: the new snapshot, what differs from the one in force, and the steps in the database."""

    snapshot: Snapshot
    differences: Sequence[Difference]
    steps: Sequence[ddl.Step]


def validated(files: Mapping[str, str], version: int = 0) -> Snapshot:
    """The snapshot that the manifests make. Raises Problems with everything that is wrong."""
    snapshot, problems = build(files, version)
    if problems:
        raise Problems(problems)
    return snapshot


def plan(connection: Connection, current: Snapshot, files: Mapping[str, str]) -> Plan:
    """What publishing `files` over `current` would do. Raises Problems, ColumnTypeFixed."""
    snapshot = validated(files, current.version + 1)
    steps = ddl.missing(tables_of(snapshot), ddl.present(connection))
    return Plan(snapshot, differences(current, snapshot), steps)


def publish(
    connection: Connection,
    current: Snapshot,
    files: Mapping[str, str],
    *,
    by: UUID | None,
    now: datetime,
    note: str = "",
) -> Snapshot:
    """Publish `files` in the open transaction; the caller commits. Returns the new snapshot.

    Raises Problems, PublishConflict, ColumnTypeFixed, NotUnique, DatabaseBusy; then nothing has changed.
    """
    catalog.lock(connection)
    latest = catalog.latest_version(connection)
    if latest != current.version:
        raise PublishConflict(current=latest, based_on=current.version)
    planned = plan(connection, current, files)
    try:
        ddl.apply(connection, list(planned.steps))
        for name in numbering.sequences(tables_of(planned.snapshot)):
            connection.execute(
                sql.SQL("CREATE SEQUENCE IF NOT EXISTS {}").format(sql.Identifier(SCHEMA, name))
            )
    except psycopg.errors.LockNotAvailable:
        raise DatabaseBusy() from None
    _count_anew(connection, planned)
    version = planned.snapshot.version
    catalog.store(connection, version, files, by, note, now)
    changed = [{"act": item.act, "kind": item.kind, "name": item.name} for item in planned.differences[:500]]
    facts = dumps_text({"version": version, "note": note, "changed": changed})
    journal.append(connection, (now, by, "publish", "", None, EventKind.SNAPSHOT_PUBLISHED, facts, version))
    return planned.snapshot


def _count_anew(connection: Connection, planned: Plan) -> None:
    """Work out the rollups that are new or defined differently."""
    touched = {item.name for item in planned.differences if item.kind == "field"}
    edition = Edition.of(planned.snapshot, WorkCalendar({}))
    for item in planned.snapshot.objects.values():
        names = {
            field.name for field in item.fields if field.rollup and f"{item.name}.{field.name}" in touched
        }
        if names:
            connection.execute("SET LOCAL statement_timeout = 0")
            rollups.recompute_all(connection, edition, item.name, names)
