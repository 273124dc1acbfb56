"""A small world for expression tests: three objects, their tables, and rows full of edge cases."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FromClause,
    Integer,
    Interval,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)

from chengdan.expr import Context, Kind, Member, Type

METADATA = MetaData()
NOW = datetime(2026, 3, 15, 16, 30, 0, 123456, tzinfo=UTC)
USERS = [UUID(int=number) for number in range(1, 4)]
ME = USERS[0]
STAGES = frozenset({"lead", "proposal", "won", "lost"})


def _plain(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        METADATA,
        Column("id", Uuid, primary_key=True),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("archived_at", DateTime(timezone=True)),
        *columns,
    )


TABLES = {
    "deal": _plain(
        "deal",
        Column("name", Text),
        Column("stage", Text),
        Column("amount", Numeric),
        Column("seats", Integer),
        Column("views", BigInteger),
        Column("active", Boolean),
        Column("close_on", Date),
        Column("sent_at", DateTime(timezone=True)),
        Column("effort", Interval),
        Column("tags", ARRAY(Text)),
        Column("account", Uuid),
        Column("owner", Uuid),
        Column("backup", Uuid),
    ),
    "account": _plain(
        "account",
        Column("industry", Text),
        Column("score", Numeric),
        Column("owner", Uuid),
        Column("since", Date),
    ),
    "user": _plain("user", Column("name", Text), Column("active", Boolean)),
    "line": _plain(
        "line",
        Column("deal", Uuid),
        Column("product", Text),
        Column("price", Numeric),
        Column("count_of", Integer),
        Column("gift", Boolean),
        Column("due_on", Date),
        Column("seen_at", DateTime(timezone=True)),
        Column("took", Interval),
        Column("seller", Uuid),
    ),
    "contact": _plain("contact", Column("account", Uuid), Column("role", Text), Column("weight", Numeric)),
}
CALENDAR = Table(
    "calendar", METADATA, Column("day", Date, primary_key=True), Column("working", Boolean, nullable=False)
)
HOLIDAYS = {
    date(2026, 1, 1): False,
    date(2026, 2, 14): True,
    date(2026, 2, 16): False,
    date(2026, 2, 17): False,
}

_KINDS: dict[type, Kind] = {
    Text: Kind.TEXT,
    Numeric: Kind.NUMBER,
    Integer: Kind.NUMBER,
    BigInteger: Kind.NUMBER,
    Boolean: Kind.BOOLEAN,
    Date: Kind.DATE,
    DateTime: Kind.DATETIME,
    Interval: Kind.DURATION,
    ARRAY: Kind.TEXTS,
}
_REFERENCES = {"account": "account", "owner": "user", "backup": "user", "seller": "user", "deal": "deal"}
_LABELS = {"金额": "amount", "阶段": "stage", "预计 成交": "close_on"}
FORMULAS = {
    "deal": {
        "doubled": Member("doubled", Type(Kind.NUMBER), formula="amount * 2"),
        "value": Member("value", Type(Kind.NUMBER), formula="lines.sum(l, l.price * l.count_of) + doubled"),
    },
    "line": {"total": Member("total", Type(Kind.NUMBER), formula="price * count_of")},
    "account": {"grade": Member("grade", Type(Kind.TEXT), formula='if(score > 50, "A", "B")')},
}
LISTS = {
    ("deal", "lines"): Member("lines", Type(Kind.RECORDS, "line"), via="deal"),
    ("account", "contacts"): Member("contacts", Type(Kind.RECORDS, "contact"), via="account"),
}


def _field(object: str, column: Column[Any]) -> Member:
    if isinstance(column.type, Uuid):
        return Member(column.name, Type(Kind.RECORD, _REFERENCES.get(column.name, object)))
    options = STAGES if column.name == "stage" else None
    return Member(column.name, Type(_KINDS[type(column.type)], options=options))


MEMBERS: dict[str, dict[str, Member]] = {
    object: {column.name: _field(object, column) for column in table.columns} | FORMULAS.get(object, {})
    for object, table in TABLES.items()
}
for (_object, _name), _member in LISTS.items():
    MEMBERS[_object][_name] = _member


class SampleSchema:
    """The world as the checker sees it."""

    def member(self, object: str, name: str) -> Member | None:
        members = MEMBERS.get(object, {})
        return members.get(_LABELS.get(name, name)) if object == "deal" else members.get(name)

    def names(self, object: str) -> Sequence[str]:
        return [*MEMBERS.get(object, {}), *(_LABELS if object == "deal" else ())]


SCHEMA = SampleSchema()


class SampleCalendar:
    """The rows of the calendar table, and Monday to Friday for days it lacks."""

    def is_working(self, day: date) -> bool:
        return HOLIDAYS.get(day, day.weekday() < 5)


@dataclass(frozen=True)
class World:
    """Rows of every object by id, as the database gives them."""

    rows: Mapping[str, Mapping[UUID, Mapping[str, Any]]]

    def deals(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows["deal"].values())

    def context(self, deal: Mapping[str, Any]) -> Context:
        return Context(NOW, ME, calendar=SampleCalendar(), facts=SampleFacts(self, deal))


@dataclass(frozen=True)
class SampleFacts:
    """What is around one deal."""

    world: World
    deal: Mapping[str, Any]

    def one(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        object, current = "deal", self.deal
        for name in path:
            if current[name] is None:
                return None
            object = MEMBERS[object][name].type.object or ""
            current = self.world.rows[object][current[name]]
        return current

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Mapping[str, Any]]:
        parent = self.one(path)
        if parent is None:
            return []
        member = MEMBERS[_object_at(path)][inverse]
        rows = self.world.rows[member.type.object or ""].values()
        return [row for row in rows if row[member.via or ""] == parent["id"] and row["archived_at"] is None]


def _object_at(path: tuple[str, ...]) -> str:
    object = "deal"
    for name in path:
        object = MEMBERS[object][name].type.object or ""
    return object


def fresh_alias(object: str) -> FromClause:
    """A new alias of the table of `object`."""
    return TABLES[object].alias()


# values that are close to an edge of some rule

TEXTS = [
    None, "", "a", "A", "Zz", "proposal", "vip", "ß", "İstanbul", "中文客户", "e\u0301", "é", "😀😀", "100%", "a_b\\c", "x'y\"z",
    "  padded\u3000", "\t\n", "-12.50", "1e5", " 7 ", "aXbXc", "*?", "~", "\u3000",
]  # fmt: skip
NUMBERS = [
    None, "0", "1", "-1", "0.5", "-0.5", "1.5", "2.5", "-2.5", "0.0000000001", "-0.0000000001", "3", "7", "-7.25", "0.1", "100000",
    "99999.995", "12345678901234567890.1234567890", "-99999999999999999999.99", "999999999999999999999999999999", "1e29", "1e15",
    "0.3333333333", "6.0000000000",
]  # fmt: skip
INTEGERS = [None, 0, 1, -1, 2, 7, 30, -30, 365, 2**31 - 1, -(2**31)]
BOOLEANS = [None, True, False]
DATES = [
    None, date(2026, 1, 31), date(2024, 2, 29), date(2026, 3, 16), date(2025, 12, 31), date(2026, 2, 13), date(1, 1, 4),
    date(9999, 12, 27), date(1990, 4, 15), date(2000, 1, 1),
]  # fmt: skip
INSTANTS = [
    None, NOW, NOW - timedelta(hours=48), NOW - timedelta(hours=48, microseconds=1), datetime(2026, 3, 15, 15, 59, 59, 999999, UTC),
    datetime(2026, 3, 15, 16, 0, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 28, 23, 0, tzinfo=UTC),
    datetime(1989, 4, 16, 1, 0, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(1900, 12, 31, 15, 54, 17, tzinfo=UTC),
]  # fmt: skip
DURATIONS = [
    None, timedelta(0), timedelta(microseconds=1), timedelta(hours=48), timedelta(days=-1, microseconds=-5), timedelta(days=400),
    timedelta(days=9_999_999), timedelta(seconds=-0.5), timedelta(days=2_000_000, seconds=3, microseconds=7), timedelta(days=30),
]  # fmt: skip
TAGS = [None, [], ["vip"], ["vip", "a"], ["中文客户", "", "x"], ["vip", "vip"]]

_VALUES: dict[type, list[Any]] = {
    Text: TEXTS, Numeric: NUMBERS, Integer: INTEGERS, BigInteger: [*INTEGERS, 2**62], Boolean: BOOLEANS, Date: DATES,
    DateTime: INSTANTS, Interval: DURATIONS, ARRAY: TAGS,
}  # fmt: skip


def random_rows(chance: random.Random, deals: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table: `deals` deals, up to four lines each, some of them archived."""
    counts = {"user": len(USERS), "account": 6, "contact": 10, "deal": deals, "line": deals * 2}
    ids = {
        object: USERS if object == "user" else [UUID(int=(index + 1) * 2**96 + row) for row in range(count)]
        for index, (object, count) in enumerate(counts.items())
    }
    return {
        object: [
            {column.name: _cell(chance, object, column, ids, id) for column in table.columns}
            for id in ids[object]
        ]
        for object, table in TABLES.items()
    }


def _cell(
    chance: random.Random, object: str, column: Column[Any], ids: Mapping[str, list[UUID]], id: UUID
) -> Any:
    match column.name:
        case "id":
            return id
        case "created_at":
            return NOW - timedelta(days=chance.randrange(3))
        case "archived_at":
            return NOW if chance.random() < 0.2 else None
        case "stage":
            return chance.choice([None, "", *sorted(STAGES)])
    if isinstance(column.type, Uuid):
        return chance.choice([None, *ids[_REFERENCES[column.name]]])
    value = chance.choice(_VALUES[type(column.type)])
    return Decimal(value) if isinstance(column.type, Numeric) and value is not None else value
