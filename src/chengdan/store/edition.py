"""An edition: a snapshot with what is derived from it for the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.expr.evaluate import SHANGHAI
from chengdan.expr.sql import SqlContext
from chengdan.kernel.calendar import WorkCalendar
from chengdan.kernel.gate import Surroundings
from chengdan.kernel.rollup import Watchers, watchers
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import system
from chengdan.store.people import People
from chengdan.store.sending import Joints
from chengdan.store.statement import StatementCache
from chengdan.store.tables import Tables, tables_of


@dataclass(frozen=True)
class Edition:
    """A snapshot, its tables, and what was compiled, written and learnt on it so far."""

    snapshot: Snapshot
    tables: Tables
    statements: StatementCache
    calendar: WorkCalendar
    documents: dict[Any, bytes] = field(default_factory=dict)
    texts: dict[Any, str] = field(default_factory=dict)
    joints: Joints = field(default_factory=Joints)
    gates: dict[tuple[str, str | None, str], Surroundings] = field(default_factory=dict)
    given: dict[Any, frozenset[str]] = field(default_factory=dict)
    people: People = field(default_factory=People)

    @classmethod
    def of(cls, snapshot: Snapshot, calendar: WorkCalendar) -> "Edition":
        return cls(snapshot, tables_of(snapshot), StatementCache(), calendar)

    @cached_property
    def watchers(self) -> Mapping[str, Watchers]:
        """For each child object, the rollups that watch it."""
        return watchers(self.snapshot)

    def context(self, now: datetime, me: UUID | None, zone: ZoneInfo = SHANGHAI) -> SqlContext:
        """What expressions see in a statement of this edition; `today` is that of the `zone`."""
        return SqlContext(now=now, me=me, tables=self.tables.alias, zone=zone, calendar=system.calendar)
