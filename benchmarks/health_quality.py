"""How well does health foretell who is lost or silent within 60 days, on the demo company's held-out quarter?

The demo company of three seeds, as it stood at the beginning of its last quarter: rows are made anew from the events up to
then, so nothing of the quarter is known. Health is worked out by the product, its weights calibrated on what had happened
before. Asked are the accounts with an open opportunity that were made at least 30 days before; positive are those of which
an opportunity was lost, or which nobody reached, in the 60 days that followed. AUC: how often a positive stands below a
negative. Touches only: the count of the last 30 days. Ceiling: the generator's own hidden truth, which no record holds: the
expected share of positives by the customer's warmth on that day, whether it is cooling, and how many opportunities are open,
learnt from other seeds. The interval is the 95 % one of Hanley and McNeil.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.measure import Figure, conclude, is_quick
from chengdan.base.clock import utc_now
from chengdan.base.config import Config
from chengdan.kernel.calibration import auc
from chengdan.run import apps, loading, scoring
from chengdan.run.runtime import Runtime
from chengdan.sales.demo import generate
from chengdan.sales.demo.batch import CREATED, MOVED, UPDATED, Batch
from chengdan.sales.demo.moods import Mood
from chengdan.sales.demo.workdays import WorkDays
from chengdan.store import scores

QUARTER = timedelta(days=90)
AHEAD = timedelta(days=60)
RIPE = timedelta(days=30)
SEEDS = (101, 102, 103)
LEARNT_FROM = tuple(range(201, 213))
CLOSED = ("won", "lost")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """An account asked about: what the truth knew of it then, and whether it was lost or silent afterwards."""

    id: UUID
    truth: tuple[int, bool, int]
    positive: bool


def as_of(batches: Iterable[Batch], then: datetime) -> Iterator[Batch]:
    """The batches as they would have been written at that moment: later events, and what they changed, left out."""
    for batch in batches:
        events = [event for event in batch.events if event[0] <= then]
        states: dict[UUID, Values] = {}
        for at, actor, kind, id, data in events:
            if kind == CREATED:
                states[id] = {
                    **data["values"], "id": id, "version": 1, "created_at": at, "created_by": actor,
                    "updated_at": at, "updated_by": actor, "stage_since": at,
                }  # fmt: skip
            elif kind in (UPDATED, MOVED):
                state = states[id]
                state.update(version=data["version"], updated_at=at, updated_by=actor)
                if kind == UPDATED:
                    state.update({name: new for name, (_, new) in data["changes"].items()})
                else:
                    field = "stage" if "stage" in state else "status"
                    state.update({field: data["to"], "stage_since": at})
        rows = [tuple(_known(state.get(name), then) for name in batch.columns) for state in states.values()]
        yield Batch(batch.object, batch.columns, rows, events)


def _known(value: Any, then: datetime) -> Any:
    """A value, unless it is an instant that had not come yet."""
    return None if isinstance(value, datetime) and value > then else value


def asked(
    batches: Sequence[Batch], truth: Mapping[UUID, Mood], days: WorkDays, then: datetime
) -> list[Asked]:
    """The accounts to ask about as of `then`, by what the whole history says."""
    made: dict[UUID, datetime] = {}
    stages: defaultdict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    account_of: dict[UUID, UUID] = {}
    reached: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for batch in batches:
        for at, _, kind, id, data in batch.events:
            values = data.get("values", {})
            if kind == CREATED and batch.object == "account":
                made[id] = at
            elif batch.object == "opportunity" and kind == CREATED and values.get("account"):
                account_of[id] = values["account"]
                stages[id].append((at, values["stage"]))
            elif batch.object == "opportunity" and kind == MOVED and id in account_of:
                stages[id].append((at, data["to"]))
            elif (
                batch.object == "activity" and kind == CREATED and values.get("account") and _reached(values)
            ):
                reached[values["account"]].append(at)
    still_open: defaultdict[UUID, int] = defaultdict(int)
    lost: set[UUID] = set()
    for id, passed in stages.items():
        before = [stage for at, stage in passed if at <= then]
        if before and before[-1] not in CLOSED:
            still_open[account_of[id]] += 1
            if any(stage == "lost" and then < at <= then + AHEAD for at, stage in passed):
                lost.add(account_of[id])
    day = sum(start <= then for start in days.starts) - 1
    found = []
    for id, count in still_open.items():
        if made[id] > then - RIPE:
            continue
        mood = truth[id]
        warm, earlier = mood.warmth(day), mood.warmth(max(0, day - 10))
        silent = not any(then < at <= then + AHEAD for at in reached[id])
        known = (int(warm * 10), warm < earlier - 0.05, min(count, 4))
        found.append(Asked(id, known, id in lost or silent))
    return found


def _reached(activity: Values) -> bool:
    return bool(activity["kind"] != "note" and activity["outcome"] != "no_answer")


def learnt(seeds: Iterable[int], now: datetime, scale: float) -> dict[tuple[int, bool, int], float]:
    """The share of positives by what the truth knows, from companies of other seeds; rare cases lean to the mean."""
    tally: defaultdict[tuple[int, bool, int], list[int]] = defaultdict(lambda: [0, 0])
    for seed in seeds:
        truth: dict[UUID, Mood] = {}
        batches = list(generate(seed, scale, now, truth))
        for one in asked(batches, truth, WorkDays(now), now - QUARTER):
            tally[one.truth][0] += one.positive
            tally[one.truth][1] += 1
    positives, cases = (sum(pair[index] for pair in tally.values()) for index in (0, 1))
    mean = positives / cases
    return defaultdict(lambda: mean, {key: (hit + 5 * mean) / (n + 5) for key, (hit, n) in tally.items()})


def health_of(runtime: Runtime) -> tuple[dict[UUID, int], dict[UUID, float]]:
    """The score of each account, and its touches in 30 days."""
    with runtime.pool.connection() as connection:
        rows = connection.execute(
            "SELECT record_id, value, (figures ->> 'touches_30d')::float8 FROM chengdan.score WHERE score = 'health'"
        ).fetchall()
    return (
        {id: value for id, value, _ in rows if value is not None},
        {id: touches for id, _, touches in rows if touches is not None},
    )


def spread(area: float, positives: int, negatives: int) -> float:
    """Half the width of the 95 % interval of an AUC (Hanley and McNeil, 1982)."""
    first, second = area / (2 - area), 2 * area * area / (1 + area)
    variance = (
        area * (1 - area) + (positives - 1) * (first - area * area) + (negatives - 1) * (second - area * area)
    ) / (positives * negatives)
    return float(1.96 * max(variance, 0) ** 0.5)


def main() -> None:
    quick = is_quick(__doc__)
    scale, seeds, others = (0.3, SEEDS[:1], LEARNT_FROM[:3]) if quick else (1.0, SEEDS, LEARNT_FROM)
    now = utc_now()
    then = now - QUARTER
    expected = learnt(others, now, scale)
    sides: dict[str, dict[bool, list[float]]] = {
        name: {True: [], False: []} for name in ("health", "plain", "touches", "ceiling")
    }
    for seed in seeds:
        truth: dict[UUID, Mood] = {}
        batches = list(generate(seed, scale, now, truth))
        cases = asked(batches, truth, WorkDays(now), then)
        with (
            tempfile.TemporaryDirectory(prefix="chengdan-benchmark-", dir="/var/tmp") as home,
            Runtime.open(Config(home=Path(home) / "home"), lambda: then) as runtime,
        ):
            runtime.publish(apps.shipped("chengdan.sales"))
            loading.load(runtime, as_of(batches, then))
            score = runtime.snapshot.scores["health"]
            scoring.recompute(runtime, score)
            health, touches = health_of(runtime)
            with runtime.pool.connection() as connection:
                scores.keep_evidence(connection, score.name, then, {})
            scoring.recompute(runtime, score)
            plain, _ = health_of(runtime)
        for one in cases:
            sides["health"][one.positive].append(health.get(one.id, 50))
            sides["plain"][one.positive].append(plain.get(one.id, 50))
            sides["touches"][one.positive].append(touches.get(one.id, 0))
            sides["ceiling"][one.positive].append(-expected[one.truth])
    positives, negatives = (len(sides["health"][side]) for side in (True, False))
    areas = {name: auc(found[True], found[False]) for name, found in sides.items()}
    figures = [
        Figure("AUC of health, calibrated", areas["health"], ""),
        Figure("AUC of health, weights as shipped", areas["plain"], ""),
        Figure("AUC of touches in 30 days alone", areas["touches"], ""),
        Figure("AUC of the generator's hidden truth (ceiling)", areas["ceiling"], ""),
        Figure("half the 95 % interval of the first", spread(areas["health"], positives, negatives), ""),
        Figure("accounts lost or silent within 60 days", positives, "accounts"),
        Figure("the others asked about", negatives, "accounts"),
    ]
    conclude(sys.modules[__name__], "health_quality", figures, quick=quick)


if __name__ == "__main__":
    main()
