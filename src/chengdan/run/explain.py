"""Explaining: how a record stands in its pipeline, and what a move would need."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from chengdan.kernel.access import Act
from chengdan.kernel.event import EventKind
from chengdan.kernel.gate import Standing
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Pipeline, Stage
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.wanted import wanted
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, pipeline_of
from chengdan.run.passing import judge, standings
from chengdan.store import links, signatures
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit
from chengdan.store.visibility import reach, scope_params


def seen(reader: Unit, object: str, id: UUID) -> Row:
    """All columns of one record within the viewer's reach, unlocked. Raises NotFound."""
    object_of(reader, object)
    table = reader.tables[object]
    context = reader.sql_context
    within = reach(reader.snapshot, reader.principal, object, Act.READ, table, context)
    statement = render(select(table).where(table.c.id == bindparam("id", type_=Uuid), within))
    sql, params = statement.bound(id=id, **scope_params(reader.principal))
    row = reader.execute(sql, params).fetchone()
    if row is None:
        raise NotFound()
    return dict(zip(reader.tables.columns(object), row, strict=True))


def move_verdict(reader: Unit, object: str, id: UUID, to: str) -> Mapping[str, Any]:
    """What the gate would say to a move to stage `to`, as JSON. Raises NotFound, NoPipeline, NoSuchStage."""
    item, _ = object_of(reader, object)
    pipeline = pipeline_of(reader, item)
    row = seen(reader, object, id)
    verdict = judge(reader, pipeline, row, row[pipeline.field], to)
    return {
        "pipeline": pipeline.name,
        "stage": row[pipeline.field],
        "to": to,
        "allowed": verdict.outcome == "allowed",
        "outcome": verdict.outcome,
        "can_override": reader.snapshot.permitted(reader.principal, "override_gate"),
        "reasons": verdict.unmet,
    }


def standing_json(standing: Standing, snapshot: Snapshot, object: str) -> dict[str, Any]:
    """A deliverable and how the record stands towards it."""
    return {
        **deliverable_json(standing.deliverable, snapshot, object),
        "met": standing.met,
        "have": standing.have,
        "note": standing.note,
    }


def deliverable_json(item: Deliverable, snapshot: Snapshot, object: str) -> dict[str, Any]:
    """A deliverable as the page shows it; `object` is, for a linked record, the object to create, `values` what it
    starts with; `form` what the template is called."""
    template = snapshot.templates.get(item.template)
    return {
        "name": item.name,
        "kind": item.kind,
        "label": item.label,
        "hint": item.hint,
        "hard": item.hard,
        "field": item.field,
        "of": item.of,
        "object": child_object(snapshot, object, item.of) if item.of else "",
        "values": wanted(item),
        "count": item.count,
        "file_kind": item.filed_as if item.kind is DeliverableKind.SIGNATURE else item.file_kind,
        "template": item.template,
        "form": template.label if template else None,
    }


def child_object(snapshot: Snapshot, object: str, of: str) -> str:
    """The object of the children that the path `of` (`contacts`, `account.contacts`) leads to."""
    *references, inverse = of.split(".")
    for name in references:
        field = snapshot.objects[object].field(name)
        if field is None or not field.object:
            return ""
        object = field.object
    child = snapshot.children_of(object).get(inverse)
    return child.object if child else ""


def pipeline_state(reader: Unit, object: str, id: UUID) -> Mapping[str, Any]:
    """The stages of a record's pipeline with each deliverable's standing. Raises NotFound, NoPipeline.

    A stage that was passed while hard deliverables lacked shows them as not met, and `overridden` with who and why.
    """
    item, _ = object_of(reader, object)
    pipeline = pipeline_of(reader, item)
    row = seen(reader, object, id)
    found = standings(reader, pipeline, row)
    overrides = _overrides(reader, id)
    papers = signing_state(reader, id)
    here = pipeline.position(row[pipeline.field]) if pipeline.has(row[pipeline.field]) else 0
    stages = [
        _stage_json(reader, pipeline, stage, index, here, row, found, overrides, papers)
        for index, stage in enumerate(pipeline.stages)
    ]
    following = next((stage.name for stage in pipeline.stages[here + 1 :]), None)
    return {
        "pipeline": pipeline.name,
        "stage": row[pipeline.field],
        "since": row["stage_since"],
        "stages": stages,
        "next": following if pipeline.stages[here].kind == "open" else None,
        "overrides": overrides,
        "can_override": reader.snapshot.permitted(reader.principal, "override_gate"),
        "can_vouch": reader.snapshot.permitted(reader.principal, "vouch_signature"),
    }


def signing_state(reader: Unit, id: UUID) -> dict[str, dict[str, Any]]:
    """By deliverable: the `signature` that stands for it, and until when its customer is `asked` to sign."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, kept in signatures.latest(reader, id).items():
        found[name]["signature"] = kept.as_json()
    for link in links.of_record(reader.connection, id, "signature"):
        is_open = link.used_at is None and link.revoked_at is None and link.expires_at > reader.now
        if is_open:
            asked = {"at": link.created_at, "until": link.expires_at, "opened_at": link.opened_at}
            found[link.data["deliverable"]].setdefault("asked", asked)
    return found


def _stage_json(
    reader: Unit,
    pipeline: Pipeline,
    stage: Stage,
    index: int,
    here: int,
    row: Row,
    found: Sequence[Standing],
    overrides: Sequence[Mapping[str, Any]],
    papers: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    own = [standing for standing in found if standing.stage.name == stage.name]
    waived = {name for override in overrides for name in (*override["hard"], *override["soft"])}
    ticked = row["checklist"] or {}
    deliverables = []
    for standing in own:
        name = standing.deliverable.name
        shown = standing_json(standing, reader.snapshot, pipeline.object)
        shown.update(ticked.get(name) or {})
        shown.update(papers.get(name) or {})
        shown["overridden"] = not standing.met and name in waived
        deliverables.append(shown)
    return {
        "name": stage.name,
        "label": stage.label,
        "kind": stage.kind,
        "state": "current" if index == here else "passed" if index < here else "ahead",
        "overridden": any(item["overridden"] for item in deliverables),
        "deliverables": deliverables,
    }


def _overrides(reader: Unit, id: UUID) -> list[dict[str, Any]]:
    rows = reader.execute(
        'SELECT e.at, e.actor, u.name, e.data FROM chengdan.event e LEFT JOIN data."user" u ON u.id = e.actor '
        "WHERE e.record_id = %s AND e.kind = %s ORDER BY e.seq DESC LIMIT 50",
        (id, EventKind.GATE_OVERRIDDEN),
    ).fetchall()
    return [{"at": at, "by": {"id": actor, "label": name}, **data} for at, actor, name, data in rows]
