"""Explaining: how a record stands in its pipeline, what a move would need, and why somebody can see it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, bindparam, select

from chengdan.base.label import Label
from chengdan.kernel.access import Act, Principal, Scope
from chengdan.kernel.event import EventKind
from chengdan.kernel.gate import Standing
from chengdan.kernel.pipeline import Deliverable, Pipeline, Stage
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, pipeline_of
from chengdan.run.passing import judge, standings
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit
from chengdan.store.visibility import branches, reach, scope_params


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
    }


def deliverable_json(item: Deliverable, snapshot: Snapshot, object: str) -> dict[str, Any]:
    """A deliverable as the page shows it; `object` is, for a linked record, the object to create."""
    return {
        "name": item.name,
        "kind": item.kind,
        "label": item.label,
        "hint": item.hint,
        "hard": item.hard,
        "field": item.field,
        "of": item.of,
        "object": child_object(snapshot, object, item.of) if item.of else "",
        "file_kind": item.file_kind,
        "count": item.count,
        "template": item.template,
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
    here = pipeline.position(row[pipeline.field]) if pipeline.has(row[pipeline.field]) else 0
    stages = [
        _stage_json(reader, pipeline, stage, index, here, row, found, overrides)
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
    }


def _stage_json(
    reader: Unit,
    pipeline: Pipeline,
    stage: Stage,
    index: int,
    here: int,
    row: Row,
    found: Sequence[Standing],
    overrides: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    own = [standing for standing in found if standing.stage.name == stage.name]
    waived = {name for override in overrides for name in (*override["hard"], *override["soft"])}
    ticked = row["checklist"] or {}
    deliverables = []
    for standing in own:
        name = standing.deliverable.name
        shown = standing_json(standing, reader.snapshot, pipeline.object)
        shown.update(ticked.get(name) or {})
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


_SCOPE_WORDS = {
    Scope.OWN: Label("是记录的负责人", "owns the record"),
    Scope.SHARED: Label("记录被共享给了此人", "the record was shared with them"),
    Scope.TEAM: Label("记录属于此人的团队", "the record is in their team"),
    Scope.TEAM_TREE: Label("记录属于此人的团队或下级团队", "the record is in their team or one below"),
    Scope.TERRITORY: Label("记录在此人的区域内", "the record is in their territory"),
    Scope.ALL: Label("角色可以查看全部记录", "the role sees every record"),
}


def explain_access(reader: Unit, object: str, id: UUID, person: Principal) -> Mapping[str, Any]:
    """Why `person` can or cannot see a record that the asker sees. Raises NotFound."""
    seen(reader, object, id)
    table = reader.tables[object]
    context = reader.edition.context(reader.now, person.user, ZoneInfo(person.time_zone))
    because: list[Any] = []
    for role in sorted(person.roles):
        alone = Principal(
            person.user, person.name, frozenset({role}), person.teams, person.team_tree, person.territories
        )
        for branch in reader.snapshot.access(alone, object).branches.get(Act.READ, ()):
            for scope in sorted(branch.scopes):
                if _reaches(reader, object, table, alone, scope, id, context):
                    label = (
                        reader.snapshot.roles[role].label
                        if role in reader.snapshot.roles
                        else Label(role, role)
                    )
                    because.append(
                        {"role": label, "scope": scope, "text": _SCOPE_WORDS[scope], "where": branch.where}
                    )
    return {"allowed": bool(because), "because": because}


def _reaches(
    reader: Unit, object: str, table: Any, person: Principal, scope: Scope, id: UUID, context: Any
) -> bool:
    ways = branches(reader.snapshot, person, object, Act.READ, table, context, only=scope)
    for way in ways:
        statement = render(select(table.c.id).where(table.c.id == bindparam("id", type_=Uuid), way))
        sql, params = statement.bound(id=id, **scope_params(person))
        if reader.execute(sql, params).fetchone() is not None:
            return True
    return False
