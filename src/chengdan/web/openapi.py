"""The OpenAPI document of what a visitor may call: written from the endpoints, and from the objects that the visitor sees."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

import chengdan
from chengdan.base.json import dumps
from chengdan.kernel.access import Act, ObjectAccess, Principal
from chengdan.kernel.object import ABLE, Object
from chengdan.kernel.snapshot import Snapshot
from chengdan.web.call import Call
from chengdan.web.catalog import is_readonly
from chengdan.web.endpoint import COOKIE, Endpoint
from chengdan.web.schemas import PROBLEM, properties

Json = dict[str, Any]
_ID: Json = {"type": "string", "format": "uuid"}
_CAN: Json = {
    "type": "object",
    "properties": {"update": {"type": "boolean"}, "archive": {"type": "boolean"}},
    "description": "What the viewer may do to it, where `able` asks for it",
}
_TEXT: Json = {"type": "string"}
_ANSWERS_RECORD = ("{object}", "{id}", "/restore", "/move", "/merge", "/shares")


def endpoint(described: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that describes these and itself."""

    def answer(call: Call) -> Response:
        principal, edition = call.visitor.principal, call.runtime.edition
        key = ("openapi", principal.roles)
        body = edition.documents.get(key)
        if body is None:
            found = document(edition.snapshot, principal, (*described, own))
            body = edition.documents.setdefault(key, dumps(found))
        return Response(body, 200, media_type="application/json")

    own = Endpoint("GET", "/api/openapi.json", answer, "This description", "health")
    return own


def document(snapshot: Snapshot, principal: Principal, endpoints: Iterable[Endpoint]) -> Json:
    """The API as this principal may use it. Paths over records are written out for every object that is seen."""
    seen = {
        name: (item, access)
        for name, item in snapshot.objects.items()
        if (access := snapshot.access(principal, name)).may(Act.READ)
    }
    paths: dict[str, Json] = {}
    for described in endpoints:
        for name in seen if described.per_object else ("",):
            path = described.path.replace("{object}", name)
            paths.setdefault(path, {})[described.method.lower()] = _operation(described, path, name)
    schemas: dict[str, Json] = {"problem": PROBLEM}
    for item, access in seen.values():
        schemas.update(_schemas(item, access))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chengdan", "version": f"{chengdan.__version__}+{snapshot.version}"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
        "security": [{"token": []}, {"session": []}],
    }


def _operation(described: Endpoint, path: str, object: str) -> Json:
    parameters: list[Json] = []
    for name in ("id", "comment"):
        if f"{{{name}}}" in path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": _ID})
    if "{page}" in path:
        number = {"type": "integer", "minimum": 1}
        parameters.append({"name": "page", "in": "path", "required": True, "schema": number})
    parameters.extend({"name": name, "in": "query", "schema": _query(name)} for name in described.query)
    words = path.removeprefix("/api/").replace("{", "").replace("}", "").replace(".", "_").split("/")
    operation: Json = {
        "summary": described.summary,
        "operationId": "_".join([described.method.lower(), *words]).replace("-", "_"),
        "tags": [described.tag],
        "parameters": parameters,
        "responses": {
            str(described.status): _answer(described, object),
            "default": {
                "description": "A problem (RFC 9457)",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
            },
        },
    }
    if described.public:
        operation["security"] = []
    body = _body(described, object)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _query(name: str) -> Json:
    if name == "limit":
        return {"type": "integer", "minimum": 1, "maximum": 200}
    if name in ("user", "person"):
        return _ID
    return {"type": "boolean"} if name in ("archived", "able") else _TEXT


def _body(described: Endpoint, object: str) -> Json | None:
    if described.upload:
        return {"multipart/form-data": {"schema": described.body}}
    if described.body is not None:
        return {"application/json": {"schema": described.body}}
    kind = {"POST": "create", "PATCH": "update"}.get(described.method)
    if object and kind and described.path.endswith(("{object}", "{id}")):
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{object}_{kind}"}}}
    return None


def _answer(described: Endpoint, object: str) -> Json:
    answer: Json = {"description": described.summary}
    if described.status == 204:
        return answer
    if described.media_type != "application/json":
        answer["content"] = {described.media_type: {}}
        return answer
    schema: Json = {}
    record = {"$ref": f"#/components/schemas/{object}"}
    if object and described.path.endswith("{object}") and described.method == "GET":
        listed = {"items": {"type": "array", "items": record}, "next_cursor": {"type": ["string", "null"]}}
        schema = {"type": "object", "required": ["items", "next_cursor"], "properties": listed}
    elif object and described.path.endswith(_ANSWERS_RECORD) and not _asks_about(described):
        schema = record
    answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _asks_about(described: Endpoint) -> bool:
    return described.method == "GET" and described.path.endswith(("/shares", "/merge"))


def _schemas(item: Object, access: ObjectAccess) -> dict[str, Json]:
    """The schemas of an object's records: as they are read, created and changed."""
    seen = [field for field in item.by_name.values() if field.name not in access.hidden]
    writable = [field for field in seen if not is_readonly(field, access)]
    entered: Json = {
        **properties(writable, reading=False),
        "reason": {"type": "string", "description": "Why to go on without soft deliverables"},
        "override_reason": {"type": "string", "description": "Why to go past a gate, for those who may"},
    }
    required = [field.name for field in writable if field.required and not field.default]
    version: Json = {"type": "integer", "minimum": 1}
    return {
        item.name: {
            "type": "object",
            "required": ["id", "version"],
            "properties": {"id": _ID, "version": version, **properties(seen, reading=True), ABLE: _CAN},
        },
        f"{item.name}_create": {
            "type": "object",
            "required": required,
            "properties": entered,
            "additionalProperties": False,
        },
        f"{item.name}_update": {
            "type": "object",
            "required": ["version"],
            "properties": {"version": version, **entered},
            "additionalProperties": False,
        },
    }
