"""What holds records up: for many at once, what the gate to each one's next stage still asks for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from chengdan.expr import Needs
from chengdan.kernel.gate import Surroundings
from chengdan.kernel.pipeline import Pipeline, Stage, StageKind
from chengdan.run.passing import judge
from chengdan.store.preload import preload, preload_children, preload_files
from chengdan.store.signatures import preload_signatures
from chengdan.store.unit import Row, Unit


def blockers(reader: Unit, object: str, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """For each record that is within reach and on its way: the next stage, and what it lacks for it, hard things first.

    A few statements however many records there are.
    """
    pipeline = reader.snapshot.pipeline_of(object)
    if pipeline is None:
        return {}
    wanted = set(ids)
    preload(reader, object, wanted)
    rows = [row for id in wanted if (row := reader.work.records.get((object, id))) is not None]
    steps = [(row, stage) for row in rows if (stage := following(pipeline, row[pipeline.field]))]
    _read_around(reader, pipeline, steps)
    return {row["id"]: _lacks(reader, pipeline, row, stage) for row, stage in steps}


def following(pipeline: Pipeline, stage: str | None) -> Stage | None:
    """The stage that comes after an open one."""
    if not pipeline.has(stage):
        return None
    here = pipeline.position(str(stage))
    ahead = pipeline.stages[here + 1 :]
    if pipeline.stages[here].kind is not StageKind.OPEN:
        return None
    return next((stage for stage in ahead if stage.kind is not StageKind.LOST), None)


def _lacks(reader: Unit, pipeline: Pipeline, row: Row, stage: Stage) -> dict[str, Any]:
    verdict = judge(reader, pipeline, row, row[pipeline.field], stage.name)
    unmet = sorted(verdict.unmet, key=lambda item: not item.hard)
    return {
        "to": stage.name,
        "unmet": [
            {
                "name": item.standing.deliverable.name,
                "label": item.standing.deliverable.label,
                "hint": item.standing.deliverable.hint,
                "hard": item.hard,
            }
            for item in unmet
        ],
    }


def _read_around(reader: Unit, pipeline: Pipeline, steps: list[tuple[Row, Stage]]) -> None:
    """Read what the gates will ask about these records: files, records they refer to, and lists of children."""
    rows = [row for row, _ in steps]
    needs = _needs(reader, pipeline, {(row[pipeline.field], stage.name) for row, stage in steps})
    if not rows:
        return
    preload_files(reader, [row["id"] for row in rows])
    preload_signatures(reader, [row["id"] for row in rows])
    fields = reader.snapshot.objects[pipeline.object].by_name
    for name in {path[0] for path in (*needs.references, *(path for path, _ in needs.lists)) if path}:
        preload(reader, fields[name].object, _referred(rows, name))
    lists: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (path, _), wanted in needs.lists.items():
        if len(path) <= 1:
            lists["".join(path), wanted.object, wanted.via].update(wanted.fields)
    for (name, child, via), columns in lists.items():
        parents = _referred(rows, name) if name else {row["id"] for row in rows}
        preload_children(reader, child, via, parents, columns)


def _needs(reader: Unit, pipeline: Pipeline, moves: Iterable[tuple[str, str]]) -> Needs:
    items = {item.name: item for origin, target in moves for _, item in pipeline.passed(origin, target)}
    return Surroundings.of(reader.snapshot, pipeline.object, items.values()).needs


def _referred(rows: Iterable[Mapping[str, Any]], name: str) -> set[UUID]:
    return {row[name] for row in rows if isinstance(row[name], UUID)}
