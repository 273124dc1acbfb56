"""The studio: validating, planning and publishing manifests, and getting those in force back to the byte."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from chengdan.run.apps import MAX_FILES
from chengdan.run.holding import require
from chengdan.run.publish import Plan, validated
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "studio"
MAX_BYTES = 20_000_000


def validate(call: Call) -> Response:
    files = _files(call)
    call.close()
    snapshot = validated(files)
    return json_response({"valid": True, "objects": sorted(snapshot.objects)})


def plan(call: Call) -> Response:
    files = _files(call)
    call.close()
    return json_response(_plan_json(call.runtime.plan(files)))


def publish(call: Call) -> Response:
    files, note = _files(call), call.take("note", str, "")
    call.close()
    snapshot = call.runtime.publish(files, by=call.visitor.principal.user, note=note[:500])
    return json_response({"version": snapshot.version})


def export(call: Call) -> Response:
    _require_publish(call)
    snapshot = call.runtime.snapshot
    return json_response({"version": snapshot.version, "files": snapshot.files})


def _files(call: Call) -> Mapping[str, str]:
    """The manifests in the request, of somebody who may publish. Raises NotPermitted, BadBody."""
    _require_publish(call)
    files = call.take("files", dict)
    if not 0 < len(files) <= MAX_FILES:
        raise bad_request("files", f"应有 1–{MAX_FILES} 个文件", f"1–{MAX_FILES} files are expected")
    for path, text in files.items():
        if not isinstance(text, str) or "\x00" in text or "\x00" in path:
            raise bad_request("files", "文件内容应是文本", "the content of a file is text")
    return files


def _require_publish(call: Call) -> None:
    with call.runtime.reader(call.visitor.principal) as reader:
        require(reader, "publish")


def _plan_json(found: Plan) -> dict[str, Any]:
    return {
        "version": found.snapshot.version,
        "differences": [{"act": one.act, "kind": one.kind, "name": one.name} for one in found.differences],
        "steps": [{"kind": step.kind, "table": step.table, "name": step.name} for step in found.steps],
    }


def _body(**more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["files"],
        "additionalProperties": False,
        "properties": {"files": {"type": "object", "additionalProperties": {"type": "string"}}, **more},
    }


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/studio/validate",
        validate,
        "Check manifests",
        TAG,
        reads=True,
        body=_body(),
        max_bytes=MAX_BYTES,
    ),
    Endpoint(
        "POST",
        "/api/studio/plan",
        plan,
        "What publishing would do",
        TAG,
        reads=True,
        body=_body(),
        max_bytes=MAX_BYTES,
    ),
    Endpoint(
        "POST",
        "/api/studio/publish",
        publish,
        "Publish manifests",
        TAG,
        body=_body(note={"type": "string"}),
        max_bytes=MAX_BYTES,
    ),
    Endpoint("GET", "/api/studio/export", export, "The manifests in force", TAG),
)
