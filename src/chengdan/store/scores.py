"""Scores in the database: whose are due, how records stand and stood, and the pace of those that were won."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import orjson
import psycopg
from psycopg import sql

from chengdan.base.json import dumps_text
from chengdan.kernel.pipeline import Pipeline, StageKind
from chengdan.kernel.score import Color, Figures, Score, Standing
from chengdan.store.sending import Write
from chengdan.store.tables import SCHEMA

Connection = psycopg.Connection[tuple[Any, ...]]
DAILY = timedelta(days=35)
KEPT = timedelta(days=400)
"""Every day is kept for so long, and Mondays for so much longer."""

MOST_PLACED = 8
_MARK: LiteralString = "INSERT INTO chengdan.score_due (object, record_id) "
_CLAIM: LiteralString = (
    "DELETE FROM chengdan.score_due WHERE seq IN "
    "(SELECT seq FROM chengdan.score_due ORDER BY seq LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING object, record_id"
)
_BEFORE: LiteralString = (
    "SELECT record_id, value, color FROM chengdan.score WHERE score = %s AND record_id = ANY(%s)"
)
_STAND: LiteralString = (
    "INSERT INTO chengdan.score AS s (score, record_id, at, value, color, known, figures) "
    "SELECT %s, m.id, %s, m.value, m.color, m.known, m.figures FROM "
    "unnest(%s::uuid[], %s::smallint[], %s::text[], %s::real[], %s::jsonb[]) AS m(id, value, color, known, figures) "
    "ON CONFLICT (score, record_id) DO UPDATE SET at = excluded.at, value = excluded.value, color = excluded.color, "
    "known = excluded.known, figures = excluded.figures WHERE s.at <= excluded.at RETURNING record_id"
)
_DAY: LiteralString = (
    "INSERT INTO chengdan.score_day (score, day, record_id, value, color) "
    "SELECT %s, %s, m.id, m.value, m.color FROM unnest(%s::uuid[], %s::smallint[], %s::text[]) AS m(id, value, color) "
    "ON CONFLICT (record_id, score, day) DO UPDATE SET value = excluded.value, color = excluded.color"
)
_THIN: LiteralString = "DELETE FROM chengdan.score_day WHERE score = %s AND (day < %s OR (day < %s AND extract(isodow FROM day) <> 1))"
_PACE: LiteralString = """
WITH won AS (
    SELECT id, created_at FROM {table} WHERE {stage} = ANY(%(won)s) AND archived_at IS NULL
    ORDER BY stage_since DESC LIMIT %(most)s
), step AS (
    SELECT e.data ->> 'from' AS stage,
           e.at - lag(e.at, 1, won.created_at) OVER (PARTITION BY e.record_id ORDER BY e.at, e.seq) AS stayed
    FROM won JOIN chengdan.event e ON e.record_id = won.id AND e.kind = 'record.moved'
)
SELECT stage, extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY stayed))::float8 / 86400, count(*)
FROM step GROUP BY stage
"""
MOST_WON = 5_000
ENOUGH_WON = 20
SHORTEST_PACE = 0.5


def mark(due: Iterable[tuple[str, UUID]]) -> Write:
    """Note in the transaction of a change whose scores it makes due. Nobody waits for anybody: the list is only added to."""
    ordered = sorted(due)
    target = ("score_due", ordered[0][1])
    if len(ordered) <= MOST_PLACED:
        places = ", ".join(["(%s, %s)"] * len(ordered))
        return Write(f"{_MARK}VALUES {places}", [value for pair in ordered for value in pair], target)
    objects, ids = [object for object, _ in ordered], [id for _, id in ordered]
    return Write(_MARK + "SELECT * FROM unnest(%s::text[], %s::uuid[])", [objects, ids], target)


def claim(connection: Connection, limit: int) -> Mapping[str, set[UUID]]:
    """Take at most `limit` notes off the list: the records whose scores are due, by their objects."""
    found: dict[str, set[UUID]] = {}
    for object, id in connection.execute(_CLAIM, (limit,)).fetchall():
        found.setdefault(object, set()).add(id)
    return found


@dataclass(frozen=True, slots=True)
class Scored:
    """A record's figures, and the standing that they give."""

    id: UUID
    figures: Figures
    standing: Standing


@dataclass(frozen=True, slots=True)
class Turn:
    """A record whose colour changed: from which to which, None being none."""

    id: UUID
    before: str | None
    after: str | None
    value: int | None


def keep(
    connection: Connection, score: Score, scored: Sequence[Scored], at: datetime, day: date
) -> list[Turn]:
    """Write how these records stand `at` that moment, on their rows too; what is known from later stays.

    Returns those that had a standing and changed colour. Rows are locked in the order of their ids.
    """
    scored = sorted(scored, key=lambda one: one.id)
    ids = [one.id for one in scored]
    before = {id: color for id, _, color in connection.execute(_BEFORE, (score.name, ids)).fetchall()}
    columns = _columns(scored)
    lock = sql.SQL("SELECT id FROM {} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE").format(
        sql.Identifier(SCHEMA, score.object)
    )
    connection.execute(lock, (ids,))
    known = [one.standing.known for one in scored]
    figures = [dumps_text(one.figures) for one in scored]
    written = {
        id for (id,) in connection.execute(_STAND, (score.name, at, *columns, known, figures)).fetchall()
    }
    fresh = [one for one in scored if one.id in written]
    _show(connection, score, fresh)
    keep_day(connection, score, fresh, day)
    return [
        Turn(one.id, before[one.id], one.standing.color, one.standing.value)
        for one in fresh
        if one.id in before and before[one.id] != one.standing.color
    ]


