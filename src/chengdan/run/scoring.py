"""Working out scores: for all records once a day and when asked, for single ones within a second or so of what bears on them.

A change leaves a note of whose scores it makes due, in its own transaction; the schedule takes the notes up in bounded
batches. So no writer waits for a score, and none is forgotten however many records an import changes.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.expr.evaluate import SHANGHAI
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.score import Figures, Score, standing
from chengdan.kernel.snapshot import AUTOMATION, Snapshot
from chengdan.run.action import apply
from chengdan.run.calibrating import calibrate
from chengdan.run.errors import NoSuchScore
from chengdan.run.figuring import digest, figures, metrics_of, this_minute, weights_of
from chengdan.run.following import follow
from chengdan.run.jobs import Progress, Steps
from chengdan.run.react import Change
from chengdan.run.runtime import Runtime
from chengdan.store import records, scores
from chengdan.store.scores import Scored, Turn
from chengdan.store.unit import Unit

SCORER = Principal(NOBODY, AUTOMATION.name, frozenset({AUTOMATION.name}))
CHUNK = 2_000
DUE_AT_ONCE = 500
PAST_WEEKS = 8
PAST_DAYS = 7
CALIBRATED_EVERY = timedelta(days=7)
POLL_SECONDS = 1.0
LOOK_SECONDS = 60.0
_LOCK = 7_061_118
_log = logging.getLogger(__name__)
Told = Callable[[int, int], None]
"""Hears how many records of how many are done."""


def _scored(
    score: Score, weights: Mapping[str, float], found: Iterable[tuple[UUID, Figures]]
) -> list[Scored]:
    return [Scored(id, known, standing(score, weights, known)) for id, known in found]


# --- one by one


def settle(runtime: Runtime, limit: int = DUE_AT_ONCE, *, rules: bool = True) -> int:
    """Work out a batch of scores that are due; returns how many notes of changes were taken up.

    Where a rule that waits for a colour is refused, that record is worked out without; no other is held up.
    """
    try:
        with runtime.unit(SCORER, "score", batch=True) as unit:
            due = scores.claim(unit.connection, limit)
            for object, ids in due.items():
                for score in unit.snapshot.scores_of(object):
                    rescore(unit, score, ids, rules=rules)
    except ChengdanError as error:
        if limit == 1:
            _refused(error, rules)
            return settle(runtime, 1, rules=False)
        return settle(runtime, limit // 2) + settle(runtime, limit - limit // 2)
    return sum(map(len, due.values()))


def _refused(error: ChengdanError, rules: bool) -> None:
    """Tell of a rule that was refused. Raises `error` when no rule can be at fault."""
    if not rules:
        raise error
    _log.warning("a rule that waits for a score was refused: %s", error)


def rescore(unit: Unit, score: Score, ids: Iterable[UUID], *, rules: bool = True) -> None:
    """Work out the score of these records in the unit, and run the `rules` that wait for its colour."""
    weights = weights_of(score, scores.state(unit.connection, score.name))
    wanted = sorted(ids)
    found = _scored(
        score, weights, figures(unit.connection, unit.edition, score, this_minute(unit.now), wanted)
    )
    gone = set(wanted) - {one.id for one in found}
    if gone:
        scores.leave_out(unit.connection, score, sorted(gone))
    turns = _keep(unit, score, found)
    if rules:
        _follow(unit, score, turns)


def _keep(unit: Unit, score: Score, found: Sequence[Scored]) -> list[Turn]:
    """Write standings, and an event for each record that changed colour."""
    day = unit.now.astimezone(SHANGHAI).date()
    turns = scores.keep(unit.connection, score, found, unit.now, day)
    for turn in turns:
        changes = {score.color_field: [turn.before, turn.after]}
        data = {"score": score.name, "value": turn.value, "changes": changes}
        unit.record(Event(EventKind.SCORED, score.object, turn.id, data, f"score/{score.name}"))
    return turns


def _follow(unit: Unit, score: Score, turns: Sequence[Turn]) -> None:
    if not turns or not unit.snapshot.rules_on(score.object, EventKind.SCORED):
        return
    held = records.lock(unit, score.object, [turn.id for turn in turns])
    for turn in turns:
        if turn.id not in held:
            continue
        row = {**held[turn.id].row, score.color_field: turn.after, score.name: turn.value}
        before = {**row, score.color_field: turn.before}
        change = Change(EventKind.SCORED, score.object, before, row, frozenset({score.color_field}))
        for ordered in follow(unit, change):
            apply(ordered.unit, ordered.command)


# --- all of them


def keep_up(runtime: Runtime) -> None:
    """Work out for all records the scores that are new, defined anew, or of another day. One process at a time."""
    with runtime.pool.connection() as guard:
        row = guard.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
        if not row or not row[0]:
            return
        for score in runtime.snapshot.scores.values():
            if _is_behind(runtime, score):
                recompute(runtime, score)


def _is_behind(runtime: Runtime, score: Score) -> bool:
    with runtime.pool.connection() as connection:
        known = scores.state(connection, score.name)
    today = runtime.clock().astimezone(SHANGHAI).date()
    return (
        known is None
        or known.definition != digest(runtime.snapshot, score)
        or known.computed_at.astimezone(SHANGHAI).date() < today
    )


def recompute(runtime: Runtime, score: Score, told: Told = lambda done, total: None) -> int:
    """Work out a score for every record; returns for how many. The first time, how they stood in the past weeks too.

    Records that turn because the definition is new set off no rules: nothing happened to them.
    """
    edition, now = runtime.edition, runtime.clock()
    with runtime.pool.connection() as connection:
        known = scores.state(connection, score.name)
        _refresh_pace(connection, edition.snapshot, score)
    if known is None or known.calibrated_at is None or now - known.calibrated_at >= CALIBRATED_EVERY:
        calibrate(runtime, score)
    if known is None:
        _fill_past(runtime, score, now)
    with runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        weights = weights_of(score, scores.state(connection, score.name))
        found = _scored(score, weights, figures(connection, edition, score, this_minute(now)))
        gone = sorted(scores.standing_ids(connection, score) - {one.id for one in found})
    same = known is not None and known.definition == digest(edition.snapshot, score)
    for start in range(0, len(found), CHUNK):
        _keep_part(runtime, score, found[start : start + CHUNK], now, rules=same)
        told(min(start + CHUNK, len(found)), len(found))
    with runtime.pool.connection() as connection:
        scores.leave_out(connection, score, gone)
        scores.thin(connection, score, now.astimezone(SHANGHAI).date())
        scores.keep_state(connection, score.name, digest(edition.snapshot, score), now)
    return len(found)


def _keep_part(
    runtime: Runtime, score: Score, found: Sequence[Scored], now: datetime, *, rules: bool
) -> None:
    """Write the standings of some records; where a rule is refused, that record's without it."""
    try:
        with runtime.unit(SCORER, "score", now=now, batch=True) as unit:
            turns = _keep(unit, score, found)
            if rules:
                _follow(unit, score, turns)
    except ChengdanError as error:
        middle = len(found) // 2
        if not middle:
            _refused(error, rules)
            return _keep_part(runtime, score, found, now, rules=False)
        _keep_part(runtime, score, found[:middle], now, rules=rules)
        _keep_part(runtime, score, found[middle:], now, rules=rules)


