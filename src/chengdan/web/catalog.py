"""The catalog: what the page is drawn from. The snapshot as far as the visitor's roles may see it."""

from typing import Any

from starlette.responses import Response

from chengdan.base.json import dumps
from chengdan.kernel.access import Act, ObjectAccess, Principal
from chengdan.kernel.field import SORTABLE, Field
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Pipeline
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.explain import deliverable_json
from chengdan.web.endpoint import Call, Endpoint

TAG = "catalog"


def catalog(call: Call) -> Response:
    principal, snapshot = call.visitor.principal, call.runtime.snapshot
    tag = f'"{snapshot.version}-{"-".join(sorted(principal.roles))}"'
    if call.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})
    key = ("catalog", principal.roles)
    body = call.runtime.edition.documents.get(key)
    if body is None:
        body = call.runtime.edition.documents.setdefault(key, dumps(catalog_of(snapshot, principal)))
    return Response(
        body, 200, {"etag": tag, "cache-control": "private, no-cache"}, media_type="application/json"
    )


def catalog_of(snapshot: Snapshot, principal: Principal) -> dict[str, Any]:
    """The catalog as JSON: objects with fields, children and rights; pipelines; views; roles. Hidden parts are absent."""
    accesses = {name: snapshot.access(principal, name) for name in snapshot.objects}
    seen = {name for name, access in accesses.items() if access.may(Act.READ)}
    return {
        "version": snapshot.version,
        "objects": {
            name: _object(snapshot, principal, item, accesses[name], seen)
            for name, item in snapshot.objects.items()
            if name in seen
        },
        "pipelines": {
            name: _pipeline(snapshot, item)
            for name, item in snapshot.pipelines.items()
            if item.object in seen
        },
        "views": [
            {
                "name": view.name,
                "label": view.label,
                "object": view.object,
                "kind": view.kind,
                "columns": [name for name in view.columns if name not in accesses[view.object].hidden],
                "filter": view.filter,
                "sort": view.sort,
                "board_field": view.board_field,
            }
            for view in sorted(snapshot.views.values(), key=lambda view: (view.order, view.name))
            if view.object in seen
        ],
        "roles": [{"name": role.name, "label": role.label} for role in snapshot.roles.values()],
    }


def _object(
    snapshot: Snapshot, principal: Principal, item: Object, access: ObjectAccess, seen: set[str]
) -> dict[str, Any]:
    pipeline = snapshot.pipeline_of(item.name)
    rights: dict[str, bool] = {act.value: access.may(act) for act in Act}
    rights.update({
        name: snapshot.permitted(principal, name)
        for name in ("import", "export", "bulk", "merge", "share", "override_gate")
    })  # fmt: skip
    return {
        "name": item.name,
        "label": item.label,
        "plural": item.plural,
        "title": item.title,
        "icon": item.icon,
        "help": item.help,
        "search": item.search,
        "sections": [{"name": name, "label": label} for name, label in item.sections],
        "fields": [
            _field(field, access) for name, field in item.by_name.items() if name not in access.hidden
        ],
        "children": [
            {"name": child.name, "label": child.inverse.label, "object": child.object, "field": child.field}
            for child in snapshot.children_of(item.name).values()
            if child.object in seen
        ],
        "pipeline": pipeline.name if pipeline else None,
        "can": rights,
    }


def _field(field: Field, access: ObjectAccess) -> dict[str, Any]:
    readonly = field.derived or field.readonly or field.name in access.readonly
    return {
        "name": field.name,
        "type": field.type,
        "stored_type": field.stored_type,
        "label": field.label,
        "help": field.help,
        "section": field.section,
        "required": field.required,
        "unique": field.unique,
        "readonly": readonly,
        "system": field.system,
        "derived": field.derived,
        "max_length": field.max_length or None,
        "digits": field.digits,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "currency": field.currency,
        "options": [{"value": o.value, "label": o.label, "color": o.color} for o in field.options],
        "object": field.object,
        "sortable": field.type in SORTABLE,
        "visible_when": field.visible_when,
        "locked_when": field.locked_when,
        "default": field.default,
    }


def _pipeline(snapshot: Snapshot, pipeline: Pipeline) -> dict[str, Any]:
    return {
        "name": pipeline.name,
        "label": pipeline.label,
        "object": pipeline.object,
        "field": pipeline.field,
        "stages": [
            {
                "name": stage.name,
                "label": stage.label,
                "kind": stage.kind,
                "probability": stage.probability,
                "color": stage.color,
                "sla_days": stage.sla_days,
                "entry": [deliverable_json(item, snapshot, pipeline.object) for item in stage.entry],
                "exit": [deliverable_json(item, snapshot, pipeline.object) for item in stage.exit],
            }
            for stage in pipeline.stages
        ],
    }


ENDPOINTS = (Endpoint("GET", "/api/catalog", catalog, "All definitions the visitor may see", TAG),)
