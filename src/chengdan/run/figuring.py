"""What a score is made of: the metrics of its signals, the weights that are used, and the figures of records."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chengdan.kernel.calibration import Evidence, calibrated
from chengdan.kernel.metric import Metric
from chengdan.kernel.score import Figures, Score
from chengdan.kernel.snapshot import Snapshot
from chengdan.store.edition import Edition
from chengdan.store.metrics import subjects_statement
from chengdan.store.scores import State
from chengdan.store.statement import Statement, render


def metrics_of(snapshot: Snapshot, score: Score) -> list[Metric]:
    """The metrics of its signals, in their order."""
    return [snapshot.metrics[signal.metric] for signal in score.signals]


def digest(snapshot: Snapshot, score: Score) -> str:
    """Tells one definition of a score, its metrics included, from another."""
    return hashlib.sha256(repr((score, metrics_of(snapshot, score))).encode()).hexdigest()[:32]


def evidence_of(state: State | None) -> dict[str, Evidence]:
    """What history said of each signal, as it was kept."""
    told = state.evidence.get("signals", {}) if state else {}
    return {name: Evidence(one["auc"], one["won"], one["lost"]) for name, one in told.items()}


def weights_of(score: Score, state: State | None) -> dict[str, float]:
    """The weights to use: the defined ones, calibrated by what is known of history."""
    return calibrated(score, evidence_of(state))


def figures(
    connection: Any,
    edition: Edition,
    score: Score,
    now: datetime,
    ids: Iterable[UUID] | None = None,
    *,
    past: bool = False,
) -> Iterator[tuple[UUID, Figures]]:
    """The figures of all records of the score, or of those with these ids, as of `now`; of the `past` as far as it is kept."""
    statement = _statement(edition, score, now, ids is not None, past)
    sql, params = statement.bound(**({} if ids is None else {"ids": list(ids)}))
    names = [signal.metric for signal in score.signals]
    for id, *values in connection.run(sql, params).fetchall():
        yield (
            id,
            {
                name: None if value is None else round(value, 4)
                for name, value in zip(names, values, strict=True)
            },
        )


def _statement(edition: Edition, score: Score, now: datetime, some: bool, past: bool) -> Statement:
    key = ("score", score.name, some, past, now)
    found = edition.statements.get(key)
    if found is None:
        snapshot, context = edition.snapshot, edition.context(now, None)
        clause = subjects_statement(
            snapshot,
            score.object,
            metrics_of(snapshot, score),
            context,
            where=score.where,
            some=some,
            past=past,
        )
        found = edition.statements.put(key, render(clause))
    return found


def this_minute(now: datetime) -> datetime:
    """The end of the minute: what happened just now counts, and statements are made anew once a minute at most."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
