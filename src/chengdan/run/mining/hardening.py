"""Turning a deliverable that is skipped into a hard gate, or back: a published change, with a look at what it will hold up."""

from typing import Any

from chengdan.kernel.access import Principal
from chengdan.kernel.hardness import with_hardness
from chengdan.kernel.pipeline import Deliverable, Pipeline, Stage, StageKind
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.blockers import blockers
from chengdan.run.holding import require
from chengdan.run.mining.asking import Asked, NoSuchPipeline, deliverable_of
from chengdan.run.mining.report import MOST_RECORDS, records_behind
from chengdan.run.mining.skipping import skipping
from chengdan.run.runtime import Runtime
from chengdan.store.mining.figure import Figure

PUBLISH = "publish"


def preview(asked: Asked, name: str) -> dict[str, Any]:
    """What a hard gate would have held up in the period, and which records before it lack the deliverable now.

    Raises NoSuchDeliverable. `open` looks at no more than MOST_RECORDS records in the stage.
    """
    stage, item = deliverable_of(asked.pipeline, name)
    people = skipping(asked, name)["people"]
    held = {side: sum(one[side] for one in people) for side in ("skipped", "skipped_won", "skipped_lost")}
    waiting = records_behind(asked, Figure("open", stage=before(asked.pipeline, stage, item)))
    ids = [one["id"] for one in waiting["items"]]
    held_up = blockers(asked.reader, asked.pipeline.object, ids)
    lacking = {id for id, found in held_up.items() if any(one["name"] == name for one in found["unmet"])}
    return {
        "hard": item.hard,
        "blocked": held["skipped"],
        "won": held["skipped_won"],
        "lost": held["skipped_lost"],
        "open": {
            "looked_at": len(ids),
            "lacking": [one for one in waiting["items"] if one["id"] in lacking],
            "more": waiting["total"] > MOST_RECORDS,
        },
    }


def before(pipeline: Pipeline, stage: Stage, item: Deliverable) -> str:
    """The stage in which records wait for a deliverable: its own, or that before it when it is asked for on coming in."""
    if item in stage.exit:
        return stage.name
    earlier = pipeline.stages[: pipeline.position(stage.name)]
    return next((one.name for one in reversed(earlier) if one.kind is StageKind.OPEN), stage.name)


def set_hardness(runtime: Runtime, principal: Principal, pipeline: str, name: str, hard: bool) -> Snapshot:
    """Publish the pipeline with its deliverable hard or soft; every process goes by it within a second.

    Raises NotPermitted, NoSuchPipeline, NoSuchDeliverable, PublishConflict.
    """
    with runtime.reader(principal) as reader:
        require(reader, PUBLISH)
        snapshot = reader.snapshot
    found = snapshot.pipelines.get(pipeline)
    if found is None:
        raise NoSuchPipeline(path="pipeline", name=pipeline)
    _, item = deliverable_of(found, name)
    if item.hard is hard:
        return snapshot
    file = found.place.file
    files = {**snapshot.files, file: with_hardness(snapshot.files[file], name, hard)}
    word = "硬 hard" if hard else "软 soft"
    note = f"{found.label.zh} · {item.label.zh} → {word}"
    return runtime.publish(files, by=principal.user, note=note)
