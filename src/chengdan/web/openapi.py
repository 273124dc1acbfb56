"""The OpenAPI document, written from the endpoints and, for records, from the snapshot's objects."""

from collections.abc import Iterable, Mapping
from typing import Any

import chengdan
from chengdan.kernel.field import FILE_TYPES, NUMERIC, TEXTUAL, Field, FieldType, currency_column
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot
from chengdan.web.endpoint import Endpoint

Json = dict[str, Any]
_ID: Json = {"type": "string", "format": "uuid"}
_PROBLEM: Json = {"$ref": "#/components/schemas/problem"}


def document(snapshot: Snapshot, endpoints: Iterable[Endpoint]) -> Json:
    """The whole API of this snapshot. Paths over records are written out for every object."""
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        for path, item in _spelled(snapshot, endpoint):
            paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path, item)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chengdan", "version": f"{chengdan.__version__}+{snapshot.version}"},
        "paths": paths,
        "components": {
            "schemas": {"problem": _problem(), **_schemas(snapshot)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "chengdan_session"},
            },
        },
        "security": [{"token": []}, {"session": []}],
    }


def _spelled(snapshot: Snapshot, endpoint: Endpoint) -> Iterable[tuple[str, Object | None]]:
    if not endpoint.per_object:
        return [(endpoint.path, None)]
    return [(endpoint.path.replace("{object}", name), item) for name, item in snapshot.objects.items()]


def _operation(endpoint: Endpoint, path: str, item: Object | None) -> Json:
    parameters: list[Json] = []
    if "{id}" in path:
        parameters.append({"name": "id", "in": "path", "required": True, "schema": _ID})
    parameters.extend({"name": name, "in": "query", "schema": _query_schema(name)} for name in endpoint.query)
    operation: Json = {
        "summary": endpoint.summary,
        "operationId": f"{endpoint.method.lower()}_{path.strip('/').replace('/', '_').replace('{', '').replace('}', '').replace('.', '_')}",
        "tags": [endpoint.tag],
        "parameters": parameters,
        "responses": {
            str(endpoint.status): _answer(endpoint, item),
            "default": {
                "description": "A problem",
                "content": {"application/problem+json": {"schema": _PROBLEM}},
            },
        },
    }
    if endpoint.public:
        operation["security"] = []
    body = _body(endpoint, item)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _query_schema(name: str) -> Json:
    if name == "limit":
        return {"type": "integer", "minimum": 1, "maximum": 200}
    return {"type": "boolean"} if name == "archived" else {"type": "string"}


def _body(endpoint: Endpoint, item: Object | None) -> Json | None:
    if endpoint.upload:
        return {"multipart/form-data": {"schema": endpoint.body}}
    if endpoint.body is not None:
        return {"application/json": {"schema": endpoint.body}}
    if (
        item is not None
        and endpoint.path.endswith(("{object}", "{id}"))
        and endpoint.method in ("POST", "PATCH")
    ):
        name = f"{item.name}_{'create' if endpoint.method == 'POST' else 'update'}"
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return None


def _answer(endpoint: Endpoint, item: Object | None) -> Json:
    answer: Json = {"description": endpoint.summary}
    if endpoint.status == 204 or endpoint.path.startswith("/api/files/{id}"):
        return answer
    schema: Json = {"type": "object"}
    if endpoint.path == "/api/users":
        schema = {"type": "array"}
    if item is not None and endpoint.path.endswith("{object}") and endpoint.method == "GET":
        schema = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{item.name}"}},
                "next_cursor": {"type": ["string", "null"]},
            },
        }
    elif item is not None and (endpoint.path.endswith(("{object}", "{id}", "/restore", "/move", "/merge"))):
        schema = {"$ref": f"#/components/schemas/{item.name}"}
    answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _schemas(snapshot: Snapshot) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for item in snapshot.objects.values():
        properties = {
            "id": _ID,
            "version": {"type": "integer"},
            **_properties(item.by_name.values(), reading=True),
        }
        found[item.name] = {"type": "object", "properties": properties}
        writable = [field for field in item.by_name.values() if _writable(field)]
        entered = _properties(writable, reading=False)
        reasons = {"reason": {"type": "string"}, "override_reason": {"type": "string"}}
        required = [field.name for field in writable if field.required and not field.default]
        found[f"{item.name}_create"] = {
            "type": "object",
            "properties": {**entered, **reasons},
            "required": required,
            "additionalProperties": False,
        }
        found[f"{item.name}_update"] = {
            "type": "object",
            "properties": {"version": {"type": "integer"}, **entered, **reasons},
            "required": ["version"],
            "additionalProperties": False,
        }
    return found


def _writable(field: Field) -> bool:
    return not field.derived and not field.readonly and (not field.system or field.name in ("owner", "team"))


def _properties(fields: Iterable[Field], *, reading: bool) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for field in fields:
        found[field.name] = _property(field, reading=reading)
        if field.type is FieldType.MONEY:
            found[currency_column(field.name)] = {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"}
    return found


def _property(field: Field, *, reading: bool) -> Json:
    schema: Json = {**_form(field), "title": field.label.en, "description": field.label.zh}
    if reading:
        schema.pop("maxLength", None)
        if field.type in (FieldType.REFERENCE, FieldType.USER):
            schema["type"] = ["string", "object", "null"]
    return schema


_FORMATS: Mapping[FieldType, Json] = {
    FieldType.BOOLEAN: {"type": ["boolean", "null"]},
    FieldType.DATE: {"type": ["string", "null"], "format": "date"},
    FieldType.DATETIME: {"type": ["string", "null"], "format": "date-time"},
    FieldType.DURATION: {"type": ["number", "null"]},
    FieldType.INTEGER: {"type": ["integer", "null"]},
    FieldType.LOCATION: {"type": ["object", "null"]},
    FieldType.JSON: {},
}


def _form(field: Field) -> Json:
    type = field.stored_type
    if type in NUMERIC and type is not FieldType.INTEGER:
        return {"type": ["number", "null"]}
    if type in TEXTUAL:
        return {"type": ["string", "null"], **({"maxLength": field.max_length} if field.max_length else {})}
    if type is FieldType.SELECT:
        return {"enum": [*(option.value for option in field.options), None]}
    if type in (FieldType.REFERENCE, FieldType.USER):
        return {"type": ["string", "null"], "format": "uuid"}
    if type in FILE_TYPES or type is FieldType.REFERENCES:
        return {"type": ["array", "null"], "items": _ID}
    if type is FieldType.MULTI_SELECT:
        return {"type": ["array", "null"], "items": {"enum": [option.value for option in field.options]}}
    return dict(_FORMATS.get(type, {}))


def _problem() -> Json:
    text: Json = {"type": "string"}
    reason = {"type": "object", "properties": {"code": text, "path": text, "message": text, "hint": text}}
    return {
        "type": "object",
        "required": ["title", "status", "code", "errors"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": text,
            "detail": text,
            "errors": {"type": "array", "items": reason},
        },
    }