def _show(connection: Connection, score: Score, scored: Sequence[Scored]) -> None:
    """The value and colour on the records' own rows. Their versions stay: nobody changed the records."""
    statement = sql.SQL(
        "UPDATE {table} AS t SET {value} = m.value, {color} = m.color "
        "FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS m(id, value, color) "
        "WHERE t.id = m.id AND (t.{value}, t.{color}) IS DISTINCT FROM (m.value, m.color)"
    ).format(
        table=sql.Identifier(SCHEMA, score.object),
        value=sql.Identifier(score.name),
        color=sql.Identifier(score.color_field),
    )
    connection.execute(statement, _columns(scored))


def keep_day(connection: Connection, score: Score, scored: Sequence[Scored], day: date) -> None:
    """Write how records stood on a day."""
    connection.execute(_DAY, (score.name, day, *_columns(scored)))


def _columns(scored: Sequence[Scored]) -> tuple[list[UUID], list[int | None], list[Color | None]]:
    standings = [one.standing for one in scored]
    return (
        [one.id for one in scored],
        [standing.value for standing in standings],
        [standing.color for standing in standings],
    )


def thin(connection: Connection, score: Score, today: date) -> None:
    """Drop days that are past keeping: after a month all but Mondays."""
    connection.execute(_THIN, (score.name, today - KEPT, today - DAILY))


def leave_out(connection: Connection, score: Score, ids: Sequence[UUID]) -> None:
    """Take the standing of records away that have none any more."""
    statement = sql.SQL(
        "UPDATE {table} SET {value} = NULL, {color} = NULL WHERE id = ANY(%s) AND {value} IS NOT NULL"
    ).format(
        table=sql.Identifier(SCHEMA, score.object),
        value=sql.Identifier(score.name),
        color=sql.Identifier(score.color_field),
    )
    connection.execute(statement, (list(ids),))
    connection.execute(
        "DELETE FROM chengdan.score WHERE score = %s AND record_id = ANY(%s)", (score.name, list(ids))
    )


def standing_ids(connection: Connection, score: Score) -> set[UUID]:
    """The records that have a standing."""
    rows = connection.execute("SELECT record_id FROM chengdan.score WHERE score = %s", (score.name,))
    return {id for (id,) in rows.fetchall()}


# --- the state of a score


@dataclass(frozen=True, slots=True)
class State:
    """When a score was worked out for all, of which definition, and what history said of its weights when."""

    definition: str
    computed_at: datetime
    calibrated_at: datetime | None
    evidence: Mapping[str, Any]


def state(connection: Any, name: str) -> State | None:
    row = connection.execute(
        "SELECT definition, computed_at, calibrated_at, evidence FROM chengdan.score_state WHERE score = %s",
        (name,),
    ).fetchone()
    return None if row is None else State(*row)


def keep_state(connection: Connection, name: str, definition: str, at: datetime) -> None:
    connection.execute(
        "INSERT INTO chengdan.score_state (score, definition, computed_at) VALUES (%s, %s, %s) "
        "ON CONFLICT (score) DO UPDATE SET definition = excluded.definition, computed_at = excluded.computed_at",
        (name, definition, at),
    )


def keep_evidence(connection: Connection, name: str, at: datetime, evidence: Mapping[str, Any]) -> None:
    connection.execute(
        "INSERT INTO chengdan.score_state (score, definition, computed_at, calibrated_at, evidence) "
        "VALUES (%s, '', 'epoch', %s, %s::jsonb) "
        "ON CONFLICT (score) DO UPDATE SET calibrated_at = excluded.calibrated_at, evidence = excluded.evidence",
        (name, at, dumps_text(evidence)),
    )


# --- pace


def refresh_pace(connection: Connection, pipeline: Pipeline) -> None:
    """Work out anew how long won records stayed in each stage; few of them are mixed with what the stage expects."""
    won = [stage.name for stage in pipeline.stages if stage.kind is StageKind.WON]
    statement = sql.SQL(_PACE).format(
        table=sql.Identifier(SCHEMA, pipeline.object), stage=sql.Identifier(pipeline.field)
    )
    rows = connection.execute(statement, {"won": won, "most": MOST_WON}).fetchall()
    found = {stage: (days, records) for stage, days, records in rows}
    kept = []
    for stage in pipeline.stages:
        days, records = found.get(stage.name, (0.0, 0))
        expected = float(stage.sla_days or 0)
        if expected and records < ENOUGH_WON:
            days = (records * days + (ENOUGH_WON - records) * expected) / ENOUGH_WON
        if days:
            kept.append((pipeline.object, stage.name, max(days, SHORTEST_PACE), records))
    connection.execute("DELETE FROM chengdan.pace WHERE object = %s", (pipeline.object,))
    for row in kept:
        connection.execute(
            "INSERT INTO chengdan.pace (object, stage, days, records) VALUES (%s, %s, %s, %s)", row
        )


def figures_of(text: str | bytes) -> dict[str, float | None]:
    """Figures as they are kept."""
    read: dict[str, float | None] = orjson.loads(text)
    return read
