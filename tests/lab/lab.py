"""A runtime with the lab published and its people in it, and short words for what tests do with them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from psycopg import sql
from psycopg.rows import dict_row

from chengdan.base.clock import utc_now
from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.run import read
from chengdan.run.commands import Attach, Command, Create, Move, Update
from chengdan.run.runtime import Runtime
from tests.lab.manifests import manifests

E = TypeVar("E", bound=ChengdanError)
Row = dict[str, Any]

HQ, EAST, SOUTH = UUID(int=0xA0), UUID(int=0xA1), UUID(int=0xA2)
TEAMS = {HQ: ("总部", None), EAST: ("华东", HQ), SOUTH: ("华南", HQ)}

KEEPER = Principal(UUID(int=0xB0), "keeper", frozenset({"keeper"}))
MING = Principal(UUID(int=0xB1), "ming", frozenset({"maker"}), (EAST,), (EAST,))
FANG = Principal(UUID(int=0xB2), "fang", frozenset({"maker"}), (EAST,), (EAST,))
LIU = Principal(UUID(int=0xB3), "liu", frozenset({"maker"}), (SOUTH,), (SOUTH,))
HEAD = Principal(UUID(int=0xB4), "head", frozenset({"head"}), (EAST,), (EAST,))
BOSS = Principal(UUID(int=0xB5), "boss", frozenset({"head"}), (HQ,), (HQ, EAST, SOUTH))
AUDITOR = Principal(UUID(int=0xB6), "auditor", frozenset({"auditor"}))
EASTERNER = Principal(UUID(int=0xB7), "easterner", frozenset({"east"}))
WRONG_ROLLUPS = """
SELECT c.id FROM data.client c LEFT JOIN LATERAL (
    SELECT count(*) AS n, coalesce(sum(value) FILTER (WHERE NOT stage IN ('done', 'dropped')), 0) AS open,
           min(value) AS lo, max(value) AS hi
    FROM data.job j WHERE j.client = c.id AND j.archived_at IS NULL
) f ON true LEFT JOIN LATERAL (
    SELECT name FROM data.job j WHERE j.client = c.id AND j.archived_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1
) g ON true
WHERE (c.job_count, c.open_value, c.smallest, c.largest, c.newest) IS DISTINCT FROM (f.n, f.open, f.lo, f.hi, g.name)
"""
"""Clients whose rollups are not what their jobs say."""

PEOPLE = (KEEPER, MING, FANG, LIU, HEAD, BOSS, AUDITOR, EASTERNER)


@dataclass
class MovingClock:
    """The time of day, `ahead` of the wall clock by what a test says."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Lab:
    """A lab's runtime. `who` is always the principal that acts or looks."""

    runtime: Runtime
    clock: MovingClock = field(default_factory=MovingClock)

    def act(self, who: Principal, command: Command) -> Row:
        return self.runtime.act(who, command)[0]

    def create(self, who: Principal, object: str, **values: Any) -> Row:
        return self.act(who, Create(object, {"name": f"{object} of {who.name}", **values}))

    def update(self, who: Principal, object: str, row: Mapping[str, Any], **changes: Any) -> Row:
        return self.act(who, Update(object, row["id"], row["version"], changes))

    def move(self, who: Principal, row: Mapping[str, Any], to: str, **reasons: str) -> Row:
        return self.act(who, Move("job", row["id"], None, to, **reasons))

    def file(self, who: Principal, name: str = "plan.txt") -> UUID:
        """An uploaded file of somebody that is filed nowhere yet."""
        id = new_id()
        content = id.bytes
        self.runtime.blobs.put(BytesIO(content), name=name)
        with self.runtime.pool.connection() as connection:
            connection.execute(
                "INSERT INTO chengdan.file (id, sha256, name, size, mime, created_by) VALUES (%s, %s, %s, %s, %s, %s)",
                (id, sha256(content).hexdigest(), name, len(content), "text/plain", who.user),
            )
        return id

    def attach(self, who: Principal, object: str, record: UUID, kind: str) -> UUID:
        file = self.file(who)
        self.act(who, Attach(object, record, file, kind))
        return file

    def refused(self, error: type[E], who: Principal, command: Command) -> E:
        """The error of a command that must be refused and leave nothing behind."""
        before = self.footprint()
        with pytest.raises(error) as refusal:
            self.runtime.act(who, command)
        assert self.footprint() == before
        return refusal.value

    # --- what is in the database, whoever may see it

    def row(self, object: str, id: UUID) -> Row:
        with self.runtime.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            query = sql.SQL("SELECT * FROM {} WHERE id = %s").format(sql.Identifier("data", object))
            row = cursor.execute(query, (id,)).fetchone()
        assert row is not None
        return row

    def query(self, statement: Any, *params: Any) -> list[tuple[Any, ...]]:
        with self.runtime.pool.connection() as connection:
            return connection.execute(statement, params).fetchall()

    def events(self, id: UUID) -> list[tuple[str, Any]]:
        """Kind and data of the events of a record, oldest first."""
        return [
            (kind, data)
            for kind, data in self.query(
                "SELECT kind, data FROM chengdan.event WHERE record_id = %s ORDER BY seq", id
            )
        ]

    def kinds(self, id: UUID) -> list[str]:
        return [kind for kind, _ in self.events(id)]

    def timers(self, id: UUID) -> dict[str, datetime]:
        return dict(self.query("SELECT key, due_at FROM chengdan.timer WHERE record_id = %s", id))

    def notifications(self, who: Principal) -> list[str]:
        return [
            zh
            for (zh,) in self.query(
                "SELECT zh FROM chengdan.notification WHERE user_id = %s ORDER BY id", who.user
            )
        ]

    def empty(self, *objects: str) -> None:
        """Take all records of `objects` away, with all timers and messages; their events stay."""
        tables = [sql.Identifier("data", name) for name in objects]
        tables += [sql.Identifier("chengdan", name) for name in ("timer", "notification")]
        with self.runtime.pool.connection() as connection:
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))

    def footprint(self) -> dict[str, str]:
        """A digest of every table that commands write to; the note that a gate held somebody up is left out."""
        tables = [("data", name) for name in self.runtime.snapshot.objects]
        tables += [("chengdan", name) for name in ("timer", "share", "file", "notification")]
        digests = {name: self._digest(schema, name) for schema, name in tables}
        digests["event"] = str(self.query("SELECT count(*) FROM chengdan.event WHERE kind <> 'gate.blocked'"))
        return digests

    def _digest(self, schema: str, name: str) -> str:
        query = sql.SQL("SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {} t").format(
            sql.Identifier(schema, name)
        )
        return str(self.query(query)[0][0])

    # --- what somebody sees

    def get(self, who: Principal, object: str, id: UUID) -> Row:
        with self.runtime.reader(who) as reader:
            found: Row = loads_exact(read.get_record(reader, object, id))
        return found

    def listed(self, who: Principal, object: str, filter: str = "", **more: Any) -> list[Row]:
        with self.runtime.reader(who) as reader:
            page = read.list_records(reader, read.ListQuery(object, filter=filter, **more))
        return [loads_exact(item) for item in page.items]

    def names(self, who: Principal, object: str, filter: str = "", **more: Any) -> list[str]:
        return [row["name"] for row in self.listed(who, object, filter, **more)]


@contextmanager
def open_lab(url: str, home: Path) -> Iterator[Lab]:
    """The lab over a database that holds it."""
    clock = MovingClock()
    with Runtime.over(url, Config(home=home, pool_size=6), clock) as runtime:
        yield Lab(runtime, clock)


def build_lab(url: str, home: Path, files: Mapping[str, str] | None = None) -> None:
    """Publish the lab in an empty database and let its people in."""
    with open_lab(url, home) as lab:
        lab.runtime.publish(files or manifests())
        for id, (name, parent) in TEAMS.items():
            lab.act(KEEPER, Create("team", {"name": name, "parent": parent}, id=id))
        for person in PEOPLE:
            values = {"username": person.name, "name": person.name, "team": next(iter(person.teams), None)}
            lab.act(KEEPER, Create("user", values, id=person.user))
        lab.query("UPDATE data.team SET lead = %s WHERE id = %s RETURNING id", HEAD.user, EAST)