def _refresh_pace(connection: Any, snapshot: Snapshot, score: Score) -> None:
    for object in {metric.object for metric in metrics_of(snapshot, score) if metric.reads_pace}:
        if pipeline := snapshot.pipeline_of(object):
            scores.refresh_pace(connection, pipeline)


def _fill_past(runtime: Runtime, score: Score, now: datetime) -> None:
    """How records stood on past days, as far as what is kept tells: so a trend is there from the first day."""
    backs = sorted({*range(1, PAST_DAYS), *(7 * week for week in range(1, PAST_WEEKS + 1))}, reverse=True)
    for back in backs:
        with runtime.pool.connection() as connection:
            connection.execute("SET LOCAL statement_timeout = 0")
            then = now - timedelta(days=back)
            weights = weights_of(score, scores.state(connection, score.name))
            found = _scored(score, weights, figures(connection, runtime.edition, score, then, past=True))
            scores.keep_day(connection, score, found, then.astimezone(SHANGHAI).date())


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Keep scores up to date until `stop` is set. Survives a database that goes away for a while."""
    looked_at, version = 0.0, 0
    while not stop.is_set():
        busy = False
        try:
            busy = settle(runtime) >= DUE_AT_ONCE
            if time.monotonic() - looked_at >= LOOK_SECONDS or runtime.snapshot.version != version:
                looked_at, version = time.monotonic(), runtime.snapshot.version
                keep_up(runtime)
        except (psycopg.Error, ChengdanError) as error:
            _log.warning("scores could not be worked out, trying again: %s", error)
        except Exception:
            _log.exception("working out scores met a fault of the program")
            stop.wait(LOOK_SECONDS)
        if not busy:
            stop.wait(POLL_SECONDS)


def run_job(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Work out a score for every record, as somebody asked. Raises NoSuchScore."""
    score = runtime.snapshot.scores.get(progress.job.payload["score"])
    if score is None:
        raise NoSuchScore(name=progress.job.payload["score"])
    steps: list[Steps] = []

    def tell(done: int, total: int) -> None:
        if not steps:
            steps.append(Steps(runtime, progress, total))
        steps[0](done)

    return {"records": recompute(runtime, score, tell)}
